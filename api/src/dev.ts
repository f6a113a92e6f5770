import { randomBytes } from "node:crypto";
import { startEmbeddedDatabase } from "./dev/embedded-database";
import { SIMULATE_TOKEN_HEADER } from "./http/simulate-routes";
import { createLog } from "./log";
import { startService } from "./service";
import { readSettings, SettingsError } from "./settings";
import { tableClient } from "./tasks/table-client";

function introduction(url: string, token: string, database: string): string {
  return `
Tasks API   ${url}
Database    ${database} (embedded, forgets everything when this ends)

  curl -s ${url}/health
  curl -s ${url}/tasks -H 'content-type: application/json' -d '{"title":"Water the plants"}'
  curl -s '${url}/tasks?limit=10'
  curl -s -X POST ${url}/simulate/crash/true -H '${SIMULATE_TOKEN_HEADER}: ${token}'

Ctrl-C ends it.
`;
}

/** The service with an embedded database, for a developer to play with. Environment variables work as usual. */
async function main(): Promise<void> {
  const tableName = "tasks";
  const token = randomBytes(12).toString("hex");
  const settings = readSettings({
    HOST: "127.0.0.1",
    RELEASE_VERSION: "dev",
    SIMULATE_TOKEN: token,
    ...process.env,
    TABLE_NAME: tableName,
  });
  const database = await startEmbeddedDatabase(tableName);
  const log = createLog(settings.releaseVersion);
  log.level = settings.logLevel;
  const service = await startService(settings, {
    client: tableClient(database.clientConfig),
    log,
    exit: (code) => process.exit(code),
  });
  process.stdout.write(
    introduction(`http://${settings.host}:${service.port}`, settings.simulateToken ?? token, database.endpoint),
  );
  const stop = () => void service.stop().then(() => database.close());
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof SettingsError ? `refused to start: ${error.message}` : error);
  process.exitCode = error instanceof SettingsError ? 64 : 1;
});
