// This import is first, so that signals are handled while the other modules load.
import { onStopSignal } from "./signals";
import { createLog } from "./log";
import { startService } from "./service";
import { readSettings, SettingsError } from "./settings";
import { shutdown } from "./shutdown";
import { tableClient } from "./tasks/table-client";

/** Exit code for invalid settings: EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLog(settings.releaseVersion);
  const exit = (code: number) => {
    log.fatal({ code }, "a simulated exit");
    process.exit(code);
  };
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, "ended by an uncaught error");
      process.exit(1);
    });
  }
  if (settings.simulate) log.warn({ simulate: settings.simulate }, "this process simulates a fault");

  const starting = startService(settings, { client: tableClient(), log, exit });
  onStopSignal(
    shutdown({ starting, log, timeoutSeconds: settings.stopTimeoutSeconds, exit: (code) => process.exit(code) }),
  );
  const service = await starting;
  await service.ready;
  // Start and stop are logged at every log level, because the caller needs the port.
  log.info({ host: settings.host, port: service.port }, "listening");
  log.level = settings.logLevel;
}

main().catch((error: unknown) => {
  const log = createLog(process.env["RELEASE_VERSION"] ?? "unknown");
  if (error instanceof SettingsError) {
    for (const problem of error.problems) log.fatal(`refused to start: ${problem}`);
    process.exit(EXIT_USAGE);
  }
  log.fatal({ err: error }, "could not start");
  process.exit(1);
});
