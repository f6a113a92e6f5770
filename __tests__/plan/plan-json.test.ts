import { PlanFormatError, readPlan } from "../../scripts/plan/plan-json";
import { create, destroy, keep, planText, replace, update, type ResourceChange } from "./plan-fixture";

const kinds = (...changes: Parameters<typeof planText>[0]) =>
  readPlan(planText(changes)).changes.map(({ kind }) => kind);
const withActions = (...actions: readonly string[]) => {
  const one = destroy("aws_lb");
  return { ...one, change: { ...one.change, actions } };
};

describe("a plan as Terraform shows it", () => {
  it("says of each resource which way it goes", () => {
    expect(kinds(create("a"), update("a", {}, {}), replace("a"), destroy("a"), keep("a"))).toEqual([
      "create",
      "update",
      "replace",
      "delete",
      "none",
    ]);
  });

  it("calls both orders of create and delete a replacement, and knows which is first", () => {
    const [first, last] = readPlan(
      planText([withActions("create", "delete"), withActions("delete", "create")]),
    ).changes;
    expect(first).toMatchObject({ kind: "replace", createsFirst: true });
    expect(last).toMatchObject({ kind: "replace", createsFirst: false });
  });

  it("knows what is forgotten, and what is replaced by being forgotten", () => {
    expect(kinds(withActions("forget"), withActions("create", "forget"))).toEqual(["forget", "replace"]);
  });

  it("tells a move in the state from a resource that stays", () => {
    const moved = { ...keep("aws_lb"), previous_address: "aws_lb.before" };
    expect(readPlan(planText([moved])).changes[0]).toMatchObject({ kind: "move", previousAddress: "aws_lb.before" });
    expect(kinds({ ...keep("aws_lb"), previous_address: "aws_lb.it" })).toEqual(["none"]);
  });

  it("tells what is only imported from what stays, and remembers of what is changed that it is imported", () => {
    const imported = (one: ResourceChange) => ({ ...one, change: { ...one.change, importing: { id: "x" } } });
    const { changes } = readPlan(planText([imported(keep("a")), imported(update("a", {}, { b: 1 })), keep("a")]));
    expect(changes.map(({ kind, imported: is }) => [kind, is])).toEqual([
      ["import", true],
      ["update", true],
      ["none", false],
    ]);
  });

  it.each(["aws_alb", "aws_alb_listener", "aws_alb_target_group"])("knows %s by its other name", (type) => {
    expect(readPlan(planText([keep(type)])).changes[0]).toMatchObject({ type: type.replace("alb", "lb") });
    expect(readPlan(planText([keep("aws_albino")])).changes[0]).toMatchObject({ type: "aws_albino" });
  });

  it.each([
    ["errors", { errored: true }, "Terraform met errors while it planned"],
    ["parts", { complete: false }, "Terraform calls its plan incomplete"],
    [
      "what was put off",
      {
        complete: false,
        deferred_changes: [
          { reason: "provider_config_unknown", resource_change: { address: "aws_vpc.it" } },
          { resource_change: { address: "aws_lb.it" } },
        ],
      },
      "Terraform put off aws_vpc.it (provider_config_unknown), aws_lb.it",
    ],
  ])("says that it isn't all when there are %s", (_what, more, words) => {
    const text = JSON.stringify({ ...(JSON.parse(planText([])) as object), ...more });
    expect(readPlan(text).incomplete).toBe(words);
  });

  it("is all there is when Terraform says so, or knew no other", () => {
    const complete = { ...(JSON.parse(planText([])) as object), complete: true, errored: false, deferred_changes: [] };
    expect(readPlan(JSON.stringify(complete)).incomplete).toBeUndefined();
    expect(readPlan(planText([])).incomplete).toBeUndefined();
  });

  it("leaves out what is only read", () => {
    expect(kinds({ ...withActions("read"), mode: "data" })).toEqual([]);
  });

  it("names the outputs that change", () => {
    expect(readPlan(planText([], { url: ["update"], same: ["no-op"], gone: ["delete"] })).outputs).toEqual([
      "url",
      "gone",
    ]);
  });

  it("lets pass what later versions add, and reads a plan of nothing", () => {
    const { changes } = readPlan('{"format_version":"1.9","something":{"new":1}}');
    expect(changes).toEqual([]);
  });

  it.each([
    ["no JSON", "Error: none"],
    ["format_version", '{"format_version":"2.0"}'],
    ["resource_changes.0.address", '{"format_version":"1.2","resource_changes":[{}]}'],
  ])("refuses what isn't a plan, naming %s", (named, text) => {
    expect(() => readPlan(text)).toThrow(PlanFormatError);
    expect(() => readPlan(text)).toThrow(named);
  });
});
