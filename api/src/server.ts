import type { Logger } from "pino";
import { createLog } from "./log";
import { startService, type RunningService } from "./service";
import { readSettings, SettingsError, type Settings } from "./settings";
import { tableClient } from "./tasks/table-client";

/** Exit code of a start that was refused because of its settings (the convention for wrong usage). */
const EXIT_USAGE = 64;

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const log = createLog(process.env["RELEASE_VERSION"] ?? "unknown");
    for (const problem of error.problems) log.fatal(`refused to start: ${problem}`);
    return process.exit(EXIT_USAGE);
  }
}

/** SIGTERM (or Ctrl-C) ends the service politely; too slow, or asked twice, it ends it at once with 1. */
function stopOnSignals(service: RunningService, settings: Settings, log: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    log.level = "info";
    if (stopping) {
      log.error({ signal }, "asked to stop a second time: ending at once");
      process.exit(1);
    }
    stopping = true;
    log.info({ signal, requestsInFlight: service.requestsInFlight() }, "stopping");
    setTimeout(() => {
      log.error({ requestsInFlight: service.requestsInFlight() }, "could not stop in time: ending at once");
      process.exit(1);
    }, settings.stopTimeoutSeconds * 1000).unref();
    void service.stop().then(() => {
      log.info("stopped");
      process.exit(0);
    });
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

async function main(): Promise<void> {
  const settings = settingsOrExit();
  const log = createLog(settings.releaseVersion);
  const exit = (code: number) => {
    log.fatal({ code }, "a simulated exit");
    process.exit(code);
  };
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, "ended by an error that nobody handled");
      process.exit(1);
    });
  }
  if (settings.simulate) log.warn({ simulate: settings.simulate }, "this process simulates a fault");
  if (settings.simulate?.name === "broken-start") return exit(1);

  const service = await startService(settings, { client: tableClient(), log, exit });
  stopOnSignals(service, settings, log);
  // Start and stop are told at every level: who started us must learn the port.
  log.info({ host: settings.host, port: service.port }, "listening");
  log.level = settings.logLevel;
}

void main();
