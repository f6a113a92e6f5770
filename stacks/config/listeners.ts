import type { EnvironmentSettings } from "./schema";

/** The port of HTTPS. */
export const HTTPS_PORT = 443;
/** Ports that a URL need not name. */
const DEFAULT_PORTS = { http: 80, https: HTTPS_PORT } as const;

/** The ports and the scheme of the load balancer's listeners. */
export interface Listeners {
  readonly scheme: "http" | "https";
  readonly productionPort: number;
  readonly testPort: number;
  /** Port that redirects to the production listener; only with HTTPS. */
  readonly redirectPort?: number;
}

/** The listeners of a configuration. With HTTPS, production listens on 443, and its configured port redirects there. */
export function listenersOf({ productionPort, testPort, https }: EnvironmentSettings["loadBalancer"]): Listeners {
  return https
    ? { scheme: "https", productionPort: HTTPS_PORT, testPort, redirectPort: productionPort }
    : { scheme: "http", productionPort, testPort };
}

/** A URL such as `https://tasks.example.com`, with the port unless it is the scheme's default. */
export function urlOf(scheme: Listeners["scheme"], host: string, port: number): string {
  return port === DEFAULT_PORTS[scheme] ? `${scheme}://${host}` : `${scheme}://${host}:${port}`;
}
