import { execFile, execFileSync } from "node:child_process";
import { connect } from "node:net";
import { promisify } from "node:util";
import { run, type RunningCommand } from "./command";

/** Every process that descends from one. */
function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const childrenOf = (parent: number): number[] =>
    table.flatMap(([child = 0, its]) => (its === parent ? [child, ...childrenOf(child)] : []));
  return childrenOf(pid);
}

/** Those of the processes that are still there. */
async function alive(pids: readonly number[]): Promise<number[]> {
  // ps fails when there is none of them.
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

/** How often it is looked for what is to be gone: far more often than a process that was killed needs. */
const MOST_LOOKS = 500;

/**
 * Resolves when nothing of it is left; a process that was killed needs a moment to be gone.
 * @throws naming what is still there after all looks
 */
async function gone(pids: readonly number[], ports: readonly number[]): Promise<void> {
  let left = "";
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const [living, open] = await Promise.all([alive(pids), Promise.all(ports.map(isOpen))]);
    const listening = ports.filter((_, index) => open[index]);
    if (living.length === 0 && listening.length === 0) return;
    left = `processes ${living.join(", ") || "none"}; ports ${listening.join(", ") || "none"}`;
  }
  throw new Error(`left behind: ${left}`);
}

/** Everything a command has started and listens on, once its output says that it is there. */
async function traces(command: RunningCommand, whenItSays: RegExp) {
  await command.saying(whenItSays);
  const [, ...ports] = await command.saying(/http:\/\/127\.0\.0\.1:(\d+)[^]*?http:\/\/127\.0\.0\.1:(\d+)/);
  const { pid } = command.child;
  if (pid === undefined) throw new Error("the command has no process");
  return { pids: descendants(pid), ports: ports.map(Number) };
}

// They last as long as the machine needs: a busy one slows the cloud's clock down.
jest.setTimeout(300_000);

describe("a rehearsal that is ended during the release", () => {
  const start = () => run("rehearse", "--speed 80 --rps 0.5");

  it("by SIGKILL leaves no process and no port behind", async () => {
    const command = start();
    const { pids, ports } = await traces(command, /InProgress/);
    expect(pids.length).toBeGreaterThanOrEqual(4); // Database, two tasks, release.
    command.child.kill("SIGKILL");
    expect((await command.ended).code).toBe("SIGKILL");
    await gone(pids, ports);
  });

  it("by SIGTERM leaves nothing behind and ends with 143", async () => {
    const command = start();
    const { pids, ports } = await traces(command, /InProgress/);
    command.child.kill("SIGTERM");
    expect((await command.ended).code).toBe(143);
    await gone(pids, ports);
  });

  it("by Ctrl-C lets the release roll back, reports, and ends with its 130", async () => {
    const command = start();
    const { pids, ports } = await traces(command, /90 % old version, 10 % new version/);
    command.child.kill("SIGINT");
    command.child.kill("SIGINT"); // As npm passes on what the terminal has told already.
    const { code, stdout } = await command.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/Rolled back: the release was interrupted/);
    expect(stdout).toMatch(/writes +[\d,]+ acknowledged, 0 lost/);
    await gone(pids, ports);
  });
});

describe("npm run cloud", () => {
  it("prints how to use it, serves version 1, and leaves nothing behind after Ctrl-C", async () => {
    const command = run("cloud", "--speed 80 --rps 1");
    const { pids, ports } = await traces(command, /Ctrl-C stops it/);
    const [, url = ""] = await command.saying(/listener 80 +(http:\S+)/);
    const answer = await fetch(`${url}/tasks`);
    expect({ status: answer.status, version: answer.headers.get("x-release-version") }).toEqual({
      status: 200,
      version: "1",
    });
    await command.saying(
      /export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+\n[^]*npm run release -- --image \S+@sha256:/,
    );
    command.child.kill("SIGINT");
    expect((await command.ended).code).toBe(130);
    await gone(pids, ports);
  });
});
