import { runProgram } from "../command/run-program";

/** More rows than any output has, so that the live view shows all its lines. */
const ROWS = 60;

/** Variables that change the output of a command, or what it runs. */
const REMOVED = ["CI", "NO_COLOR", "FORCE_COLOR", "ENVIRONMENT", "CDKTF_CONTEXT_JSON"];

/**
 * Runs a shell command in a pseudo-terminal, so that it writes what a person sees: colours, and a view that is redrawn.
 * Needs `script` of util-linux (https://man7.org/linux/man-pages/man1/script.1.html).
 * @returns its exit code (null after a signal) and its output with all escape sequences
 * @throws Error with code ENOENT when there is no `script`
 */
export async function runInTerminal(
  command: string,
  { directory, columns }: { readonly directory: string; readonly columns: number },
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const kept = Object.entries(process.env).filter(([name]) => !REMOVED.includes(name));
  const { code, stdout } = await runProgram({
    command: "script",
    args: ["--quiet", "--return", "--flush", "--command", `stty rows ${ROWS} cols ${columns}; ${command}`, "/dev/null"],
    directory,
    // npm prints the names of scripts, which the picture shows already.
    environment: { ...Object.fromEntries(kept), TERM: "xterm-256color", npm_config_loglevel: "silent" },
  });
  return { exitCode: code, output: stdout };
}
