import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigError } from "../../stacks/config";
import { readContext, withDelivery } from "../../scripts/rehearse/context";

describe("another delivery", () => {
  const context = {
    defaults: { region: "eu-central-1" },
    environments: { staging: { delivery: { terminationWaitMinutes: 1 }, tags: {} }, production: {} },
  };

  it("has another strategy in that environment alone", () => {
    expect(withDelivery(context, "staging", { strategy: "ECSAllAtOnce" })).toEqual({
      defaults: { region: "eu-central-1" },
      environments: {
        staging: { delivery: { terminationWaitMinutes: 1, strategy: "ECSAllAtOnce" }, tags: {} },
        production: {},
      },
    });
  });

  it("is put where none was", () => {
    expect(withDelivery(context, "production", { strategy: "ECSAllAtOnce" })).toMatchObject({
      environments: { production: { delivery: { strategy: "ECSAllAtOnce" } } },
    });
  });

  it("replaces no more than is given", () => {
    const hook = { strategy: undefined, hook: false };
    expect(withDelivery(context, "staging", hook)).toMatchObject({
      environments: { staging: { delivery: { terminationWaitMinutes: 1, hook: false } } },
    });
    expect(JSON.stringify(withDelivery(context, "staging", hook))).not.toContain("strategy");
  });

  it("leaves the context as it was given", () => {
    const before = structuredClone(context);
    withDelivery(context, "staging", { strategy: "ECSAllAtOnce" });
    expect(context).toEqual(before);
  });

  it.each([{ environments: 3 }, { environments: {} }, { environments: { staging: { delivery: [] } } }, "wrong", null])(
    "leaves the complaint about a wrong context to the configuration (%j)",
    (wrong) => {
      expect(withDelivery(wrong, "staging", { strategy: "ECSAllAtOnce" })).toEqual(wrong);
    },
  );
});

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

  it("is refused as configuration when there is no cdktf.json", () => {
    rmSync(path.join(folder, "cdktf.json"));
    expect(problemsOf({})).toEqual([expect.stringContaining("no such file")]);
  });

  it("is refused as configuration, naming the variable, when that is no JSON", () => {
    expect(problemsOf({ CDKTF_CONTEXT_JSON: "{" })).toEqual([expect.stringMatching(/^CDKTF_CONTEXT_JSON: /)]);
  });
});
