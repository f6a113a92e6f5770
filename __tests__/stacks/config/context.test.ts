import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readContext } from "../../../stacks/config/context";
import { ConfigError } from "../../../stacks/config/error";

describe("the context that is read", () => {
  let folder: string;
  const write = (text: string) => writeFileSync(path.join(folder, "cdktf.json"), text);
  const problemsOf = (variables: NodeJS.ProcessEnv) => {
    try {
      readContext(folder, variables);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "context-test-"));
    write('{"language": "typescript", "context": {"defaults": {"project": "of the file"}}}');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is cdktf.json's", () => {
    expect(readContext(folder, {})).toEqual({ defaults: { project: "of the file" } });
    expect(readContext(folder, { CDKTF_CONTEXT_JSON: "" })).toEqual({ defaults: { project: "of the file" } });
  });

  it("is the variable's where that is set", () => {
    expect(readContext(folder, { CDKTF_CONTEXT_JSON: '{"defaults": {}}' })).toEqual({ defaults: {} });
  });

  it.each(["{", "[1]", "3", "null"])("is refused as configuration when cdktf.json is %s", (text) => {
    write(text);
    expect(problemsOf({})).toEqual([expect.stringContaining(path.join(folder, "cdktf.json"))]);
  });

  it.each([
    ["{", "line 1, column 2: not JSON: a } is missing here"],
    ['{"context": {\n  "defaults": {},\n}}', "line 3, column 1: not JSON: the name of a key is missing here"],
    [
      '{"context": {"environments": {\n"staging": {},\n"staging": {}}}}',
      "line 3, column 1: context.environments.staging: already in line 2",
    ],
    ["\uFEFF{}", "line 1, column 1: a byte order mark"],
    ["", "not JSON: it is empty"],
  ])("is refused with its place when cdktf.json is %j", (text, problem) => {
    write(text);
    expect(problemsOf({})).toEqual([expect.stringContaining(`cdktf.json: ${problem}`)]);
  });

  it("is refused when cdktf.json has a key twice, which is lost in what the CLI passes on", () => {
    write('{"context": {"defaults": {}, "environments": {"staging": {"tags": {"a": "1", "a": "2"}}}}}');
    const handedOn = { defaults: {}, environments: { staging: { tags: { a: "2" } } }, cdktfRelativeModules: [] };
    expect(problemsOf({ CDKTF_CONTEXT_JSON: JSON.stringify(handedOn) })).toEqual([
      expect.stringMatching(
        /cdktf\.json: line 1, column \d+: context\.environments\.staging\.tags\.a: already in line 1/,
      ),
    ]);
    const another = { defaults: {}, environments: { staging: { tags: { a: "3" } } } };
    expect(problemsOf({ CDKTF_CONTEXT_JSON: JSON.stringify(another) })).toEqual([]);
  });

  it("is refused as configuration when there is no cdktf.json", () => {
    rmSync(path.join(folder, "cdktf.json"));
    expect(problemsOf({})).toEqual([expect.stringContaining("no such file")]);
  });

  it("is refused as configuration, with the variable's name, when that is not JSON", () => {
    expect(problemsOf({ CDKTF_CONTEXT_JSON: "{" })).toEqual([expect.stringMatching(/^CDKTF_CONTEXT_JSON: /)]);
  });
});
