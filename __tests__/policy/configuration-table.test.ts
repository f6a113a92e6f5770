import { readFileSync } from "node:fs";
import { DEFAULTS } from "../../stacks/config/defaults";
import { valueAt } from "../../stacks/config/merge";
import { configSchema } from "../../stacks/config/schema";
import { keysOf } from "./schema-keys";

/** Rows of the table of keys: a key, its default, what it does, its cost or risk. */
const ROW = /^\| `([\w.]+)`\s*\|\s*(?:`([^`]*)`)?\s*\|([^|]*)\|([^|]*)\|$/gm;
const section = readFileSync("docs/infrastructure.md", "utf8").split("## Configuration")[1]?.split("\n## ")[0] ?? "";
const rows = [...section.matchAll(ROW)].map(([, key = "", value, does = "", costs = ""]) => ({
  key,
  value,
  does: does.trim(),
  costs: costs.trim(),
}));

describe("the table of configuration keys", () => {
  it("names every key of the schema, in its order, and no other", () => {
    expect(rows.map(({ key }) => key)).toEqual(keysOf(configSchema));
  });

  it("says what each key is when nobody sets it", () => {
    const defaults = rows.map(({ key }) => {
      const value = valueAt(DEFAULTS, key.split("."));
      return { key, value: value === undefined ? undefined : JSON.stringify(value) };
    });
    expect(rows.map(({ key, value }) => ({ key, value }))).toEqual(defaults);
  });

  it("says what each key does, and what it costs or risks", () => {
    expect(rows.filter(({ does, costs }) => does === "" || costs === "").map(({ key }) => key)).toEqual([]);
  });
});
