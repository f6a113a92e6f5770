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
  /** Whether to end the process although a call may still be open. Default: it ends when nothing is open any more. */
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
 * Runs a command and ends the process with its exit code. An unexpected error is printed with its stack trace. When the
 * reader of the output has gone (`| head`), the command continues, so that its exit code is still true.
 */
export function runCommand({ name, faultExitCode, exitWhenDone = false, main }: CommandEntry): void {
  let currentFaultExitCode = faultExitCode;
  const endAfterFault = (error: unknown) => {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(`${name}: ${words}\n`, () => process.exit(currentFaultExitCode));
  };
  for (const stream of [stdout, stderr]) stream.on("error", () => undefined);
  process.on("uncaughtException", endAfterFault);

  main(process.argv.slice(2), (code) => (currentFaultExitCode = code)).then((code) => {
    if (exitWhenDone) stdout.write("", () => process.exit(code));
    else process.exitCode = code;
  }, endAfterFault);
}
