import { readFileSync, statSync } from "node:fs";
import { type History, HistoryError } from "./history";
import { readHistory } from "./read";

/** Two weeks of minutes have about 20 MB, indented. Node can't read a text of more than 512 MB. */
const LARGEST_BYTES = 256 * 2 ** 20;

/**
 * Reads a file of a service's traffic.
 * @throws HistoryError naming the file, and the key that can't be used
 */
export function historyFromFile(file: string): History {
  const source = `--from ${file}`;
  let bytes: Buffer;
  try {
    const stats = statSync(file);
    const { size } = stats;
    // A device may never end.
    if (stats.isCharacterDevice() || stats.isBlockDevice())
      throw new HistoryError(`${source}: is a device; give a file, or a pipe`);
    if (size > LARGEST_BYTES) {
      throw new HistoryError(
        `${source}: has ${Math.ceil(size / 2 ** 20)} MB, more than ${LARGEST_BYTES / 2 ** 20} MB: is it the traffic of one service?`,
      );
    }
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    throw new HistoryError(`${source}: ${(error as Error).message}; npm run gate -- --live --save writes such a file`);
  }
  return readHistory(parsed(textOf(bytes), source), source);
}

/** Windows PowerShell writes the output of a command as UTF-16, and editors write a byte order mark. */
function textOf(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() === "") throw new HistoryError(`${source}: is empty`);
    const end = text.trimEnd().at(-1);
    const next = !/^\s*[{[]/.test(text)
      ? "the AWS CLI prints JSON with --output json"
      : end === "}" || end === "]"
        ? "it must hold one answer and nothing else; two files can't be put together"
        : "its end is missing; write it again";
    throw new HistoryError(`${source}: is not JSON: ${(error as Error).message}; ${next}`);
  }
}
