import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context } from "koa";
import type { Logger } from "pino";
import { createApp } from "./app";
import type { Fault } from "./faults/fault";
import { Switchboard } from "./faults/switchboard";
import type { RequestState } from "./http/requests";
import { createHttpServer, type ServerLimits } from "./http/server";
import type { Delay } from "./http/simulate-routes";
import { Lifecycle } from "./lifecycle";
import { SettingsError, type Settings } from "./settings";
import { TaskTable } from "./tasks/task-table";

/** What the service is given beside its settings. */
export interface ServiceParts {
  readonly client: DynamoDBClient;
  readonly log: Logger;
  /** Ends the process with this code. */
  readonly exit: (code: number) => void;
  /** Default: the process's. */
  readonly uptimeSeconds?: () => number;
  /** Milliseconds since the Unix epoch; default: the system's. */
  readonly now?: () => number;
  /** Numbers in [0, 1); default: Math.random. */
  readonly random?: () => number;
  /** How a simulated fault waits, in milliseconds; default: by a timer. */
  readonly delay?: Delay;
  /** Default: what fits behind an ALB. */
  readonly limits?: ServerLimits;
}

/** A service that listens. */
export interface RunningService {
  readonly port: number;
  /**
   * Resolves when it may get traffic; until then health says that it is starting.
   * Rejects with a SettingsError when the SDK finds no region that it could use.
   */
  readonly ready: Promise<void>;
  /**
   * Turns health to 503, waits for requests in flight, ends every connection and stops listening.
   * Resolves when the last connection is closed; calling it again waits for the same.
   */
  stop(): Promise<void>;
  /** Requests that are not yet answered. */
  requestsInFlight(): number;
}

/** What clients get to complete a request or to close, once we want to stop; three times that fits into the stop. */
function graceMs({ stopTimeoutSeconds }: Settings): number {
  return Math.min(1000, stopTimeoutSeconds * 200);
}

/** The SDK reads its settings when they are first needed. Without a region every task request would fail. */
async function checkRegion(client: DynamoDBClient): Promise<void> {
  try {
    await client.config.region();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError([`AWS_REGION is not usable: the region of the table, e.g. eu-central-1 (${reason})`]);
  }
}

/** The fault `exit`: ends the process that many seconds after it began to listen, which is now. */
function scheduleExit(fault: Fault | undefined, exit: (code: number) => void) {
  if (fault?.name !== "exit") return undefined;
  return setTimeout(() => exit(1), fault.after * 1000);
}

/**
 * Starts the service; resolves when it listens.
 * @throws when it cannot listen, e.g. because the port is taken, and when it simulates that it cannot start
 */
export async function startService(settings: Settings, parts: ServiceParts): Promise<RunningService> {
  if (settings.simulate?.name === "broken-start") throw new Error("a simulated broken start");
  const { client, log } = parts;
  const uptimeSeconds = parts.uptimeSeconds ?? (() => process.uptime());
  const lifecycle = new Lifecycle();
  // Nothing asks before it listens.
  let listeningAt = 0;
  const switchboard = new Switchboard(settings.simulate, () => uptimeSeconds() - listeningAt, parts.random);
  const app = createApp({
    releaseVersion: settings.releaseVersion,
    simulateToken: settings.simulateToken,
    table: new TaskTable(client, settings.tableName, parts.now),
    switchboard,
    lifecycle,
    log,
    uptimeSeconds,
    delay: parts.delay ?? ((ms) => delay(ms)),
    exit: parts.exit,
  });
  // Koa's own handler prints; whatever reaches it has been answered, mostly a client that went away.
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
    // New connections are taken in for half of the time; the other half is for the requests that are in flight then.
    await connections.drain(settings.stopTimeoutSeconds * 500);
    client.destroy();
  };
  return {
    // A TCP server that listens has an address with a port.
    port: (server.address() as AddressInfo).port,
    ready: checkRegion(client).then(() => lifecycle.ready()),
    stop: () => (stopped ??= stop()),
    requestsInFlight: () => connections.requestsInFlight(),
  };
}
