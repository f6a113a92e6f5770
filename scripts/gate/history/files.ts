import { readFileSync } from "node:fs";
import { jsonOrUndefined } from "../../command/json-text";
import { type History, HistoryError } from "./history";
import { readHistory } from "./read";

/**
 * Reads a file of a service's traffic.
 * @throws HistoryError naming the file, and the key that can't be used
 */
export function historyFromFile(file: string): History {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new HistoryError(`--from ${file}: ${(error as Error).message}`);
  }
  const data = jsonOrUndefined(text);
  if (data === undefined) {
    throw new HistoryError(`--from ${file}: is not JSON; the AWS CLI prints JSON with --output json`);
  }
  return readHistory(data, `--from ${file}`);
}
