import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildAndPush,
  checkDocker,
  contentTag,
  programRunner,
  type Command,
  type CommandRunner,
} from "../../scripts/release/docker";
import { parseImage, platformFor, platformsInConfig, platformsInManifest } from "../../scripts/release/image";
import { digest, fakeAws, REPOSITORY_URL, names } from "./fakes";

describe("the image that --image names", () => {
  it.each([
    ["a tag", "v1.2.3", { tag: "v1.2.3" }],
    ["a digest", digest("a"), { digest: digest("a") }],
    ["the repository with a tag", `${REPOSITORY_URL}:v2`, { tag: "v2" }],
    ["the repository with a digest", `${REPOSITORY_URL}@${digest("a")}`, { digest: digest("a") }],
    ["the repository with both, the digest counting", `${REPOSITORY_URL}:v2@${digest("a")}`, { digest: digest("a") }],
    ["the repository's short name", `${names.repository}:v2`, { tag: "v2" }],
  ])("can be %s", (_, reference, expected) => {
    expect(parseImage(reference, REPOSITORY_URL)).toEqual(expected);
  });

  it.each([
    ["of another repository", "nginx:latest"],
    ["of a repository that begins alike", `${REPOSITORY_URL}-other:v2`],
    ["with a digest cut short", `${REPOSITORY_URL}@sha256:abc`],
    ["with a tag that is none", `${REPOSITORY_URL}:`],
  ])("cannot be one %s", (_, reference) => {
    expect(() => parseImage(reference, REPOSITORY_URL)).toThrow(reference);
  });
});

describe("the platforms of an image", () => {
  it("are those in its index, without attestations", () => {
    const manifest = {
      manifests: [
        { platform: { os: "linux", architecture: "amd64" } },
        { platform: { os: "unknown", architecture: "unknown" } },
      ],
    };
    expect(platformsInManifest(JSON.stringify(manifest))).toEqual(["linux/amd64"]);
  });

  it.each([undefined, "", "not JSON", "null", '{"schemaVersion":2,"config":{}}', '{"manifests":"?"}'])(
    "are unknown for the manifest %j",
    (manifest) => {
      expect(platformsInManifest(manifest)).toBeUndefined();
    },
  );

  it("are the one of a single image's configuration", () => {
    expect(platformsInConfig('{"os":"linux","architecture":"arm64","rootfs":{}}')).toEqual(["linux/arm64"]);
    expect(platformsInConfig("{}")).toBeUndefined();
    expect(platformsInConfig(undefined)).toBeUndefined();
  });

  it("follow the service's architecture", () => {
    expect([platformFor("X86_64"), platformFor("ARM64")]).toEqual(["linux/amd64", "linux/arm64"]);
  });
});

describe("the tag of an image that is built", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "release-image-"));
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src", "server.ts"), "one");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is the same for the same sources, whatever files tools have added", () => {
    const before = contentTag(folder, "linux/amd64");
    mkdirSync(join(folder, "node_modules", "x"), { recursive: true });
    writeFileSync(join(folder, "node_modules", "x", "index.js"), "");
    expect(contentTag(folder, "linux/amd64")).toBe(before);
    expect(before).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ["a content", () => writeFileSync(join(folder, "src", "server.ts"), "two")],
    ["a file's name", () => writeFileSync(join(folder, "src", "new.ts"), "")],
  ])("changes with %s", (_, change) => {
    const before = contentTag(folder, "linux/amd64");
    change();
    expect(contentTag(folder, "linux/amd64")).not.toBe(before);
  });

  it("changes with the platform", () => {
    expect(contentTag(folder, "linux/amd64")).not.toBe(contentTag(folder, "linux/arm64"));
  });
});

describe("building and pushing", () => {
  const input = {
    directory: "api",
    repository: { name: names.repository, url: REPOSITORY_URL },
    tag: "abc",
    platform: "linux/arm64",
  };
  const { signal } = new AbortController();
  const runnerWith = (code: (command: Command) => number) => {
    const commands: Command[] = [];
    const runner: CommandRunner = {
      run: (command, onLine) => {
        commands.push(command);
        onLine(`did ${command.args[0] ?? ""}`);
        return Promise.resolve(code(command));
      },
    };
    return { commands, runner };
  };
  const silent = () => undefined;

  it("builds for the platform with the version, logs in and pushes, in this order", async () => {
    const { commands, runner } = runnerWith(() => 0);
    await buildAndPush(fakeAws(), runner, input, silent, signal);
    expect(commands.map(({ args }) => args[0])).toEqual(["build", "login", "push"]);
    expect(commands[0]?.args).toEqual([
      "build",
      "--platform=linux/arm64",
      "--build-arg=RELEASE_VERSION=abc",
      `--tag=${REPOSITORY_URL}:abc`,
      "api",
    ]);
  });

  it("gives the password to standard input and to no argument", async () => {
    const { commands, runner } = runnerWith(() => 0);
    await buildAndPush(fakeAws(), runner, input, silent, signal);
    expect(commands.find(({ args }) => args[0] === "login")?.stdin).toBe("pass:word");
    expect(JSON.stringify(commands.map(({ args }) => args))).not.toContain("pass:word");
  });

  it("ends at the first step that fails, with Docker's last lines", async () => {
    const { commands, runner } = runnerWith(({ args }) => (args[0] === "login" ? 1 : 0));
    await expect(buildAndPush(fakeAws(), runner, input, silent, signal)).rejects.toThrow(
      "docker login ended with exit code 1: did login",
    );
    expect(commands).toHaveLength(2);
  });

  it("says what to do when there is no Docker", async () => {
    const runner: CommandRunner = { run: () => Promise.reject(new Error("spawn docker ENOENT")) };
    await expect(buildAndPush(fakeAws(), runner, input, silent, signal)).rejects.toMatchObject({
      message: expect.stringContaining("docker can't be run") as string,
      next: expect.stringContaining("--image") as string,
    });
  });

  /** Docker with one command that hangs until it is ended. */
  const hangingAt = (hanging: string): CommandRunner => ({
    run: ({ args: [step = ""] }, onLine, ended) => {
      if (step !== hanging) return Promise.resolve(0);
      return new Promise((resolve) => {
        ended.addEventListener("abort", () => resolve(null), { once: true });
        onLine("waiting for the daemon");
      });
    },
  });
  const HOUR_MS = 3_600_000;
  const limits = { version: HOUR_MS, build: HOUR_MS, login: HOUR_MS, push: HOUR_MS };

  it.each(["build", "login", "push"] as const)("ends a %s that hangs, and says what to check", async (step) => {
    const build = buildAndPush(fakeAws(), hangingAt(step), input, silent, signal, { ...limits, [step]: 1 });
    await expect(build).rejects.toMatchObject({
      message: `docker ${step} was not finished after 0.001 s: waiting for the daemon`,
      next: expect.stringContaining("does the Docker daemon answer?") as string,
    });
  });

  it("ends a check whose daemon never answers", async () => {
    await expect(checkDocker(hangingAt("version"), signal, 1)).rejects.toThrow("docker version was not finished after");
  });

  it("does not report a step that a person ended as hanging", async () => {
    const interruption = new AbortController();
    const line = () => interruption.abort();
    await expect(buildAndPush(fakeAws(), hangingAt("build"), input, line, interruption.signal, limits)).rejects.toThrow(
      "docker build ended with a signal",
    );
  });

  it("counts a step as done that succeeds at the moment of its limit", async () => {
    const late: CommandRunner = {
      run: (_, __, ended) =>
        new Promise((resolve) => ended.addEventListener("abort", () => resolve(0), { once: true })),
    };
    await expect(checkDocker(late, signal, 1)).resolves.toBeUndefined();
  });
});

describe("running a program", () => {
  const node = (script: string, stdin?: string) => ({
    program: process.execPath,
    args: ["-e", script],
    ...(stdin !== undefined && { stdin }),
  });

  it("passes standard input, reports whole lines of both outputs, and returns the exit code", async () => {
    const lines: string[] = [];
    const script = `process.stdin.on("data", (d) => { console.log("in " + d); console.error("err"); process.exitCode = 3; })`;
    const code = await programRunner().run(
      node(script, "secret"),
      (line) => lines.push(line),
      new AbortController().signal,
    );
    expect(code).toBe(3);
    expect(lines.sort()).toEqual(["err", "in secret"]);
  });

  it.each([
    ["at its default", "", null],
    ["in its own way", 'process.on("SIGTERM", () => process.exit(7));', 7],
  ])("ends it %s when it is interrupted", async (_, handler, expected) => {
    const interruption = new AbortController();
    const script = `${handler} console.log("up"); setInterval(() => {}, 1000)`;
    const code = await programRunner().run(node(script), () => interruption.abort(), interruption.signal);
    expect(code).toBe(expected);
  });

  it("kills it when it doesn't end after SIGTERM", async () => {
    const interruption = new AbortController();
    const script = `process.on("SIGTERM", () => undefined); console.log("up"); setInterval(() => {}, 1000)`;
    const run = programRunner(1).run(node(script), () => interruption.abort(), interruption.signal);
    await expect(run).resolves.toBeNull();
  });

  it.each([
    ["ends while it is interrupted", "setInterval(() => {}, 1000)", null],
    ["has ended by itself", "process.exitCode = 0", 0],
  ])("does not wait for a child that it left when it %s", async (_, rest, expected) => {
    const interruption = new AbortController();
    const left = "setTimeout(() => {}, 600000)";
    const script = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", ${JSON.stringify(left)}], { detached: true, stdio: "inherit" });
      child.unref();
      console.log(process.pid + " " + child.pid);
      ${rest}`;
    let pids = [0, 0];
    const run = programRunner().run(
      node(script),
      (line) => {
        pids = line.split(" ").map(Number);
        if (expected === null) interruption.abort();
        else void hasEnded(pids[0]).then(() => interruption.abort());
      },
      interruption.signal,
    );
    try {
      await expect(run).resolves.toBe(expected);
    } finally {
      process.kill(pids[1] ?? 0);
    }
  });

  /** Resolves once there is no such process. */
  async function hasEnded(pid = 0): Promise<void> {
    for (;;) {
      try {
        process.kill(pid, 0);
      } catch {
        return;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});
