import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LAUNCHER } from "../../scripts/command/launcher";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "launch-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function launch(program: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, program, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const printed = (stdout: string) => ({ status: 0, stdout: `${stdout}\n`, stderr: "" });

describe("a program", () => {
  it("runs its newest sources: edited, added and removed", () => {
    const program = write("program.ts", 'import { value } from "./value";\nconsole.log(value);\n');
    write("value/index.ts", 'export const value: string = "first";\n');
    expect(launch(program)).toEqual(printed("first"));
    write("value/index.ts", 'export const value: string = "edited";\n');
    expect(launch(program)).toEqual(printed("edited"));
    // Node and TypeScript prefer it to value/index.ts.
    const added = write("value.ts", 'export const value: string = "added";\n');
    expect(launch(program)).toEqual(printed("added"));
    rmSync(added);
    expect(launch(program)).toEqual(printed("edited"));
  });

  it("leaves no file behind", () => {
    const program = write("program.ts", "console.log(1);\n");
    launch(program);
    expect(readdirSync(folder)).toEqual(["program.ts"]);
  });

  it("is this process, with its arguments, in this working directory", async () => {
    const program = write(
      "deep/program.ts",
      "console.log(JSON.stringify([process.pid, process.argv, process.cwd()]));\n",
    );
    const child = spawn(process.execPath, [LAUNCHER, "deep/program.ts", "--help", "a b"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    expect(JSON.parse(output)).toEqual([child.pid, [process.execPath, program, "--help", "a b"], folder]);
  });

  it("finds what lies beside each of its sources", () => {
    write("other/beside.ts", "export const beside = [__dirname, __filename];\n");
    const program = write(
      "program.ts",
      'import { beside } from "./other/beside";\nconsole.log(JSON.stringify([__dirname, __filename, ...beside]));\n',
    );
    const other = path.join(folder, "other");
    expect(JSON.parse(launch(program).stdout)).toEqual([folder, program, other, path.join(other, "beside.ts")]);
  });

  it("finds this repository's packages, ES modules too, without a warning", () => {
    const program = write(
      "program.ts",
      `import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { createColors } from "picocolors";
void import("@aws-sdk/client-sts").then(({ STSClient }) =>
  console.log(typeof rules, typeof createColors, typeof STSClient));
`,
    );
    expect(launch(program)).toEqual(printed("object function function"));
  });

  it("shows in stack traces the lines of its TypeScript sources", () => {
    const thrower = write(
      "thrower.ts",
      "interface Unused {\n  a: 1;\n}\nexport function thrower(): never {\n  throw new Error(__dirname);\n}\n",
    );
    const program = write(
      "program.ts",
      `import { thrower } from "./thrower";
type Unused = 1;
async function main() {
  await Promise.resolve();
  thrower();
}
main().catch((error: unknown) => console.log((error as Error).stack));
`,
    );
    expect(launch(program).stdout.split("\n").slice(0, 3)).toEqual([
      `Error: ${folder}`,
      expect.stringMatching(/^ {4}at thrower \(.+:5:9\)$/),
      `    at main (${program}:5:3)`,
    ]);
    expect(launch(program).stdout).toContain(`(${thrower}:5:9)`);
  });

  it("names them where nobody catches an error, and exits with 1", () => {
    const program = write("program.ts", 'type Unused = 1;\nthrow new RangeError("uncaught");\n');
    const { status, stderr } = launch(program);
    expect(status).toBe(1);
    expect(stderr).toContain(`RangeError: uncaught\n    at ${program}:2:7\n`);
  });

  it("that does not compile is told with its file and line, and exits with 1", () => {
    const program = write("program.ts", 'import { value } from "./value";\nconsole.log(value);\n');
    write("value.ts", "export const value = 1;\nexport const = 2;\n");
    const { status, stdout, stderr } = launch(program);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("value.ts:2:13:");
    expect(stderr).not.toContain("    at ");
    expect(launch("missing.ts")).toMatchObject({ status: 1, stderr: expect.stringContaining("missing.ts") as string });
  });

  it("runs twice at the same moment", async () => {
    const program = write("program.ts", "console.log(process.argv[2]);\n");
    const ended = ["1", "2"].map(async (argument) => {
      const child = spawn(process.execPath, [LAUNCHER, program, argument], { stdio: ["ignore", "pipe", "inherit"] });
      const [output] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
      return output;
    });
    expect(await Promise.all(ended)).toEqual(["1\n", "2\n"]);
  });
});
