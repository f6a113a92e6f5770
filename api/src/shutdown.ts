import type { Logger } from "pino";
import type { RunningService } from "./service";
import type { OnStopSignal } from "./signals";

/**
 * Handles stop signals. The first signal stops the service and ends the process with 0. After a timeout or a second signal, the
 * process ends at once with 1.
 */
export function shutdown(options: {
  /** Resolves when the service listens. The caller handles a rejection. */
  readonly starting: Promise<Pick<RunningService, "stop" | "requestsInFlight">>;
  readonly log: Logger;
  readonly timeoutSeconds: number;
  /** Ends the process with this code. */
  readonly exit: (code: number) => void;
  /** Runs an action later; default: a timer that doesn't keep the process alive. */
  readonly after?: (ms: number, action: () => void) => void;
}): OnStopSignal {
  const { starting, log, exit } = options;
  const after = options.after ?? ((ms, action) => void setTimeout(action, ms).unref());
  let asked = false;
  let requestsInFlight = () => 0;

  // Start and stop are logged at every log level.
  const stopLog = () => {
    log.level = "info";
    return log;
  };
  const stop = async (signal: NodeJS.Signals) => {
    const service = await starting;
    requestsInFlight = () => service.requestsInFlight();
    stopLog().info({ signal, requestsInFlight: requestsInFlight() }, "stopping");
    await service.stop();
    stopLog().info("stopped");
    exit(0);
  };
  return (signal) => {
    if (asked) {
      stopLog().error({ signal }, "asked to stop a second time: ending at once");
      exit(1);
      return;
    }
    asked = true;
    after(options.timeoutSeconds * 1000, () => {
      stopLog().error({ requestsInFlight: requestsInFlight() }, "could not stop in time: ending at once");
      exit(1);
    });
    stop(signal).catch(() => undefined);
  };
}
