import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A program that stands for Docker's client, first on PATH. */
export interface FakeDocker {
  /** The arguments of every call so far. */
  calls(): string[][];
  /** Takes it from PATH again. */
  remove(): void;
}

/** Puts a `docker` on PATH from its source, a Node script; `args` are its arguments. With `alone`, nothing else is on it. */
export function installDocker(source: string, alone = false): FakeDocker {
  const folder = mkdtempSync(path.join(tmpdir(), "fake-docker-"));
  const log = path.join(folder, "calls");
  const before = process.env["PATH"] ?? "";
  writeFileSync(log, "");
  writeFileSync(
    path.join(folder, "docker"),
    `#!${process.execPath}
    "use strict";
    const folder = ${JSON.stringify(folder)};
    const args = process.argv.slice(2);
    require("node:fs").appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + "\\n");
    ${source}`,
    { mode: 0o755 },
  );
  process.env["PATH"] = alone ? folder : `${folder}${path.delimiter}${before}`;
  return {
    calls: () =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as string[]),
    remove: () => {
      process.env["PATH"] = before;
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * A Docker whose images are Node programs, named by their path. Its containers outlive the client that started them, as
 * the real ones do.
 */
export const RUNNING_PROGRAMS = `
  const { existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
  const { constants } = require("node:os");
  const fileOf = (name) => folder + "/" + name + ".json";
  const read = (name) => (existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), "utf8")) : {});
  const signal = (name, signal) => {
    const { pid } = read(name);
    try {
      if (pid !== undefined) process.kill(pid, signal);
    } catch {
      // It is gone.
    }
  };
  const values = (option) => args.filter((arg) => arg.startsWith(option)).map((arg) => arg.slice(option.length));
  const last = args.at(-1);
  switch (args[0]) {
    case "create": {
      if (!existsSync(last)) {
        console.error("Error: No such image: " + last);
        process.exit(1);
      }
      const environment = Object.fromEntries(values("--env=").map((pair) => pair.split(/=(.*)/s)));
      writeFileSync(fileOf(values("--name=")[0]), JSON.stringify({ program: last, environment }));
      break;
    }
    case "start": {
      const { program, environment } = read(last);
      const options = { env: environment, stdio: "inherit", detached: true };
      const container = require("node:child_process").spawn(process.execPath, [program], options);
      writeFileSync(fileOf(last), JSON.stringify({ pid: container.pid }));
      container.once("exit", (code, signal) => {
        rmSync(fileOf(last), { force: true });
        process.exit(code ?? 128 + constants.signals[signal]);
      });
      break;
    }
    case "stop":
      signal(last, "SIGTERM");
      break;
    case "rm":
      signal(last, "SIGKILL");
      break;
  }
`;
