import type { ParserOutput } from "./command-line";
import type { CommandName } from "./exit-codes";

const { stdout, stderr } = process;

/** Standard output and standard error of this process. */
export const processOutput: ParserOutput = {
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
};

/** The same, line by line. */
export const processLines: ParserOutput = {
  out: (line) => void stdout.write(`${line}\n`),
  err: (line) => void stderr.write(`${line}\n`),
};

/**
 * Writes a result to standard output.
 * @throws Error when it could not be written, unless its reader has gone
 */
export function writeResult(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stdout.write(text, (error) => (error && !isReaderGone(error) ? reject(error) : resolve()));
  });
}

/** EPIPE: a pipe whose other end is closed (`| head`). EIO: a terminal that is closed. */
function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === "EPIPE" || code === "EIO";
}

/** A command, as its entry file runs it. */
export interface CommandEntry {
  readonly name: CommandName;
  /** Exit code after an unexpected error. */
  readonly faultExitCode: number;
  /** Ends the process although a call that nobody waits for may still run. Default: the process ends by itself. */
  readonly exitWhenDone?: boolean;
  /**
   * Runs the command.
   * @param argv without node and script
   * @param setFaultExitCode changes the exit code after an unexpected error from now on
   * @returns the exit code
   */
  readonly main: (argv: readonly string[], setFaultExitCode: (code: number) => void) => Promise<number>;
}

/**
 * Runs a command and gives the process its exit code. An unexpected error is printed with its stack. A reader of the
 * output that has gone (`| head`) doesn't end the command: its exit code still counts.
 */
export function runCommand({ name, faultExitCode, exitWhenDone = false, main }: CommandEntry): void {
  let ofFault = faultExitCode;
  const endAfterFault = (error: unknown) => {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(`${name}: ${words}\n`, () => process.exit(ofFault));
  };
  for (const stream of [stdout, stderr]) stream.on("error", () => undefined);
  process.on("uncaughtException", endAfterFault);

  main(process.argv.slice(2), (code) => (ofFault = code)).then((code) => {
    if (exitWhenDone) stdout.write("", () => process.exit(code));
    else process.exitCode = code;
  }, endAfterFault);
}
