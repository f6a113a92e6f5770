/**
 * Rehearsals of the image itself, with a real Docker daemon (found by its own client). The base image must be there under
 * the Dockerfile's name, or Docker able to pull it.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { WallClock } from "../../scripts/cloud/clock";
import { CLOUD_LABEL, DockerRuntime } from "../../scripts/cloud/tasks/docker-runtime";
import type { VersionContent } from "../../scripts/rehearse/version-image";
import { buildImage } from "../../scripts/rehearse/image";
import { image } from "../cloud/tasks/programs";
import { reported, run, type RunningCommand } from "../rehearse/command";
import { TASKS_API } from "./tasks-api";

// They last as long as the machine needs: a busy one slows the cloud's clock down, and the image is built first.
jest.setTimeout(600_000);

let content: VersionContent;

/** Ids of the containers that a cloud has, running or not. */
function containersOf(cloudPid: number | undefined): string[] {
  const filters = ["--filter", `label=${CLOUD_LABEL}=${String(cloudPid)}`];
  const ids = execFileSync("docker", ["ps", "--all", "--quiet", "--no-trunc", ...filters], { encoding: "utf8" });
  return ids.split("\n").filter(Boolean);
}

/** Resolves when the daemon has removed each of them. */
async function removed(cloudPid: number | undefined, ids: readonly string[]): Promise<void> {
  const filters = ["--filter", `label=${CLOUD_LABEL}=${String(cloudPid)}`, "--filter", "event=destroy"];
  const events = spawn("docker", ["events", "--since", "0", ...filters, "--format", "{{.ID}}"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const left = new Set(ids);
  for await (const id of createInterface({ input: events.stdout })) {
    left.delete(id);
    if (left.size === 0) break;
  }
  events.kill();
}

function rehearse(line: string): RunningCommand {
  return run("rehearse", `--runtime docker --speed 40 --rps 1 ${line}`.trim(), TASKS_API);
}

beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "containers-test-"));
  try {
    content = await buildImage(path.resolve("api"), folder, { signal: new AbortController().signal });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("npm run rehearse -- --runtime docker", () => {
  it("releases a good version: nothing fails, nothing is lost, no container is left", async () => {
    const command = rehearse("--json");
    const { code, report } = await reported(command);
    expect(code).toBe(0);
    expect(report).toMatchObject({ verdict: "released", requests: { failed: 0 }, writes: { lost: 0 } });
    expect(report.requests.toNewVersion).toBeGreaterThan(0);
    expect(report.writes?.acknowledged).toBeGreaterThan(0);
    expect(containersOf(command.child.pid)).toEqual([]);
  });

  it("rolls a bad version back by its alarm, and leaves no container", async () => {
    const command = rehearse("--json --fault error --rate 1");
    const { code, report } = await reported(command);
    expect(code).toBe(2);
    expect(report).toMatchObject({
      verdict: "rolled-back",
      deployment: { errorCode: "ALARM_ACTIVE" },
      writes: { lost: 0 },
    });
    expect(report.activatedAlarms.join(" ")).toMatch(/failed-requests/);
    expect(containersOf(command.child.pid)).toEqual([]);
  });

  it("leaves no container behind when it is killed during the release", async () => {
    const command = rehearse("");
    await command.untilOutput(/90 % old version, 10 % new version/);
    const { pid } = command.child;
    const ids = containersOf(pid);
    expect(ids).toHaveLength(4); // Two of each version.
    command.child.kill("SIGKILL");
    expect((await command.ended).code).toBe("SIGKILL");
    await removed(pid, ids);
    expect(containersOf(pid)).toEqual([]);
  });
});

describe("npm run cloud -- --runtime docker", () => {
  it("serves version 1 from the image, and leaves no container after Ctrl-C", async () => {
    const command = run("cloud", "--runtime docker --speed 80", TASKS_API);
    const [, url = ""] = await command.untilOutput(/listener 80 +(http:\S+)[^]*Ctrl-C stops it/);
    const answer = await fetch(`${url}/tasks`);
    expect({ status: answer.status, version: answer.headers.get("x-release-version") }).toEqual({
      status: 200,
      version: "1",
    });
    const { pid } = command.child;
    expect(containersOf(pid)).toHaveLength(2);
    command.child.kill("SIGINT");
    expect((await command.ended).code).toBe(130);
    expect(containersOf(pid)).toEqual([]);
  });
});

describe("a container", () => {
  /** Runs a script in the image instead of the service; gives how it ended and what it wrote. */
  async function running(script: string, settings: object) {
    const runtime = new DockerRuntime({ clock: new WallClock(1), region: "eu-central-1", environment: {} });
    const container = { name: "api", image: "", command: ["node", "-e", script], ...settings };
    const task = runtime.start({
      taskId: `test-${process.pid}-${Math.random().toString(36).slice(2)}`,
      image: { ...image([]), ...content },
      environment: {},
      definition: { family: "tasks", containerDefinitions: [container] },
      container,
    });
    const { code } = await task.exited;
    return { code, lines: task.lastLogLines() };
  }

  it("has what the task definition gives it, and the image's user", async () => {
    const script = `
      const writes = (file) => { try { require("node:fs").writeFileSync(file, ""); return true; } catch { return false; } };
      console.log(JSON.stringify([process.getuid(), writes("/tmp/a"), writes("/mine/a")]));
      process.exit(7);`;
    const tmpfs = [{ containerPath: "/mine", size: 1, mountOptions: ["mode=1777"] }];
    expect(await running(script, { readonlyRootFilesystem: true, linuxParameters: { tmpfs } })).toEqual({
      code: 7,
      lines: ["[10001,false,true]"],
    });
  });

  it("that takes more memory than it may is killed: 137", async () => {
    const script = "const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1));";
    expect(await running(script, { memory: 64 })).toMatchObject({ code: 137 });
  });
});
