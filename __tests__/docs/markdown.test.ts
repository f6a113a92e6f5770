import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Lines outside of tables are shorter than this. Characters. */
const MAX_LENGTH = 160;
/** The folders of this project; others at the top belong to other services, or are written by commands. */
const OWN_FOLDERS = [".ci", ".github", "__tests__", "api", "docs", "scripts", "stacks"];
/** Folders that hold no source files. */
const IGNORED = ["node_modules", "dist"];
/** The example and its tests. Where they are deleted, the documents may still name them. */
const EXAMPLE = ["api/", "__tests__/api/", "__tests__/example/"];
/** Every file and folder of the project; folders end with a slash. */
const FILES = filesIn("");
const DOCUMENTS = FILES.filter((file) => file.endsWith(".md"));
/** Documents that name many files. */
const GUIDES = ["CONTRIBUTING.md", "docs/architecture.md"];
/** Names of files that commands write. */
const GENERATED = /^cdktf\.out\/|^(?:report|review)\.json$/;

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder === "" ? "." : folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (!entry.isDirectory()) return [path];
    const isOwn = folder === "" ? OWN_FOLDERS.includes(entry.name) : !IGNORED.includes(entry.name);
    return isOwn ? [`${path}/`, ...filesIn(`${path}/`)] : [];
  });
}

/** The lines of a document; those of code blocks are empty. */
function proseOf(text: string): readonly string[] {
  let fence = false;
  return text.split("\n").map((line) => {
    const isFence = /^\s*(?:```|~~~)/.test(line);
    if (isFence) fence = !fence;
    return isFence || fence ? "" : line;
  });
}

/** The anchors of a document, as GitHub makes them of its headings. */
function anchorsOf(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return proseOf(text).flatMap((line) => {
    const [, heading] = /^#{1,6}\s+(.*)$/.exec(line) ?? [];
    if (heading === undefined) return [];
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return [count === 0 ? anchor : `${anchor}-${count}`];
  });
}

/** The targets of links and images within the project. */
function linksOf(text: string): readonly string[] {
  const links = [
    ...proseOf(text)
      .join("\n")
      .matchAll(/\]\(\s*<?([^)\s>]+)/g),
  ].map(([, target = ""]) => target);
  return links.filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** Texts in backticks that look like the path of a file or folder: `scripts/plan.ts`, `stacks/*`, `rules/`. */
function pathsOf(text: string): readonly string[] {
  return [...text.matchAll(/`([\w.*<>-]+(?:\/[\w.*<>-]*)*)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => /\.(?:ts|mjs|cjs|md|json|yaml|yml|svg)$/.test(path) || /^[\w.-]+\/[\w.*<>/-]*$/.test(path))
    .filter((path) => !GENERATED.test(path));
}

/** Matches a path in which `*` and `<name>` stand for any name. */
function patternOf(path: string): RegExp {
  const source = path.replace(/[.+]/g, "\\$&").replace(/\*|<[^>]*>/g, "[^/]*");
  return new RegExp(`^${source}/?$`);
}

function exists(path: string): boolean {
  const pattern = patternOf(path);
  return isOfDeletedExample(path) || FILES.some((file) => pattern.test(file));
}

function isOfDeletedExample(path: string): boolean {
  return !existsSync("api/rehearsal/index.ts") && EXAMPLE.some((folder) => `${path}/`.startsWith(folder));
}

/** The folders that lead to a path, and the path itself when it is a folder, each with a slash at its end. */
function foldersOf(path: string): readonly string[] {
  const steps = path.split("/").filter((step) => step !== "");
  const folders = steps.map((_, index) => `${steps.slice(0, index + 1).join("/")}/`);
  return folders.filter((folder) => FILES.includes(folder));
}

/**
 * Paths in a section that don't exist. A path may start at the root, or at any folder that leads to an existing path of the
 * same section: `scripts/cloud/cloud.ts` allows `codedeploy/machine.ts`, and that allows `run.ts`.
 */
function missingPaths(section: string): readonly string[] {
  const paths = pathsOf(section);
  const folders = new Set([""]);
  const resolve = (path: string) => [...folders].map((folder) => `${folder}${path}`).filter(exists);
  let known = 0;
  while (known < folders.size) {
    known = folders.size;
    for (const folder of paths.flatMap(resolve).flatMap(foldersOf)) folders.add(folder);
  }
  return paths.filter((path) => resolve(path).length === 0);
}

describe.each(DOCUMENTS)("%s", (file) => {
  const text = readFileSync(file, "utf8");

  it(`has lines under ${MAX_LENGTH} characters outside of tables`, () => {
    const long = text.split("\n").flatMap((line, index) => {
      const isTable = line.trimStart().startsWith("|");
      return !isTable && line.length >= MAX_LENGTH ? [`${file}:${index + 1}: ${line.length} characters`] : [];
    });
    expect(long).toEqual([]);
  });

  it("links to files and headings that exist", () => {
    const broken = linksOf(text).filter((target) => {
      const [path = "", anchor] = target.split("#");
      const linked = path === "" ? file : join(dirname(file), path);
      if (isOfDeletedExample(linked)) return false;
      if (!existsSync(linked)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(linked, "utf8")).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe.each(GUIDES)("the paths in %s", (file) => {
  it("exist", () => {
    const sections = readFileSync(file, "utf8").split(/^## /m);
    expect(sections.flatMap(missingPaths)).toEqual([]);
  });
});

describe("the check of the documents", () => {
  it("finds links, anchors and paths", () => {
    expect(linksOf("[a](b.md#c) ![d](e.svg) [f](https://example.com) `[g](h)`")).toEqual(["b.md#c", "e.svg", "h"]);
    expect(anchorsOf("# What it *is*\n```\n# no\n```\n## What it is\n## `npm run x`, and ECS's")).toEqual([
      ...["what-it-is", "what-it-is-1", "npm-run-x-and-ecss"],
    ]);
    expect(pathsOf("`scripts/plan.ts` `main.ts` `rules/` `npm test` `a.b` `stacks/*` `report.json`")).toEqual([
      ...["scripts/plan.ts", "main.ts", "rules/", "stacks/*"],
    ]);
  });

  it("finds a path that is missing", () => {
    expect(missingPaths("`scripts/plan/rules/all.ts`, `rule.ts`, `rules/dns.ts`, `attributes/`")).toEqual([]);
    expect(missingPaths("`scripts/plan/rules/all.ts`, `nowhere.ts`, `scripts/nowhere/`, `dns.mjs`")).toEqual([
      ...["nowhere.ts", "scripts/nowhere/", "dns.mjs"],
    ]);
  });
});
