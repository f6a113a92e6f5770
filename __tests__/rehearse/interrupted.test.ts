import { execFile, execFileSync } from "node:child_process";
import { connect } from "node:net";
import { promisify } from "node:util";
import { run, type RunningCommand } from "./command";

/** All descendants of a process. */
function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const childrenOf = (parent: number): number[] =>
    table.flatMap(([child = 0, its]) => (its === parent ? [child, ...childrenOf(child)] : []));
  return childrenOf(pid);
}

/** The processes that are still alive. */
async function alive(pids: readonly number[]): Promise<number[]> {
  // ps fails when none of them exists.
  const { stdout } = await promisify(execFile)("ps", ["-o", "pid=", "-p", pids.join(",")]).catch(() => ({
    stdout: "",
  }));
  return stdout.trim().split(/\s+/).filter(Boolean).map(Number);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** Maximum number of checks: many more than a killed process needs to end. */
const MAX_CHECKS = 500;

/**
 * Resolves when no process and no port is left; a killed process needs a moment to end.
 * @throws naming what is still left after all checks
 */
async function gone(pids: readonly number[], ports: readonly number[]): Promise<void> {
  let left = "";
  for (let check = 0; check < MAX_CHECKS; check += 1) {
    const [living, open] = await Promise.all([alive(pids), Promise.all(ports.map(isOpen))]);
    const listening = ports.filter((_, index) => open[index]);
    if (living.length === 0 && listening.length === 0) return;
    left = `processes ${living.join(", ") || "none"}; ports ${listening.join(", ") || "none"}`;
  }
  throw new Error(`left behind: ${left}`);
}

/** The processes that a command has started and the ports that it listens on, once its output matches the pattern. */
async function startedBy(command: RunningCommand, pattern: RegExp) {
  await command.untilOutput(pattern);
  const [, ...ports] = await command.untilOutput(/http:\/\/127\.0\.0\.1:(\d+)[^]*?http:\/\/127\.0\.0\.1:(\d+)/);
  const { pid } = command.child;
  if (pid === undefined) throw new Error("the command has no process");
  return { pids: descendants(pid), ports: ports.map(Number) };
}

// A busy machine slows the cloud's clock down.
jest.setTimeout(300_000);

describe("a rehearsal that is ended during the release", () => {
  const start = () => run("rehearse", "--speed 80 --rps 0.5");

  it("by SIGKILL leaves no process and no port behind", async () => {
    const command = start();
    const { pids, ports } = await startedBy(command, /InProgress/);
    expect(pids.length).toBeGreaterThanOrEqual(5); // Two tasks with their keepers, release.
    command.child.kill("SIGKILL");
    expect((await command.ended).code).toBe("SIGKILL");
    await gone(pids, ports);
  });

  it("by SIGTERM leaves nothing behind and ends with 143", async () => {
    const command = start();
    const { pids, ports } = await startedBy(command, /InProgress/);
    command.child.kill("SIGTERM");
    expect((await command.ended).code).toBe(143);
    await gone(pids, ports);
  });

  it("by Ctrl-C lets the release roll back, reports, and ends with its 130", async () => {
    const command = start();
    const { pids, ports } = await startedBy(command, /90 % old version, 10 % new version/);
    command.child.kill("SIGINT");
    command.child.kill("SIGINT"); // npm forwards a Ctrl-C that the terminal has sent already.
    const { code, stdout } = await command.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/Rolled back: the release was interrupted/);
    expect(stdout).toMatch(/writes +not checked/);
    await gone(pids, ports);
  });
});

describe("npm run cloud", () => {
  it("prints how to use it, serves version 1, and leaves nothing behind after Ctrl-C", async () => {
    const command = run("cloud", "--speed 80 --rps 1");
    const { pids, ports } = await startedBy(command, /Ctrl-C stops it/);
    const [, url = ""] = await command.untilOutput(/listener 80 +(http:\S+)/);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    await command.untilOutput(
      /export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+\n[^]*npm run release -- --image \S+@sha256:/,
    );
    command.child.kill("SIGINT");
    expect((await command.ended).code).toBe(130);
    await gone(pids, ports);
  });
});
