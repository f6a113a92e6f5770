import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context } from "koa";
import type { Logger } from "pino";
import { createApp } from "./app";
import type { Delay } from "./faults/apply-effect";
import type { Fault } from "./faults/fault";
import { FaultInjector } from "./faults/fault-injector";
import type { RequestState } from "./http/requests";
import { createHttpServer, type ServerLimits } from "./http/server";
import { Lifecycle } from "./lifecycle";
import { SettingsError, type Settings } from "./settings";
import { TaskTable } from "./tasks/task-table";

/** Dependencies of the service. */
export interface ServiceParts {
  readonly client: DynamoDBClient;
  readonly log: Logger;
  /** Ends the process with this code. */
  readonly exit: (code: number) => void;
  /** Seconds since the process started; default: `process.uptime`. */
  readonly uptimeSeconds?: () => number;
  /** Milliseconds since the Unix epoch; default: the system clock. */
  readonly now?: () => number;
  /** Numbers in [0, 1); default: Math.random. */
  readonly random?: () => number;
  /** Waits for simulated faults; default: a timer. */
  readonly delay?: Delay;
  /** Default: limits that fit behind an Application Load Balancer. */
  readonly limits?: ServerLimits;
}

/** A listening service. */
export interface RunningService {
  readonly port: number;
  /**
   * Resolves when the service can get traffic. Until then, health responds with `starting`.
   * Rejects with a SettingsError when the SDK finds no usable region.
   */
  readonly ready: Promise<void>;
  /**
   * Makes health respond with 503, waits for the requests in flight, closes every connection and stops listening.
   * Resolves when the last connection is closed. A second call returns the same promise.
   */
  stop(): Promise<void>;
  /** Number of requests without a complete response. */
  requestsInFlight(): number;
}

/**
 * Milliseconds that a client has to complete a request, or to close its connection, while the service stops. Three times this
 * is less than the stop timeout.
 */
function graceMs({ stopTimeoutSeconds }: Settings): number {
  return Math.min(1000, stopTimeoutSeconds * 200);
}

/**
 * Checks the region early. The SDK reads it with its first request, and without a region every task request would fail.
 * @throws SettingsError when there is no usable region
 */
async function checkRegion(client: DynamoDBClient): Promise<void> {
  try {
    await client.config.region();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError([`AWS_REGION is not usable: the region of the table, e.g. eu-central-1 (${reason})`]);
  }
}

/** Starts the timer of the fault `exit`. To be called when the service begins to listen. */
function scheduleExit(fault: Fault | undefined, exit: (code: number) => void) {
  if (fault?.name !== "exit") return undefined;
  return setTimeout(() => exit(1), fault.after * 1000);
}

/**
 * Starts the service. Resolves when it listens.
 * @throws Error when it cannot listen, for example because the port is in use; and with the fault `broken-start`
 */
export async function startService(settings: Settings, parts: ServiceParts): Promise<RunningService> {
  if (settings.simulate?.name === "broken-start") throw new Error("a simulated broken start");
  const { client, log } = parts;
  const uptimeSeconds = parts.uptimeSeconds ?? (() => process.uptime());
  const lifecycle = new Lifecycle();
  // Nothing reads this before the service listens.
  let listeningAt = 0;
  const faultInjector = new FaultInjector(settings.simulate, () => uptimeSeconds() - listeningAt, parts.random);
  const app = createApp({
    releaseVersion: settings.releaseVersion,
    simulateToken: settings.simulateToken,
    table: new TaskTable(client, settings.tableName, parts.now),
    faultInjector,
    lifecycle,
    log,
    uptimeSeconds,
    delay: parts.delay ?? ((ms) => delay(ms)),
    exit: parts.exit,
  });
  // Replaces Koa's handler, which prints to the console. Most of these errors come from clients that closed the connection.
  app.on("error", (error: unknown, ctx?: Context & { readonly state: RequestState }) =>
    log.warn({ requestId: ctx?.state.requestId, err: error }, "a response could not be finished"),
  );

  const listener = app.callback();
  const { server, connections } = createHttpServer((request, response) => void listener(request, response), {
    releaseVersion: settings.releaseVersion,
    log,
    graceMs: graceMs(settings),
    ...(parts.limits && { limits: parts.limits }),
  });
  server.listen(settings.port, settings.host);
  await once(server, "listening");
  listeningAt = uptimeSeconds();
  const simulatedExit = scheduleExit(settings.simulate, parts.exit);

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    lifecycle.drain();
    clearTimeout(simulatedExit);
    // It accepts new connections for at most half of the timeout. The other half is for the requests in flight.
    await connections.drain(settings.stopTimeoutSeconds * 500);
    client.destroy();
  };
  return {
    // The address of a listening TCP server has a port.
    port: (server.address() as AddressInfo).port,
    ready: checkRegion(client).then(() => lifecycle.ready()),
    stop: () => (stopped ??= stop()),
    requestsInFlight: () => connections.requestsInFlight(),
  };
}
