import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KNOWN_ATTRIBUTES } from "../../scripts/plan/rules/known-attributes";
import { ATTRIBUTE_RULES } from "../../scripts/plan/rules/attributes/all";
import { knownAs } from "../../scripts/plan/rules/unknown-changes";
import addresses from "../terraform/addresses.json";
import { CASES } from "./cases/all";
import { attributes } from "./provider-attributes.json";
import { REPLACED } from "./replaced-attributes";

/**
 * What a person may set: names by type. What `terraform providers schema -json` says, the deepest blocks as one, and what the
 * bindings have beside that, which are for a newer provider than a mirror may hold.
 */
const ATTRIBUTES = Object.entries(attributes).map(([type, names]) => {
  const listed = names.split(" ");
  return [type, [...listed, ...boundTo(type).filter((name) => !listed.some((one) => isWithin(one, name)))]] as const;
});

/** Attributes that the bindings have for a type; every one has a link to its documentation. */
function boundTo(type: string): readonly string[] {
  const folder = type.replace(/^aws_/, "").replaceAll("_", "-");
  const file = join(__dirname, "../../node_modules/@cdktf/provider-aws/lib", folder, "index.d.ts");
  if (!existsSync(file)) throw new Error(`no bindings for ${type}`);
  const [, own = ""] =
    /export interface \w+Config extends cdktf\.TerraformMetaArguments \{(.*?)\n\}/s.exec(readFileSync(file, "utf8")) ??
    [];
  const names = [...own.matchAll(/Docs at Terraform Registry: \{@link [^}]*#(\w+)/g)].map(([, name = ""]) => name);
  return names.filter((name) => !["id", "region", "tags", "tags_all", "description", "timeouts"].includes(name));
}
function isWithin(name: string, outer: string): boolean {
  return name === outer || name.startsWith(`${outer}.`);
}
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

  it("are found in the bindings", () => {
    expect(boundTo("aws_lb")).toContain("idle_timeout");
    expect(boundTo("aws_lb_listener_rule")).toContain("transform");
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

  it.each(ATTRIBUTES)("of %s have the provider's names", (type, names) => {
    const { ruled = "", harmless = "" } = KNOWN_ATTRIBUTES[type] ?? {};
    const rows = ATTRIBUTE_RULES.filter((row) => row.type === type).map(({ attribute }) => attribute);
    const said = [...`${ruled} ${harmless} ${REPLACED[type] ?? ""}`.split(" "), ...rows].filter((name) => name !== "");
    const wrong = said.filter((name) => !names.some((one) => isWithin(one, name) || isWithin(name, one)));
    expect(wrong).toEqual([]);
  });
});
