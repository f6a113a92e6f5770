import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Logger } from "pino";
import { createApp } from "./app";
import type { Fault } from "./faults/fault";
import { Switchboard } from "./faults/switchboard";
import { Connections } from "./http/connections";
import { createHttpServer, type ServerLimits } from "./http/server";
import type { Delay } from "./http/simulate-routes";
import { Lifecycle } from "./lifecycle";
import type { Settings } from "./settings";
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
   * Turns health to 503, accepts no more connections, closes the idle ones and waits for requests in flight.
   * Resolves when the last connection is closed; calling it again waits for the same.
   */
  stop(): Promise<void>;
  /** Requests that are not yet answered. */
  requestsInFlight(): number;
}

/** The fault `exit`: ends the process that many seconds after it began to listen, which is now. */
function scheduleExit(fault: Fault | undefined, exit: (code: number) => void) {
  if (fault?.name !== "exit") return undefined;
  return setTimeout(() => exit(1), fault.after * 1000);
}

/**
 * Starts the service.
 * @throws when it cannot listen, e.g. because the port is taken
 */
export async function startService(settings: Settings, parts: ServiceParts): Promise<RunningService> {
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
  app.on("error", (error: unknown) => log.warn({ err: error }, "a response could not be finished"));

  const listener = app.callback();
  const server = createHttpServer((request, response) => void listener(request, response), {
    releaseVersion: settings.releaseVersion,
    ...(parts.limits && { limits: parts.limits }),
  });
  const connections = new Connections(server);
  server.listen(settings.port, settings.host);
  await once(server, "listening");
  listeningAt = uptimeSeconds();
  lifecycle.ready();
  const simulatedExit = scheduleExit(settings.simulate, parts.exit);

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    lifecycle.drain();
    clearTimeout(simulatedExit);
    const closed = once(server, "close");
    server.close();
    // A request that has reached this machine but not yet this process is read in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    connections.closeWhenIdle();
    await closed;
    client.destroy();
  };
  return {
    // A TCP server that listens has an address with a port.
    port: (server.address() as AddressInfo).port,
    stop: () => (stopped ??= stop()),
    requestsInFlight: () => connections.requestsInFlight(),
  };
}
