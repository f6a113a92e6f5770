import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./error";
import { readJson } from "./json-text";
import { isObject, valueAt } from "./merge";

/** Keys of `context` that are CDKTF's own: its CLI adds the first, `cdktf init` writes the others. Not ours, not wrong. */
export const CDKTF_KEYS = ["cdktfRelativeModules", "excludeStackIdFromLogicalIds", "allowSepCharsInLogicalIds"];

/**
 * The context that the configuration is read from: `CDKTF_CONTEXT_JSON` where it is set, else cdktf.json's.
 * @param directory folder of cdktf.json
 * @throws ConfigError when it can't be read, is no JSON, or has a key twice: which of the two is meant nobody knows
 */
export function readContext(directory: string, variables: NodeJS.ProcessEnv = process.env): unknown {
  const file = join(directory, "cdktf.json");
  const given = variables["CDKTF_CONTEXT_JSON"];
  if (!given) return valueAt(parsed(contentOf(file), file), ["context"]) ?? {};
  const context = parsed(given, "CDKTF_CONTEXT_JSON");
  refuseWhatTheCliLost(file, context);
  return context;
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError([
      `${file}: ${error instanceof Error ? error.message : String(error)}; it must be there and be JSON`,
    ]);
  }
}

function parsed(content: Uint8Array | string, where: string): unknown {
  const reading = readJson(content);
  if (!("value" in reading)) throw new ConfigError(reading.problems.map((problem) => `${where}: ${problem}`));
  if (!isObject(reading.value)) throw new ConfigError([`${where}: must hold an object`]);
  return reading.value;
}

/**
 * The CLI hands on what it made of cdktf.json, in which a key that stood there twice is there once. Where the context is
 * that file's, the file itself is looked at.
 */
function refuseWhatTheCliLost(file: string, context: unknown): void {
  let content: Uint8Array;
  let value: unknown;
  try {
    content = readFileSync(file);
    value = JSON.parse(new TextDecoder().decode(content));
  } catch {
    return;
  }
  const written = valueAt(value, ["context"]);
  const ours = isObject(written) ? Object.keys(written).filter((key) => !CDKTF_KEYS.includes(key)) : [];
  const json = (of: unknown, key: string) => JSON.stringify(valueAt(of, [key]));
  if (ours.length > 0 && ours.every((key) => json(written, key) === json(context, key))) parsed(content, file);
}
