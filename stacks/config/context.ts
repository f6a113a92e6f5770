import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./error";
import { readJson } from "./json-text";
import { isObject, valueAt } from "./merge";

/** Keys of `context` that belong to CDKTF: its CLI adds the first, and `cdktf init` writes the others. */
export const CDKTF_KEYS = ["cdktfRelativeModules", "excludeStackIdFromLogicalIds", "allowSepCharsInLogicalIds"];

/**
 * Reads the context: `CDKTF_CONTEXT_JSON` when it is set, else the one of cdktf.json.
 * @param directory folder of cdktf.json
 * @throws ConfigError when it can't be read, is not JSON, or has a key twice
 */
export function readContext(directory: string, variables: NodeJS.ProcessEnv = process.env): unknown {
  const file = join(directory, "cdktf.json");
  const given = variables["CDKTF_CONTEXT_JSON"];
  if (!given) return valueAt(parsed(contentOf(file), file), ["context"]) ?? {};
  const context = parsed(given, "CDKTF_CONTEXT_JSON");
  refuseDuplicateKeys(file, context);
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
 * Finds duplicate keys that the CLI has lost: it parses cdktf.json and passes the result on, in which each key is there once.
 * When the context is that of the file, this reads the file itself.
 * @throws ConfigError when the file has a key twice
 */
function refuseDuplicateKeys(file: string, context: unknown): void {
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
