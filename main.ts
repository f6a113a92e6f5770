import { ConfigError, configWarnings, loadConfig } from "./stacks/config";
import { synthesize } from "./stacks/synthesis";

try {
  const config = loadConfig();
  // On stderr, because tools read stdout.
  for (const warning of configWarnings()) console.error(`warning: ${warning}`);
  synthesize(config, { rehearsal: process.argv.includes("--rehearsal") });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
