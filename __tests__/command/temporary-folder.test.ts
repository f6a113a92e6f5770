import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { LAUNCHER } from "../../scripts/command/launcher";
import { isRunning, ownIdentity } from "../../scripts/command/process-identity";
import { makeTemporaryFolder, ownerOf, TemporaryFolderError } from "../../scripts/command/temporary-folder";

const MODULE = path.resolve("scripts/command/temporary-folder.ts");

let parent: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), "temporary-"));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(parent, { recursive: true, force: true });
});

/** A process that makes a folder, prints its path and stays. */
async function another() {
  const program = path.join(parent, "program.ts");
  const source = `
    import { makeTemporaryFolder } from ${JSON.stringify(MODULE)};
    console.log(makeTemporaryFolder("stage"));
    setInterval(() => undefined, 1000);`;
  writeFileSync(program, source);
  const child = spawn(process.execPath, [LAUNCHER, program], {
    env: { ...process.env, TMPDIR: parent },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [folder] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    folder,
    kill: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** A folder of that name, with something in it. */
function leave(name: string): string {
  const folder = path.join(parent, name);
  mkdirSync(path.join(folder, "cdktf.out"), { recursive: true });
  writeFileSync(path.join(folder, "cdktf.out", "manifest.json"), "{}");
  return folder;
}

const nameOf = ({ host, pid, start }: { readonly host: string; readonly pid: number; readonly start: string }) =>
  `canary-release-${host}-${pid}-${start}-stage-abcdef`;

describe("a temporary folder", () => {
  it("is empty, and says for whom and what it is", () => {
    const folder = makeTemporaryFolder("plan", parent);
    expect(path.dirname(folder)).toBe(parent);
    expect(path.basename(folder)).toMatch(/-plan-\w{6}$/);
    expect(ownerOf(path.basename(folder))).toEqual(ownIdentity());
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of a process that was killed is removed by the next one; of one that runs it stays", async () => {
    const killed = await another();
    const running = await another();
    const own = makeTemporaryFolder("stage", parent);
    expect([killed.folder, running.folder, own].map((folder) => existsSync(folder))).toEqual([true, true, true]);
    await killed.kill();
    makeTemporaryFolder("stage", parent);
    expect([killed.folder, running.folder, own].map((folder) => existsSync(folder))).toEqual([false, true, true]);
    await running.kill();
  });

  it("of a process whose id is now another's is removed", () => {
    const folder = leave(nameOf({ ...ownIdentity(), start: "0123456789ab" }));
    makeTemporaryFolder("stage", parent);
    expect(existsSync(folder)).toBe(false);
  });

  it("of a process elsewhere stays: whether that runs is not to be seen from here", () => {
    const folder = leave(nameOf({ ...ownIdentity(), host: "01234567", start: "0123456789ab" }));
    makeTemporaryFolder("stage", parent);
    expect(existsSync(folder)).toBe(true);
  });

  it.each(["canary-release-abcdef", "canary-release-", "tsx-0", "canary-release-xxxxxxxx-1-xxxxxxxxxxxx-stage-abcdef"])(
    "that is none of ours stays: %s",
    (name) => {
      const folder = leave(name);
      makeTemporaryFolder("stage", parent);
      expect(existsSync(folder)).toBe(true);
    },
  );

  it("is removed, and not what a link of its name leads to", () => {
    const precious = leave("precious");
    const link = path.join(parent, nameOf({ ...ownIdentity(), start: "0123456789ab" }));
    symlinkSync(precious, link);
    makeTemporaryFolder("stage", parent);
    expect(() => lstatSync(link)).toThrow("ENOENT");
    expect(readdirSync(precious)).toEqual(["cdktf.out"]);
  });
});

describe("the folder for temporary files", () => {
  it.each([
    ["that does not exist", "nope", "it does not exist"],
    ["that is a file", "file", "it is not a folder"],
    ["below a file", "file/below", "it is not a folder"],
  ])("is told in one line: one %s", (_what, name, reason) => {
    const folder = path.join(parent, name);
    writeFileSync(path.join(parent, "file"), "");
    expect(() => makeTemporaryFolder("stage", folder)).toThrow(
      new TemporaryFolderError(
        `The folder for temporary files, ${folder}, cannot be used: ${reason}. ` +
          "Set TMPDIR to a folder that exists and can be written.",
      ),
    );
  });

  it("is told apart from one that is there and takes nothing", () => {
    if (process.platform !== "linux") return;
    expect(() => makeTemporaryFolder("stage", "/proc")).toThrow(/ \/proc, cannot be used: (?!it does not exist)/);
  });

  it("may be unusable for the commands that need none, and for the help of all", async () => {
    // As the superuser, one may write in /proc by one's rights, and can't.
    const unusable = [
      path.join(parent, "nope"),
      path.resolve("package.json"),
      ...(process.platform === "linux" ? ["/proc"] : []),
    ];
    for (const TMPDIR of unusable) {
      const args = [LAUNCHER, "scripts/cloud.ts", "--help"];
      const child = spawn(process.execPath, args, { env: { ...process.env, TMPDIR }, stdio: "ignore" });
      children.push(child);
      expect(await once(child, "exit")).toEqual([0, null]);
      expect(existsSync(path.join(parent, "nope"))).toBe(false);
    }
  });
});

describe("a process", () => {
  it("is known to run, and to be over, by id and start", async () => {
    expect(isRunning(ownIdentity())).toBe(true);
    expect(isRunning({ ...ownIdentity(), start: "0123456789ab" })).toBe(false);
    expect(isRunning({ ...ownIdentity(), host: "01234567" })).toBeUndefined();
    const child = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
    await once(child, "exit");
    expect(isRunning({ ...ownIdentity(), pid: child.pid ?? 0 })).toBe(false);
  });
});
