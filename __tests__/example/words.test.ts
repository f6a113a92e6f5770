import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders and files that know nothing of the example. Its owner extends the list as others get there. */
const CLEAN = ["main.ts", "stacks", "scripts/release", "scripts/release.ts", "scripts/plan", "scripts/plan.ts"];
const MORE_CLEAN = [
  "scripts/deploy",
  "scripts/deploy.ts",
  "scripts/bootstrap",
  "scripts/bootstrap.ts",
  "scripts/command",
  "scripts/rehearse",
  "scripts/rehearse.ts",
  "scripts/cloud.ts",
];

/** Words of the Tasks API: its name, its paths, its folder, its table. */
const WORDS = /tasks[ -]api|tasks-table|TasksTable|["'`]\/tasks\b|create a task|\bapi\/(?!API_|cli|url)[a-z.]/i;
/** Addresses of documentation, and imports, have paths of their own. */
const withoutAddresses = (line: string) => line.replaceAll(/https?:\/\/\S+/g, "");

/** Lines that must speak of it, with the reason. */
const ALLOWED: readonly (readonly [text: string, reason: string])[] = [
  ["aws_dynamodb_table.tasks-table_92A50543", "the table's address in earlier states"],
  ['project: "tasks-api"', "the default of the project, from before there were other services"],
];

function filesIn(path: string): string[] {
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesIn(join(path, entry.name)));
}

describe("the words of the example", () => {
  it.each([...CLEAN, ...MORE_CLEAN])("are not in %s", (path) => {
    const found = filesIn(path).flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line, index) =>
          WORDS.test(withoutAddresses(line)) && !ALLOWED.some(([text]) => line.includes(text))
            ? [`${file}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    );
    expect(found).toEqual([]);
  });
});
