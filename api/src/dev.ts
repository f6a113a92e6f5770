import { randomBytes } from "node:crypto";
import { startEmbeddedDatabase, type EmbeddedDatabase } from "./dev/embedded-database";
import { SIMULATE_TOKEN_HEADER } from "./http/simulate-routes";
import { createLog } from "./log";
import { startService, type RunningService } from "./service";
import { readSettings, SettingsError, type Settings } from "./settings";
import { tableClient } from "./tasks/table-client";

const TABLE_NAME = "tasks";

function introduction(url: string, token: string | undefined, database: string): string {
  const crash = `  curl -s -X POST ${url}/simulate/crash/true -H '${SIMULATE_TOKEN_HEADER}: ${token}'\n`;
  return `
Tasks API   ${url}
Database    ${database} (embedded, forgets everything when this ends)

  curl -s ${url}/health
  curl -s ${url}/tasks -H 'content-type: application/json' -d '{"title":"Water the plants"}'
  curl -s '${url}/tasks?limit=10'
${token === undefined ? "" : crash}
Ctrl-C ends it.
`;
}

/** Settings from the environment, with defaults for development. */
function developersSettings(): Settings {
  const given = Object.entries(process.env).filter(([, value]) => value !== "");
  return readSettings({
    HOST: "127.0.0.1",
    RELEASE_VERSION: "dev",
    SIMULATE_TOKEN: randomBytes(12).toString("hex"),
    ...Object.fromEntries(given),
    TABLE_NAME,
  });
}

async function start(settings: Settings, database: EmbeddedDatabase): Promise<RunningService> {
  const log = createLog(settings.releaseVersion);
  log.level = settings.logLevel;
  const client = tableClient(database.clientConfig);
  const service = await startService(settings, { client, log, exit: (code) => process.exit(code) });
  await service.ready;
  return service;
}

/** Starts the service with an embedded database, for development. Environment variables work as usual. */
async function main(): Promise<void> {
  const settings = developersSettings();
  const database = await startEmbeddedDatabase(TABLE_NAME);
  try {
    const service = await start(settings, database);
    const url = `http://${settings.host}:${service.port}`;
    process.stdout.write(introduction(url, settings.simulateToken, database.endpoint));
    const stop = () => void service.stop().then(() => database.close());
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  } catch (error) {
    // An open database would keep the process alive.
    await database.close();
    throw error;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof SettingsError ? `refused to start: ${error.message}` : error);
  process.exitCode = error instanceof SettingsError ? 64 : 1;
});
