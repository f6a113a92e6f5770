import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** The allow-matrix of the lint configuration: the one source of who may import from whom. */
interface House {
  /** Files and folders of each room. */
  readonly rooms: Readonly<Record<string, readonly string[]>>;
  readonly allowed: Readonly<Record<string, readonly string[]>>;
  /** Rooms that may be deleted. */
  readonly exampleRooms: readonly string[];
  /** The folders at the top that are this project's. */
  readonly ownFolders: readonly string[];
  /** What each room of the local cloud shares with the others. */
  readonly cloudRooms: Readonly<Record<string, readonly string[]>>;
  readonly cloudCore: readonly string[];
}

/** Runs a module that may import ESLint and the project's configuration; gives what it prints as JSON. */
function evaluate(script: string, input: unknown = null): unknown {
  const args = ["--input-type=module", "-e", script];
  const output = execFileSync(process.execPath, args, {
    encoding: "utf8",
    input: JSON.stringify(input),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output);
}

const { rooms, allowed, exampleRooms, cloudRooms, cloudCore, ownFolders } = evaluate(`
  import * as everything from "./eslint.config.mjs";
  const { default: _, ...house } = everything;
  console.log(JSON.stringify(house));`) as House;

/** A TypeScript file of each place in a room: one is enough, the others are of the same folder. */
const isIn = (place: string) => (file: string) => file === place || file.startsWith(`${place}/`);
const FILES = execFileSync("git", ["ls-files", "*.ts"], { encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => !file.includes("/") || ownFolders.some((folder) => isIn(folder)(file)));
const roomOf = (file: string) =>
  Object.keys(rooms).find((room) => rooms[room]?.some((place) => isIn(place)(file)) === true);
const placesOf = (room: string) =>
  (rooms[room] ?? []).flatMap((place) => {
    const found = FILES.find((file) => isIn(place)(file) && roomOf(file) === room && !file.endsWith(".d.ts"));
    if (found === undefined && !exampleRooms.includes(room)) throw new Error(`no file in ${place}`);
    return found ?? [];
  });

interface Case {
  readonly from: string;
  readonly to: string;
  readonly file: string;
  readonly text: string;
}

/**
 * Lints each text as if it stood in the named file, with the project's own configuration: its rules about what may be
 * reached, which need no types.
 */
function refusals(cases: readonly Pick<Case, "file" | "text">[]): string[][] {
  const script = `
    import { ESLint } from "eslint";
    import { text } from "node:stream/consumers";
    const cases = JSON.parse(await text(process.stdin));
    const eslint = new ESLint({
      ruleFilter: ({ ruleId }) => /restricted/.test(ruleId),
      overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    });
    const out = [];
    for (const { file, text } of cases) {
      const [result] = await eslint.lintText(text, { filePath: file });
      out.push(result.messages.map((message) => message.ruleId + ": " + message.message));
    }
    console.log(JSON.stringify(out));`;
  return evaluate(script, cases) as string[][];
}

function importOf(file: string, target: string): string {
  const relative = path.posix.relative(path.posix.dirname(file), target).replace(/\.ts$/, "");
  return `import "${relative.startsWith(".") ? relative : `./${relative}`}";`;
}

/** Every room's every place, importing from every place of every other room. */
const PAIRS: readonly Case[] = Object.keys(rooms).flatMap((from) =>
  placesOf(from).flatMap((file) =>
    Object.keys(rooms)
      .filter((to) => to !== from)
      .flatMap((to) => placesOf(to).map((target) => ({ from, to, file, text: importOf(file, target) }))),
  ),
);

const OTHERS = [
  { file: "scripts/release.ts", text: 'import "cdktf";', why: "cdktf stays in stacks/ and main.ts" },
  { file: "stacks/names.ts", text: 'import "@cdktf/provider-aws";', why: "the root loads everything" },
  { file: "scripts/cloud/settings.ts", text: "export const now = Date.now();", why: "ask the cloud's clock" },
  { file: "scripts/cloud/clock.ts", text: "export const now = Date.now();", why: undefined },
] as const;

describe("the directions of import", () => {
  const results = refusals([...PAIRS, ...OTHERS]);

  it("hold every file in a room", () => {
    expect(FILES.filter((file) => roomOf(file) === undefined)).toEqual([]);
    expect(Object.keys(allowed)).toEqual(Object.keys(rooms));
  });

  it.each(Object.keys(rooms).flatMap((from) => Object.keys(rooms).map((to) => [from, to] as const)))(
    "from %s to %s are as the matrix has them",
    (from, to) => {
      const may = from === to || (allowed[from] ?? []).includes(to);
      const wrong = PAIRS.flatMap((pair, index) => {
        if (pair.from !== from || pair.to !== to) return [];
        const refused = (results[index] ?? []).some((message) => message.includes("no-restricted-paths"));
        return refused === may ? [`${pair.file}: ${pair.text}`] : [];
      });
      expect(wrong).toEqual([]);
    },
  );

  it.each(OTHERS.map((entry, index) => [entry.text, entry.file, entry.why, index] as const))(
    "of %s in %s: %s",
    (_text, _file, why, index) => {
      const messages = results[PAIRS.length + index];
      expect(messages).toEqual(why === undefined ? [] : [expect.stringContaining(why)]);
    },
  );

  it("are the arrows of docs/architecture.md", () => {
    const page = readFileSync("docs/architecture.md", "utf8");
    const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} --> ${to}`);
    const arrows = Object.entries(allowed)
      .filter(([room]) => room !== "tests")
      .flatMap(([room, reachable]) => reachable.map((other) => `${room} --> ${other}`));
    expect(drawn.sort()).toEqual(arrows.sort());
  });
});

describe("the rooms of the local cloud", () => {
  const CLOUD = "scripts/cloud";
  const COMPOSITION_ROOT = "cloud.ts";
  const names = Object.keys(cloudRooms);
  const cases = names.map((from) => {
    const targets = FILES.filter((file) => names.some((to) => to !== from && isIn(`${CLOUD}/${to}`)(file)));
    const file = `${CLOUD}/${from}/any.ts`;
    return { from, file, targets, text: targets.map((target) => importOf(file, target)).join("\n") };
  });
  const results = refusals(cases);

  it("hold every file of it", () => {
    const places = [...names, ...cloudCore, COMPOSITION_ROOT].map((name) => `${CLOUD}/${name}`);
    expect(FILES.filter((file) => isIn(CLOUD)(file) && !places.some((place) => isIn(place)(file)))).toEqual([]);
    expect(places.filter((place) => !FILES.some(isIn(place)))).toEqual([]);
  });

  it.each(cases.map(({ from }, index) => [from, index] as const))("let %s import only what they share", (_, index) => {
    const { file, targets } = cases[index] ?? { file: "", targets: [] };
    const shared = names.flatMap((to) => (cloudRooms[to] ?? []).map((name) => `${CLOUD}/${to}/${name}`));
    const refused = (target: string) => {
      const specifier = importOf(file, target).slice("import ".length, -1);
      return results[index]?.some((message) => message.includes(specifier)) === true;
    };
    expect(targets.filter((target) => !refused(target))).toEqual(targets.filter((target) => shared.includes(target)));
  });

  it("share files that exist", () => {
    const shared = names.flatMap((to) => (cloudRooms[to] ?? []).map((name) => `${CLOUD}/${to}/${name}`));
    expect(shared.filter((file) => !FILES.includes(file))).toEqual([]);
  });
});

describe("import cycles", () => {
  it("are seen in TypeScript files", () => {
    const found = evaluate(`
      import { ESLint } from "eslint";
      const eslint = new ESLint({
        ruleFilter: ({ ruleId }) => ruleId === "import-x/no-cycle",
        overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
      });
      const [result] = await eslint.lintText('import { compileExpression } from "./compile"; export const used = compute;', {
        filePath: "scripts/cloud/metrics/functions.ts",
      });
      console.log(JSON.stringify(result.messages.map((message) => message.ruleId)));`);
    expect(found).toEqual(["import-x/no-cycle"]);
  });
});
