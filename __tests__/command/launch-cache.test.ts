import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LAUNCHER } from "../../scripts/command/launcher";

const MODULES = path.join(LAUNCHER, "../../../node_modules");

let root: string;
/** A repository with the launcher, esbuild, and `yaml` of one file, which stands for the large packages. */
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), "launch-cache-")));
  for (const name of readdirSync(path.dirname(LAUNCHER)).filter((file) => file.endsWith(".mjs"))) {
    mkdirSync(path.join(root, "scripts/command"), { recursive: true });
    cpSync(path.join(path.dirname(LAUNCHER), name), path.join(root, "scripts/command", name));
  }
  write("node_modules/.package-lock.json", "{}");
  symlinkSync(path.join(MODULES, "esbuild"), path.join(root, "node_modules/esbuild"));
  write("node_modules/yaml/index.js", 'exports.text = "package";\n');
  write("node_modules/plain/index.js", "exports.folder = __dirname;\n");
  write("scripts/value/index.ts", 'export const value: string = "first";\n');
  write(
    "scripts/program.ts",
    'import { text } from "yaml";\nimport { value } from "./value";\nconsole.log(value, text);\n',
  );
});
afterEach(() => {
  chmodSync(cacheFolder(), 0o755);
  rmSync(root, { recursive: true });
});

function cacheFolder(): string {
  const folder = path.join(root, "node_modules/.cache/launch");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Writes a file that is older than any start: the launcher doesn't keep what changes while it is read. */
function write(name: string, text: string): void {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  const before = (written += 1);
  for (let at = file; at !== root; at = path.dirname(at)) utimesSync(at, before, before);
  utimesSync(root, before, before);
}
/** Seconds of 2001, one more for each file. */
let written = 1_000_000_000;

const launcher = () => path.join(root, "scripts/command/launch.mjs");

function launch(program = "scripts/program.ts", node: readonly string[] = []): string {
  const run = spawnSync(process.execPath, [...node, launcher(), program], { cwd: root, encoding: "utf8" });
  return run.stdout + run.stderr;
}

/** Runs the program while esbuild is away: only a kept bundle can run. */
function launchKept(program?: string): string {
  const [esbuild, away] = ["esbuild", "away"].map((name) => path.join(root, "node_modules", name)) as [string, string];
  renameSync(esbuild, away);
  try {
    return launch(program);
  } finally {
    renameSync(away, esbuild);
  }
}

const keptFiles = () => readdirSync(cacheFolder());
const fileOf = (ending: string) => path.join(cacheFolder(), keptFiles().find((name) => name.endsWith(ending)) ?? "");

describe("the bundles of a program", () => {
  it("are kept: the second start needs no esbuild", () => {
    expect(launch()).toBe("first package\n");
    expect(launchKept()).toBe("first package\n");
  });

  it("hold large packages, and leave the others to Node", () => {
    write(
      "scripts/program.ts",
      'import { text } from "yaml";\nimport { folder } from "plain";\nconsole.log(text, folder);\n',
    );
    const printed = `package ${path.join(root, "node_modules/plain")}\n`;
    expect(launch()).toBe(printed);
    renameSync(path.join(root, "node_modules/yaml/index.js"), path.join(root, "node_modules/yaml/other.js"));
    expect(launch()).toContain("Could not resolve");
  });

  it.each([
    [
      "an edited source",
      () => write("scripts/value/index.ts", 'export const value: string = "other";\n'),
      "other package",
    ],
    [
      "a source that takes the place of another",
      () => write("scripts/value.ts", 'export const value = "added";\n'),
      "added package",
    ],
    ["an edited package", () => write("node_modules/yaml/index.js", 'exports.text = "patched";\n'), "first patched"],
    [
      "a package that npm has replaced by one of the same size and age",
      () => {
        const file = path.join(root, "node_modules/yaml/index.js");
        write("new.js", 'exports.text = "npm ci!";\n');
        utimesSync(path.join(root, "new.js"), 1_000_000_000, 1_000_000_000);
        utimesSync(file, 1_000_000_000, 1_000_000_000);
        renameSync(path.join(root, "new.js"), file);
      },
      "first npm ci!",
    ],
    [
      "an installation by npm that gives the package another file",
      () => {
        write("node_modules/yaml/package.json", '{ "main": "new.js" }');
        write("node_modules/yaml/new.js", 'exports.text = "new";\n');
        write("node_modules/.package-lock.json", "{ }");
      },
      "first new",
    ],
    [
      "another import of a package",
      () => {
        write("node_modules/yaml/deep.js", 'exports.text = "deep";\n');
        write("scripts/value/index.ts", 'export { text as value } from "yaml/deep";\n');
      },
      "deep package",
    ],
    [
      "settings of TypeScript beside a source",
      () => {
        write("scripts/value/tsconfig.json", '{ "compilerOptions": { "useDefineForClassFields": false } }');
        write("scripts/value/index.ts", 'class A { a = "first"; }\nexport const value = new A().a;\n');
      },
      "first package",
    ],
    [
      "the launcher",
      () =>
        write(
          "scripts/command/bundle.mjs",
          `${readFileSync(path.join(root, "scripts/command/bundle.mjs"), "utf8")}console.log("newer");\n`,
        ),
      "newer\nfirst package",
    ],
  ])("are made again after a change: %s", (_name, change, printed) => {
    expect(launch()).toBe("first package\n");
    change();
    expect(launch()).toBe(`${printed}\n`);
    expect(launchKept()).toBe(`${printed}\n`);
  });

  it("are made again when their sources are as before, but the kept ones are not", () => {
    launch();
    write("scripts/value/index.ts", 'export const value: string = "other";\n');
    launch();
    write("scripts/value/index.ts", 'export const value: string = "first";\n');
    expect(launch()).toBe("first package\n");
  });

  it("are not kept when a source changes while it is read", () => {
    write("scripts/program.ts", 'console.log("now");\n');
    const later = Date.now() / 1000 + 3600;
    utimesSync(path.join(root, "scripts/program.ts"), later, later);
    expect(launch()).toBe("now\n");
    expect(keptFiles()).toEqual([]);
  });

  it("are apart for programs of the same name", () => {
    write("stacks/program.ts", 'console.log("stacks");\n');
    launch();
    expect(launch("stacks/program.ts")).toBe("stacks\n");
    expect(launch()).toBe("first package\n");
    expect(launchKept("stacks/program.ts")).toBe("stacks\n");
  });

  it("stand in no file that grows in number", () => {
    launch();
    const files = keptFiles();
    write("scripts/value/index.ts", 'export const value: string = "other";\n');
    launch();
    expect(keptFiles()).toEqual(files);
  });
});

describe("a damaged cache", () => {
  const damages: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ["empty", () => Buffer.alloc(0)],
    ["cut short", (bytes) => bytes.subarray(0, bytes.length / 2)],
    ["changed at its start", (bytes) => Buffer.concat([Buffer.from("!"), bytes.subarray(1)])],
    ["changed at its end", (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from("!")])],
    ["of zeros", (bytes) => Buffer.alloc(bytes.length)],
  ];
  const kinds: readonly (readonly [string, RegExp])[] = [
    ["bundles", /\.js$/],
    ["what V8 has compiled", /\.v8$/],
  ];
  it.each(kinds.flatMap(([kind, names]) => damages.map(([damage, change]) => [kind, damage, names, change] as const)))(
    "is written again: %s, %s",
    (_kind, _damage, names, change) => {
      launch();
      const files = keptFiles().filter((name) => names.test(name));
      expect(files).toHaveLength(2);
      const damaged = files.map((name) => {
        const file = path.join(cacheFolder(), name);
        const bytes = change(readFileSync(file));
        writeFileSync(file, bytes);
        return { file, bytes };
      });
      expect(launch()).toBe("first package\n");
      for (const { file, bytes } of damaged) expect(readFileSync(file).equals(bytes)).toBe(false);
      expect(launchKept()).toBe("first package\n");
    },
  );

  it("with what V8 has compiled of an earlier source runs the newest", () => {
    launch();
    const earlier = readFileSync(fileOf("program.js.v8"));
    // Of the same length, which is all that V8 compares.
    write("scripts/value/index.ts", 'export const value: string = "other";\n');
    launch();
    writeFileSync(fileOf("program.js.v8"), earlier);
    expect(launch()).toBe("other package\n");
  });

  it("with what other settings of V8 have compiled runs", () => {
    launch(undefined, ["--no-lazy"]);
    expect(launch()).toBe("first package\n");
    expect(launchKept()).toBe("first package\n");
  });
});

describe("without a folder to keep bundles in", () => {
  it("a program runs, and Node loads all packages", () => {
    rmSync(path.join(root, "node_modules/.cache"), { recursive: true, force: true });
    write("node_modules/.cache", "a file");
    expect(launch()).toBe("first package\n");
    rmSync(path.join(root, "node_modules/.cache"));
  });

  it("a program runs where it may not write", () => {
    launch();
    write("scripts/value/index.ts", 'export const value: string = "other";\n');
    // root may write everywhere; a folder in the place of the file stops it as well.
    for (const name of keptFiles()) {
      rmSync(path.join(cacheFolder(), name));
      mkdirSync(path.join(cacheFolder(), name, "full"), { recursive: true });
    }
    const before = keptFiles();
    chmodSync(cacheFolder(), 0o555);
    expect(launch()).toBe("other package\n");
    expect(keptFiles()).toEqual(before);
  });
});

describe("programs that start at the same moment", () => {
  it("all run, and leave one whole bundle", async () => {
    const outputs = Array.from({ length: 6 }, async () => {
      const child = spawn(process.execPath, [launcher(), "scripts/program.ts"], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
      await once(child, "close");
      return output;
    });
    expect(new Set(await Promise.all(outputs))).toEqual(new Set(["first package\n"]));
    expect(keptFiles().filter((name) => !/\.js(\.v8)?$/.test(name))).toEqual([]);
    expect(launchKept()).toBe("first package\n");
  });
});

describe("stack traces", () => {
  it("name the sources, and the kept file of a package, also from the cache", () => {
    write("node_modules/yaml/index.js", 'exports.text = () => { throw new Error("thrown"); };\n');
    write(
      "scripts/program.ts",
      'import { text } from "yaml";\ntype Unused = 1;\ntry {\n  (text as () => void)();\n} catch (error) {\n  console.log((error as Error).stack);\n}\n',
    );
    for (const printed of [launch(), launchKept()]) {
      expect(printed).toContain(`at ${path.join(root, "scripts/program.ts")}:4:`);
      const [, file = "", line] = /at exports\w*\.text \((.+):(\d+):\d+\)/.exec(printed) ?? [];
      expect(file).toBe(fileOf("packages.js"));
      expect(readFileSync(file, "utf8").split("\n")[Number(line) - 1]).toContain('throw new Error("thrown")');
    }
  });
});
