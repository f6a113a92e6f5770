import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadConfig } from "../../stacks/config";
import { serviceProgram } from "../../scripts/rehearse/service-program";

const root = mkdtempSync(path.join(tmpdir(), "service-program-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A folder with these files. The file `run` is executable. */
function folder(name: string, ...files: readonly string[]): string {
  mkdirSync(path.join(root, name), { recursive: true });
  for (const file of files) {
    mkdirSync(path.dirname(path.join(root, name, file)), { recursive: true });
    writeFileSync(path.join(root, name, file), "#!/bin/sh\n");
    if (file === "run") chmodSync(path.join(root, name, file), 0o755);
  }
  return name;
}

function found(source: string, command?: readonly string[], runtime: "process" | "docker" = "process") {
  const defaults = { project: "orders", service: { source }, rehearsal: { ...(command && { command }) } };
  const config = loadConfig({ environment: "staging", context: { defaults, environments: { staging: {} } } });
  return serviceProgram(root, config, runtime);
}

describe("the program of a service", () => {
  it("is the configured command, with the program's path", () => {
    const source = folder("commands", "run");
    const directory = path.join(root, source);
    expect(found(source, ["sh", "-c", "exit 0"])).toEqual({
      kind: "command",
      command: [expect.stringMatching(/^\/.*\/sh$/), "-c", "exit 0"],
      directory,
    });
    expect(found(source, ["./run", "--port"])).toMatchObject({ command: [path.join(directory, "run"), "--port"] });
  });

  it.each(["src/server.ts", "src/server.js"])("is a bundle of %s without a command", (entry) => {
    const source = folder(`with-${path.extname(entry).slice(1)}`, entry);
    expect(found(source)).toEqual({ kind: "bundle", entry: path.join(root, source, entry) });
  });

  it("is the image with the docker runtime, whatever the command", () => {
    expect(found(folder("image", "Dockerfile"), ["no-such-program"], "docker")).toBeUndefined();
  });

  it.each([
    { it: "no folder", source: "nowhere", says: /service\.source: nowhere is no folder in / },
    {
      it: "no Dockerfile",
      source: "empty",
      runtime: "docker" as const,
      says: /service\.source: empty has no Dockerfile/,
    },
    {
      it: "nothing to start",
      source: "empty",
      says: /rehearsal\.command: it is missing, and empty has no src\/server\.ts/,
    },
    {
      it: "no such program",
      source: "empty",
      command: ["no-such-program"],
      says: /rehearsal\.command: the program "no-such-program" is on no folder of PATH; install it/,
    },
    {
      it: "no such file",
      source: "empty",
      command: ["bin/serve"],
      says: /rehearsal\.command: the program "bin\/serve" is not there: no file .*\/empty\/bin\/serve/,
    },
    {
      it: "a file that can't be executed",
      source: "empty",
      command: ["./notes"],
      says: /the program ".\/notes" is not executable: chmod \+x .*\/empty\/notes/,
    },
    { it: "a folder as program", source: "empty", command: ["../empty"], says: /is not there: no file/ },
  ])("is refused by its key when there is $it", ({ source, command, runtime, says }) => {
    folder("empty", "notes");
    expect(() => found(source, command, runtime)).toThrow(says);
  });
});
