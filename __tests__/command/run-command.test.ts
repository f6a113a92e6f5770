import { spawn } from "node:child_process";
import { once } from "node:events";
import { LAUNCHER } from "../../scripts/command/launcher";
import { EXIT_CODES } from "../../scripts/command/exit-codes";

/** Runs a command of which nobody reads the standard output, as in `npm run plan | true`. */
async function unread(command: string, ...argv: readonly string[]) {
  const child = spawn(process.execPath, [LAUNCHER, `scripts/${command}.ts`, ...argv]);
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, stderr };
}

/** The same where nobody reads the errors either. */
async function whollyUnread(command: string, ...argv: readonly string[]) {
  const child = spawn(process.execPath, [LAUNCHER, `scripts/${command}.ts`, ...argv]);
  child.stdout.destroy();
  child.stderr.destroy();
  return (await once(child, "close")) as [number | null, string | null];
}

describe("a command whose output nobody reads", () => {
  it.each(Object.keys(EXIT_CODES))("npm run %s ends with its own exit code, without a stack trace", async (command) => {
    expect(await unread(command, "--help")).toEqual({ status: 0, stderr: "" });
  });

  it.each(Object.keys(EXIT_CODES))("npm run %s ends with its own exit code after wrong usage", async (command) => {
    expect(await whollyUnread(command, "--nonsense")).toEqual([64, null]);
  });
});
