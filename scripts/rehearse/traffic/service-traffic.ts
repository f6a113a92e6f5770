import type { LocalCloud } from "../../cloud/cloud";
import type { Traffic } from "../traffic-module";
import { AnsweringVersions } from "./answering-version";
import { ServiceClient } from "./client";
import { TrafficGenerator, type RequestRecord } from "./generator";

/** What the traffic to the service of a local cloud needs. */
export interface ServiceTrafficOptions {
  readonly cloud: Pick<LocalCloud, "clock" | "settings" | "productionUrl" | "productionHost" | "template" | "answers">;
  readonly traffic: Traffic;
  /** Requests per simulated second, greater than 0. */
  readonly requestsPerSecond: number;
  /** The versions by the digest of their image. */
  readonly versions: ReadonlyMap<string, string>;
  readonly onRequest?: (record: RequestRecord) => void;
}

/** Traffic to the service of a local cloud. */
export interface ServiceTraffic {
  readonly generator: TrafficGenerator;
  /** Sends no more requests, and ends those in flight. */
  readonly close: () => void;
}

/** Prepares the traffic to the production listener of a local cloud that runs. */
export function serviceTraffic({ cloud, versions, ...options }: ServiceTrafficOptions): ServiceTraffic {
  const { clock, settings, template, answers, productionUrl, productionHost } = cloud;
  // The load balancer closes idle connections after its idle timeout of wall time; the client must be earlier.
  const client = new ServiceClient(productionUrl, (settings.idleTimeoutSeconds * 1000) / 3, productionHost);
  const generator = new TrafficGenerator({
    ...options,
    clock,
    client,
    realResponseMs: settings.realResponseMs,
    healthPath: template.targetGroups[0]?.healthCheck.path ?? "/",
    versions: new AnsweringVersions(answers, versions),
  });
  return {
    generator,
    close: () => {
      void generator.stop();
      client.close();
    },
  };
}
