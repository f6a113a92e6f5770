import { ConfigError, loadConfig } from "./stacks/config";
import { synthesize } from "./stacks/synthesis";

try {
  synthesize(loadConfig());
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
