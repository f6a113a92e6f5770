import { KNOWN_ATTRIBUTES } from "../../scripts/plan/rules/known-attributes";
import { ROWS } from "../../scripts/plan/rules/rows/all";
import { knownAs } from "../../scripts/plan/rules/unknown-changes";
import addresses from "../terraform/addresses.json";
import { CASES } from "./cases/all";
import { attributes } from "./provider-attributes.json";
import { REPLACED } from "./replaced-attributes";

/** What `terraform providers schema -json` says that a person may set: names by type, the deepest blocks as one. */
const ATTRIBUTES = Object.entries(attributes).map(([type, names]) => [type, names.split(" ")] as const);
const isWithin = (name: string, outer: string) => name === outer || name.startsWith(`${outer}.`);
const isReplaced = (type: string, name: string) => (REPLACED[type] ?? "").split(" ").some((one) => isWithin(name, one));

/** Every path at which two values differ, with those that lead to it, without positions. */
function differing(before: unknown, after: unknown, name = ""): readonly string[] {
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  const steps = [before, after].flatMap((side) => (typeof side === "object" && side !== null ? Object.keys(side) : []));
  const at = (side: unknown, step: string) => (side as Record<string, unknown> | null | undefined)?.[step];
  const inner = [...new Set(steps)].flatMap((step) =>
    differing(at(before, step), at(after, step), /^\d+$/.test(step) ? name : [name, step].filter(Boolean).join(".")),
  );
  return [...(name === "" ? [] : [name]), ...inner];
}
const TRIPPED = new Map<string, Set<string>>();
for (const { trips } of CASES) {
  for (const { type, change } of trips) {
    const names = TRIPPED.get(type) ?? new Set();
    const { after_unknown: unknown } = change;
    for (const name of [...differing(change.before, change.after), ...differing({}, unknown ?? {})]) names.add(name);
    TRIPPED.set(type, names);
  }
}

describe("the attributes of what the stacks make, and of its neighbours", () => {
  it("are listed for every type that the stacks make", () => {
    const made = Object.values(addresses).flatMap((stacks) => Object.values(stacks).flat());
    const types = new Set(made.map((address) => address.split(".")[0] ?? ""));
    const listed = new Set([...Object.keys(attributes), "docker_image", "docker_registry_image"]);
    expect([...types].filter((type) => !listed.has(type))).toEqual([]);
    expect([...types].filter((type) => !(type in KNOWN_ATTRIBUTES))).toEqual([]);
  });

  it.each(ATTRIBUTES)("of %s each have a rule, or are harmless, or are never changed in place", (type, names) => {
    const forgotten = names.filter((name) => knownAs(type, name) === undefined && !isReplaced(type, name));
    expect(forgotten).toEqual([]);
  });

  it.each(ATTRIBUTES)("of %s that have a rule have a case that trips one", (type, names) => {
    const tripped = [...(TRIPPED.get(type) ?? [])];
    const untried = names
      .filter((name) => knownAs(type, name) === "ruled")
      .filter((name) => !tripped.some((one) => isWithin(one, name) || isWithin(name, one)));
    expect(untried).toEqual([]);
  });

  it.each(ATTRIBUTES)("of %s are called as the provider calls them", (type, names) => {
    const { ruled = "", harmless = "" } = KNOWN_ATTRIBUTES[type] ?? {};
    const rows = ROWS.filter((row) => row.type === type).map(({ attribute }) => attribute);
    const said = [...`${ruled} ${harmless} ${REPLACED[type] ?? ""}`.split(" "), ...rows].filter((name) => name !== "");
    const wrong = said.filter((name) => !names.some((one) => isWithin(one, name) || isWithin(name, one)));
    expect(wrong).toEqual([]);
  });
});
