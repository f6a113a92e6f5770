import { differencesOf, type AttributeDifference } from "../../scripts/plan/attribute-differences";
import { create, destroy, planned, replace, update, type ResourceChange } from "./plan-fixture";

function differences(change: ResourceChange): readonly AttributeDifference[] {
  const [only] = planned(change);
  if (only === undefined) throw new Error("the plan has no change");
  return differencesOf(only);
}
const lines = (change: ResourceChange) =>
  differences(change).map(({ name, before = "", after = "" }) => `${name}: ${before} → ${after}`);

describe("the attributes of a change", () => {
  it("are those that differ, down to the parts of blocks", () => {
    const before = { port: 80, health_check: [{ path: "/", interval: 30 }], name: "a" };
    const after = { port: 80, health_check: [{ path: "/health", interval: 30 }], name: "b" };
    expect(lines(update("t", before, after))).toEqual(['health_check.path: "/" → "/health"', 'name: "a" → "b"']);
  });

  it("name the position in a list where there are several", () => {
    const rules = (one: number, two: number) => ({ rule: [{ days: one }, { days: two }] });
    expect(lines(update("t", rules(1, 2), rules(1, 3)))).toEqual(["rule[1].days: 2 → 3"]);
  });

  it("hold nothing against nothing: null, an empty text, an empty list and false are the same", () => {
    expect(lines(update("t", { a: null, b: "", c: [], d: false }, { a: "", b: null, c: null, d: null }))).toEqual([]);
  });

  it("show that a sensitive value changes, but not the value", () => {
    const change = update(
      "t",
      { password: "old", name: "a" },
      { password: "new", name: "a" },
      {
        before_sensitive: { password: true },
        after_sensitive: { password: true },
      },
    );
    expect(lines(change)).toEqual(["password: (sensitive) → (sensitive)"]);
  });

  it("hide single elements of a list, at any depth, and show the others", () => {
    const change = update(
      "t",
      { command: ["run", "--key", "old-s3cret"], block: [{ args: ["a", "b"] }] },
      { command: ["run", "--key", "new-s3cret"], block: [{ args: ["a", "deep-s3cret"] }] },
      {
        before_sensitive: { command: [false, false, true], block: [{ args: [false, false] }] },
        after_sensitive: { command: [false, false, true], block: [{ args: [false, true] }] },
      },
    );
    expect(lines(change)).toEqual([
      'command: ["run","--key","(sensitive)"] → ["run","--key","(sensitive)"]',
      'block.args: ["a","(sensitive)"] → ["a","(sensitive)"]',
    ]);
  });

  it("hide a sensitive value that is empty or false, so that its absence reveals nothing", () => {
    const change = update("t", { on: true }, { on: false }, { after_sensitive: { on: true } });
    expect(lines(change)).toEqual(["on: (sensitive) → (sensitive)"]);
  });

  it("don't show a value that stops being sensitive either", () => {
    const change = update("t", { key: "was hidden" }, { key: "x" }, { before_sensitive: { key: true } });
    expect(JSON.stringify(differences(change))).not.toContain("was hidden");
  });

  it("hide parts of a block that is sensitive as a whole", () => {
    const change = create(
      "t",
      { block: [{ token_value: "s3cret", name: "n" }] },
      { after_sensitive: { block: [true] } },
    );
    expect(JSON.stringify(differences(change))).not.toMatch(/s3cret|"n"/);
  });

  it("hide what looks like a secret, in attributes and in documents", () => {
    const containers = JSON.stringify([
      {
        environment: [
          { name: "API_TOKEN", value: "s3cret" },
          { name: "PORT", value: "8080" },
        ],
        secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:db" }],
      },
    ]);
    const text = JSON.stringify(differences(create("t", { webhook_url: "s3cret", container_definitions: containers })));
    expect(text).not.toContain("s3cret");
    expect(text).toContain("8080");
    expect(text).toContain("arn:aws:ssm:db");
  });

  it("mark what is known only after apply", () => {
    const change = update("t", { target: "a" }, { target: null }, { after_unknown: { target: true } });
    expect(lines(change)).toEqual(['target: "a" → (known after apply)']);
  });

  it("mark single elements of a list, and attributes of a block, as known after apply", () => {
    const change = update(
      "t",
      { groups: ["sg-1"], tags: { a: "1" }, rule: [] },
      { groups: ["sg-1", null], tags: {}, rule: [{ port: 80 }] },
      { after_unknown: { groups: [false, true], tags: { a: true }, rule: [{ arn: true }] } },
    );
    expect(lines(change)).toEqual([
      'groups: ["sg-1"] → ["sg-1","(known after apply)"]',
      'tags.a: "1" → (known after apply)',
      "rule.port:  → 80",
      "rule.arn:  → (known after apply)",
    ]);
  });

  it("mark what forces a replacement by its whole name, or by the block that it is in", () => {
    const change = replace(
      "t",
      { name: "a", name_prefix: "x", rule: [{ port: 1 }] },
      { name: "b", name_prefix: "y", rule: [{ port: 2 }] },
      { replace_paths: [["name"], ["rule"]] },
    );
    const forced = differences(change).filter(({ forcesReplacement }) => forcesReplacement);
    expect(forced.map(({ name }) => name)).toEqual(["name", "rule.port"]);
  });

  it("mark what forces a replacement, and leave out what is merely computed anew", () => {
    const change = replace(
      "t",
      { id: "1", name: "a" },
      { name: "b" },
      {
        after_unknown: { id: true },
        replace_paths: [["name"]],
      },
    );
    expect(differences(change)).toEqual([{ name: "name", before: '"a"', after: '"b"', forcesReplacement: true }]);
  });

  it("show of something new what is set, without what is computed or said twice", () => {
    const after = { name: "a", description: "", tags: { a: "b" }, tags_all: { a: "b" }, count: 0 };
    expect(lines(create("t", after, { after_unknown: { arn: true, id: true } }))).toEqual([
      'name:  → "a"',
      "count:  → 0",
    ]);
  });

  it("show a tag once, though Terraform has it twice", () => {
    const tags = (value: string) => ({ tags: { a: value }, tags_all: { a: value } });
    expect(lines(update("t", tags("1"), tags("2")))).toEqual(['tags.a: "1" → "2"']);
  });

  it("spread a document in JSON over lines", () => {
    const [policy] = differences(update("t", { policy: '{"a":1}' }, { policy: '{"a":2}' }));
    expect(policy).toMatchObject({ before: '{\n  "a": 1\n}', after: '{\n  "a": 2\n}' });
  });

  it("are of no interest in what is destroyed", () => expect(differences(destroy("t", { name: "a" }))).toEqual([]));
});
