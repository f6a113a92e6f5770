import path from "node:path";
import { loadConfig, type Config } from "../../stacks/config";
import { readContext } from "../../stacks/config/context";
import { withDelivery, type DeliveryOverrides } from "./context";

/** The folder of main.ts, cdktf.json and scripts/. */
const ROOT = path.resolve(__dirname, "..", "..");

/** The configuration of the environment that is rehearsed. */
export interface Setup {
  /** The folder of main.ts, cdktf.json and scripts/. */
  readonly root: string;
  /** The name of the environment. */
  readonly environment: string;
  readonly config: Config;
  /** The configuration as JSON, for child processes; undefined when it is the one of cdktf.json. */
  readonly contextJson: string | undefined;
}

/**
 * Reads the configuration of the environment in `ENVIRONMENT`.
 * @param delivery replaces configured settings
 * @throws ConfigError when the configuration is refused
 */
export function readSetup(delivery?: DeliveryOverrides): Setup {
  const environment = process.env["ENVIRONMENT"] || "staging";
  const context = delivery && withDelivery(readContext(ROOT, process.env), environment, delivery);
  return {
    root: ROOT,
    environment,
    config: loadConfig({ directory: ROOT, environment, ...(context !== undefined && { context }) }),
    contextJson: context === undefined ? process.env["CDKTF_CONTEXT_JSON"] || undefined : JSON.stringify(context),
  };
}
