import { isInteractive } from "../command/terminal";

/** Shows on standard error what the command does. */
export interface Progress {
  /** Shows what is done now. Without a terminal there is nothing to see: it takes seconds. */
  readonly show: (text: string) => void;
  /**
   * Shows how much of a work of minutes is done; to be called after each part. Without a terminal there is a line at
   * each tenth.
   * @param text what is shown
   * @param done parts that are done, from 0
   */
  readonly count: (text: string, done: number, all: number) => void;
  /** Removes what is shown in a terminal, before something else is printed. */
  readonly end: () => void;
}

const CLEAR_LINE = "\r\u001B[2K";

/**
 * The progress of the command: in a terminal one line that is written over, elsewhere lines.
 * @param stream standard error
 */
export function progressOn(
  stream: { readonly isTTY?: boolean; readonly write: (text: string) => unknown },
  environment: NodeJS.ProcessEnv,
): Progress {
  if (!isInteractive(stream.isTTY === true, environment)) {
    return {
      show: () => undefined,
      count: (text, done, all) => {
        if (tenths(done, all) > tenths(done - 1, all)) stream.write(`gate: ${text}\n`);
      },
      end: () => undefined,
    };
  }
  const show = (text: string) => void stream.write(`${CLEAR_LINE}gate: ${text}`);
  return { show, count: show, end: () => void stream.write(CLEAR_LINE) };
}

function tenths(done: number, all: number): number {
  return Math.floor((10 * done) / all);
}
