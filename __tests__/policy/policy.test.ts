import { readFileSync } from "node:fs";
import { CONFIGURATIONS, synthesize } from "./configurations";
import type { Estate } from "./estate";
import { EXCEPTIONS, excepts } from "./exceptions";
import { RULES } from "./rules";
import { cellsUnder, exceptionCells, ruleCells } from "./rules-table";

/** Synthesized once a configuration. */
const estates = new Map<string, Estate>();
const estateOf = (configuration: string) => {
  const estate = estates.get(configuration);
  if (!estate) throw new Error(`${configuration} was not synthesized`);
  return estate;
};

beforeAll(() => {
  for (const [name, configuration] of Object.entries(CONFIGURATIONS)) estates.set(name, synthesize(configuration));
});

describe.each(Object.keys(CONFIGURATIONS))("the stacks of %s", (configuration) => {
  it.each(RULES.map(({ id, title }) => [title, id] as const))("hold: %s", (_, id) => {
    const found = RULES.filter((rule) => rule.id === id).flatMap(({ check }) => check(estateOf(configuration)));
    const unexpected = found.filter((path) => !EXCEPTIONS.some((one) => excepts(one, configuration, id, path)));
    expect(unexpected).toEqual([]);
  });
});

describe("a rule that is broken", () => {
  it.each(RULES.map(({ id, title }) => [title, id] as const))("is seen: %s", (_, id) => {
    const whole = estateOf("everything on");
    for (const { check, breach } of RULES.filter((rule) => rule.id === id)) {
      for (const [number, change] of [breach].flat().entries()) {
        const broken = whole.copy();
        change(broken);
        expect({ number, found: check(broken).length > check(whole).length }).toEqual({ number, found: true });
      }
    }
  });
});

describe("the rules", () => {
  it("have ids of their own", () => {
    const ids = RULES.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("name scanners' ids as those write them", () => {
    const scanners = RULES.flatMap((rule) => rule.scanners);
    expect(scanners.filter((id) => !/^(CKV2?_AWS_\d+|AVD-AWS-\d{4})$/.test(id))).toEqual([]);
  });
});

describe("the exceptions", () => {
  it.each(EXCEPTIONS)("$rule at $path is still needed", (exception) => {
    const { rule: id, path, only } = exception;
    const needing = Object.keys(CONFIGURATIONS).filter((configuration) =>
      RULES.filter((rule) => rule.id === id)
        .flatMap(({ check }) => check(estateOf(configuration)))
        .some((found) => excepts({ rule: id, path, reason: "" }, configuration, id, found)),
    );
    expect(needing).toEqual(expect.arrayContaining([...(only ?? [])]));
    expect(needing).not.toEqual([]);
  });
});

describe("docs/policy-rules.md", () => {
  const markdown = readFileSync("docs/policy-rules.md", "utf8");

  it("lists every rule with its scanners' ids", () => {
    expect(cellsUnder("Rules", markdown)).toEqual(ruleCells(RULES));
  });

  it("lists every exception with its reason", () => {
    expect(cellsUnder("Exceptions", markdown)).toEqual(exceptionCells(EXCEPTIONS));
  });
});
