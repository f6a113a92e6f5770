import { App } from "cdktf";
import { ConfigError, loadConfig } from "./stacks/config";
import { addEnvironment } from "./stacks/environment";

try {
  const config = loadConfig();
  const app = new App({ stackTraces: false });
  addEnvironment(app, config);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
