import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { LAUNCHER } from "../../scripts/command/launcher";
import { processesOfNpm, readProcessLine } from "../../scripts/rehearse/npm-watch";

const SCRIPT = [process.execPath, LAUNCHER, path.join(__dirname, "watching-npm.ts")];

/** Starts the script as npm does, with this command in between, and gives npm. */
function startNpm(command: readonly string[]) {
  const npm = `require("node:child_process").spawn(${JSON.stringify(command[0])}, ${JSON.stringify(command.slice(1))}, {stdio: "inherit"})`;
  const child = spawn(process.execPath, ["-e", npm], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, npm_lifecycle_event: "rehearse" },
  });
  return { child, output: child.stdout.setEncoding("utf8") };
}

describe("a script whose npm is killed with SIGKILL", () => {
  it.each([
    ["is its parent", SCRIPT],
    ["waits behind a shell that waits", ["sh", "-c", `${SCRIPT.map((word) => `'${word}'`).join(" ")}; true`]],
  ])("ends when npm, which %s, is gone", async (_, command) => {
    const { child, output } = startNpm(command);
    expect(await once(output, "data")).toEqual(["watching\n"]);
    child.kill("SIGKILL");
    expect(await once(output, "data")).toEqual(["npm is gone\n"]);
    // The script held it open: it has ended.
    await once(output, "end");
  });
});

describe("the parent of a script that npm runs", () => {
  it.each([
    { line: "  41 sh", watched: [42, 41], why: "a shell that waits: npm is its parent" },
    { line: "41 /bin/bash\n", watched: [42, 41], why: "the same, with its path" },
    { line: "    1 npm run rehearse", watched: [42], why: "npm itself: the shell has made room" },
    { line: "41 node", watched: [42], why: "npm itself, by its program" },
    { line: "", watched: [42], why: "a process that ps does not list" },
  ])("is $why", ({ line, watched }) => {
    expect(processesOfNpm(42, readProcessLine(line))).toEqual(watched);
  });
});
