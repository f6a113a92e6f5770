import { readFileSync } from "node:fs";
import { DEFAULTS } from "../../stacks/config/defaults";
import { valueAt } from "../../stacks/config/merge";
import { configSchema } from "../../stacks/config/schema";
import { keysOf } from "./schema-keys";

/** Rows of the table of keys: the first cell is a key, the second its default. */
const ROW = /^\| `([\w.]+)`\s*\|\s*(?:`([^`]*)`)?\s*\|\s*([^|]*\S)\s*\|/gm;
const section = readFileSync("docs/infrastructure.md", "utf8").split("## Configuration")[1]?.split("\n## ")[0] ?? "";
const rows = [...section.matchAll(ROW)].map(([, key = "", value]) => ({ key, value }));

describe("the table of configuration keys", () => {
  it("names every key of the schema, in its order, and no other", () => {
    expect(rows.map(({ key }) => key)).toEqual(keysOf(configSchema));
  });

  it("says what each key is when nobody sets it", () => {
    const defaults = rows.map(({ key }) => {
      const value = valueAt(DEFAULTS, key.split("."));
      return { key, value: value === undefined ? undefined : JSON.stringify(value) };
    });
    expect(rows).toEqual(defaults);
  });
});
