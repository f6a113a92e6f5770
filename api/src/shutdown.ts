import type { Logger } from "pino";
import type { RunningService } from "./service";
import type { OnStopSignal } from "./signals";

/**
 * A service that ends politely, with 0, when it is asked to; when that takes too long or it is asked twice, at once,
 * with 1.
 */
export function shutdown(options: {
  /** The service, when it listens; when it fails to, that is told elsewhere. */
  readonly starting: Promise<Pick<RunningService, "stop" | "requestsInFlight">>;
  readonly log: Logger;
  readonly timeoutSeconds: number;
  /** Ends the process with this code. */
  readonly exit: (code: number) => void;
  /** Runs an action later; default: by a timer that doesn't keep the process alive. */
  readonly after?: (ms: number, action: () => void) => void;
}): OnStopSignal {
  const { starting, log, exit } = options;
  const after = options.after ?? ((ms, action) => void setTimeout(action, ms).unref());
  let asked = false;
  let requestsInFlight = () => 0;

  // Stop is told at every level, as start is.
  const told = () => {
    log.level = "info";
    return log;
  };
  const stop = async (signal: NodeJS.Signals) => {
    const service = await starting;
    requestsInFlight = () => service.requestsInFlight();
    told().info({ signal, requestsInFlight: requestsInFlight() }, "stopping");
    await service.stop();
    told().info("stopped");
    exit(0);
  };
  return (signal) => {
    if (asked) {
      told().error({ signal }, "asked to stop a second time: ending at once");
      exit(1);
      return;
    }
    asked = true;
    after(options.timeoutSeconds * 1000, () => {
      told().error({ requestsInFlight: requestsInFlight() }, "could not stop in time: ending at once");
      exit(1);
    });
    stop(signal).catch(() => undefined);
  };
}
