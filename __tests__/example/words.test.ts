import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Where the example may be named: itself, its tests, its configuration, documents, and files written by tools. */
const EXAMPLE = /^(?:api\/|__tests__\/(?:api|example)\/|docs\/|[^/]+\.md$|cdktf\.json$|package-lock\.json$)/;

/** Words of the Tasks API: its name, its paths, its folder, its table. */
const WORDS = /tasks[ -]api|tasks-table|TasksTable|["'`]\/tasks\b|create a task|(?<![\w-])api\/(?!API_|cli|url)[a-z.]/i;
/** Addresses of documentation have paths of their own. */
const withoutAddresses = (line: string) => line.replaceAll(/https?:\/\/\S+/g, "");

/** Lines that must speak of it, with the reason. */
const ALLOWED: readonly (readonly [file: string, text: string, reason: string])[] = [
  ["stacks/constructs/table.ts", "aws_dynamodb_table.tasks-table_92A50543", "the table's address in earlier states"],
  ["eslint.config.mjs", '["api/src"]', "its rooms"],
  ["eslint.config.mjs", '["api/rehearsal"]', "its rooms"],
  ["jest.config.mjs", "<rootDir>/api/dist/", "its bundle"],
  ["knip.config.js", "api/rehearsal/index.ts", "whether it is there"],
  ["tsconfig.json", '"api/src", "api/rehearsal"', "its sources"],
  [".ci/base-image", "api/Dockerfile", "the base image of its image"],
  [".ci/own-service", "git rm", "deletes it"],
  ["__tests__/docs/markdown.test.ts", "api/", "documents may name it when it is deleted"],
];

const FILES = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" })
  .split("\0")
  .filter((file) => file !== "" && !EXAMPLE.test(file));

/** The lines of a file that name the example, and may not. */
function linesWithWords(file: string, text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const isAllowed = ALLOWED.some(([of, part]) => of === file && line.includes(part));
    return WORDS.test(withoutAddresses(line)) && !isAllowed ? [`${file}:${index + 1}: ${line.trim()}`] : [];
  });
}

describe("the words of the example", () => {
  it("are found in a line, but not in the address of a document", () => {
    expect(
      linesWithWords("a.ts", 'get("/tasks");\n// https://docs.aws.amazon.com/lambda/latest/api/tasks-api'),
    ).toEqual(['a.ts:1: get("/tasks");']);
  });

  it("are nowhere outside of it", () => {
    expect(FILES.length).toBeGreaterThan(500);
    expect(FILES.flatMap((file) => linesWithWords(file, readFileSync(file, "utf8")))).toEqual([]);
  });

  it.each(ALLOWED)("are still needed in %s: %s", (file, text) => {
    expect(readFileSync(file, "utf8")).toContain(text);
  });
});
