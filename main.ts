import { ConfigError, configWarnings, loadConfig } from "./stacks/config";
import { synthesize } from "./stacks/synthesis";

try {
  const config = loadConfig();
  // Not on stdout, which tools read.
  for (const warning of configWarnings()) console.error(`warning: ${warning}`);
  synthesize(config);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
