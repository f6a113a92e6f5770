import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { LAUNCHER } from "../../scripts/command/launcher";
import { makeFolder, openOutputFile, OutputFileError } from "../../scripts/command/output-file";
import { ownIdentity } from "../../scripts/command/process-identity";

const MODULE = path.resolve("scripts/command/output-file.ts");

let folder: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "output-"));
  file = path.join(folder, "report.json");
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const openAlone = (now?: () => number) => openOutputFile("--report", file, { alone: true, ...(now && { now }) });

/** Another process that has opened the file alone. */
async function another() {
  const programs = mkdtempSync(path.join(folder, "program-"));
  const program = path.join(programs, "program.ts");
  const source = `
    import { openOutputFile } from ${JSON.stringify(MODULE)};
    const opened = openOutputFile("--report", ${JSON.stringify(file)}, { alone: true });
    process.stdin.on("data", () => { opened.write("theirs"); console.log("written"); });
    console.log("opened");`;
  writeFileSync(program, source);
  const child = spawn(process.execPath, [LAUNCHER, program], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface(child.stdout);
  await once(lines, "line");
  return {
    pid: child.pid,
    write: async () => {
      child.stdin.write("write\n");
      await once(lines, "line");
    },
    kill: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

const unfinished = () => readdirSync(folder).filter((name) => name.endsWith(".tmp"));

/** The unfinished file of a process of another machine, touched at that time. */
function leaveFromElsewhere(touchedAt: Date): string {
  const { pid, start } = ownIdentity();
  const left = path.join(folder, `.report.json.01234567-${pid}-${start}.tmp`);
  writeFileSync(left, "");
  utimesSync(left, touchedAt, touchedAt);
  return left;
}

describe("a file that a process writes alone", () => {
  it("is refused to another one until it is written, and the refused one changes nothing", async () => {
    const other = await another();
    const left = unfinished();
    expect(openAlone).toThrow(
      new OutputFileError(
        "--report",
        file,
        `process ${other.pid} writes it at the moment`,
        "wait until it has ended, or choose another place",
      ),
    );
    expect(unfinished()).toEqual(left);
    await other.write();
    openAlone().write("ours");
    expect(readFileSync(file, "utf8")).toBe("ours");
    expect(unfinished()).toEqual([]);
  });

  it("is no longer that of a process that was killed, and of which nothing is left", async () => {
    const other = await another();
    await other.kill();
    expect(unfinished()).toHaveLength(1);
    const opened = openAlone();
    expect(unfinished()).toHaveLength(1);
    opened.write("ours");
    expect(readFileSync(file, "utf8")).toBe("ours");
    expect(unfinished()).toEqual([]);
  });

  it("is opened by a process with the id of one that was killed", () => {
    const { host, pid } = ownIdentity();
    writeFileSync(path.join(folder, `.report.json.${host}-${pid}-0123456789ab.tmp`), "");
    openAlone().write("ours");
    expect(unfinished()).toEqual([]);
  });

  it("is free again when the process has discarded it", () => {
    openAlone().discard();
    openAlone().discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is refused while a process of another machine touches it", () => {
    const left = leaveFromElsewhere(new Date());
    expect(openAlone).toThrow(
      new OutputFileError(
        "--report",
        file,
        "a process of another machine or container writes it at the moment",
        `wait until it has ended, delete ${left} if that process has ended, or choose another place`,
      ),
    );
    expect(unfinished()).toEqual([path.basename(left)]);
  });

  it("is no longer that of a process of another machine that has not touched it for two minutes", () => {
    const touchedAt = new Date("2030-01-01T00:00:00Z");
    const left = leaveFromElsewhere(touchedAt);
    const after = (milliseconds: number) => openAlone(() => touchedAt.getTime() + milliseconds);
    expect(() => after(119_999)).toThrow(OutputFileError);
    after(120_000).write("ours");
    // Whether its process still runs can't be known from here.
    expect(existsSync(left)).toBe(true);
  });

  it("is touched while it is open, and not afterwards", () => {
    jest.useFakeTimers();
    try {
      const opened = openAlone();
      const [name = ""] = unfinished();
      const old = new Date("2020-01-01T00:00:00Z");
      utimesSync(path.join(folder, name), old, old);
      jest.advanceTimersByTime(15_000);
      expect(statSync(path.join(folder, name)).mtime).not.toEqual(old);
      opened.write("ours");
      expect(jest.getTimerCount()).toBe(0);
      openAlone().discard();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it.each(["other.json", "my-report.json", "report.json.old"])("has nothing to do with %s beside it", (name) => {
    const beside = openOutputFile("--report", path.join(folder, name), { alone: true });
    openAlone().write("ours");
    beside.write("beside");
    expect(readFileSync(path.join(folder, name), "utf8")).toBe("beside");
  });
});

describe("a file that several processes may write", () => {
  it("has the text of the last one", async () => {
    const other = await another();
    const opened = openOutputFile("--html", file);
    await other.write();
    opened.write("ours");
    expect(readFileSync(file, "utf8")).toBe("ours");
  });
});

describe("a folder", () => {
  it("is made with those above it, and stays when it is there", () => {
    const deep = path.join(folder, "a", "b", "c");
    makeFolder(deep);
    writeFileSync(path.join(deep, "file"), "");
    makeFolder(deep);
    expect(readdirSync(deep)).toEqual(["file"]);
  });

  it("can't be made over or below a file, nor where no entries can be made", () => {
    writeFileSync(file, "");
    expect(() => makeFolder(file)).toThrow(`${file} is no folder`);
    expect(() => makeFolder(path.join(file, "a"))).toThrow("ENOTDIR");
    expect(() => makeFolder("/proc/none/report")).toThrow(/^E\w+: .*'\/proc/);
  });
});
