import type { Settings } from "./schema";

/** Port of HTTPS. */
export const HTTPS_PORT = 443;
/** Ports that addresses leave out. */
const DEFAULT_PORTS = { http: 80, https: HTTPS_PORT } as const;

/** Where the load balancer listens, and how. */
export interface Listeners {
  readonly scheme: "http" | "https";
  readonly productionPort: number;
  readonly testPort: number;
  /** Port that leads to the production listener by redirect; only with HTTPS. */
  readonly redirectPort?: number;
}

/** The listeners that the configuration asks for: with HTTPS, production is on 443 and its configured port redirects. */
export function listenersOf({ productionPort, testPort, https }: Settings["loadBalancer"]): Listeners {
  return https
    ? { scheme: "https", productionPort: HTTPS_PORT, testPort, redirectPort: productionPort }
    : { scheme: "http", productionPort, testPort };
}

/** `https://tasks.example.com`, with the port where it isn't the scheme's own. */
export function urlOf(scheme: Listeners["scheme"], host: string, port: number): string {
  return port === DEFAULT_PORTS[scheme] ? `${scheme}://${host}` : `${scheme}://${host}:${port}`;
}
