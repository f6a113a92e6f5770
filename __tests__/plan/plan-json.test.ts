import { labelOf } from "../../scripts/plan/change";
import { PlanFormatError, readPlan } from "../../scripts/plan/plan-json";
import { create, deposed, destroy, keep, planText, replace, update, type ResourceChange } from "./plan-fixture";

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

  it("reads what is forgotten, also as a part of a replacement", () => {
    expect(kinds(withActions("forget"), withActions("create", "forget"))).toEqual(["forget", "replace"]);
  });

  it("distinguishes a move in the state from an unchanged resource", () => {
    const moved = { ...keep("aws_lb"), previous_address: "aws_lb.before" };
    expect(readPlan(planText([moved])).changes[0]).toMatchObject({ kind: "move", previousAddress: "aws_lb.before" });
    expect(kinds({ ...keep("aws_lb"), previous_address: "aws_lb.it" })).toEqual(["none"]);
  });

  it("distinguishes an import from an unchanged resource, and marks a changed resource as imported", () => {
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
    ["errors", { errored: true }, "Terraform found errors while planning"],
    ["parts", { complete: false }, "Terraform marks its plan as incomplete"],
    [
      "what was put off",
      {
        complete: false,
        deferred_changes: [
          { reason: "provider_config_unknown", resource_change: { address: "aws_vpc.it" } },
          { resource_change: { address: "aws_lb.it" } },
        ],
      },
      "Terraform deferred aws_vpc.it (provider_config_unknown), aws_lb.it",
    ],
    [
      "actions that were put off",
      {
        deferred_action_invocations: [
          { reason: "deferred_prereq", action_invocation: { address: "action.aws_lambda_invoke.it" } },
        ],
      },
      "Terraform deferred action.aws_lambda_invoke.it (deferred_prereq)",
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

  it("reads a plan of nothing", () => {
    expect(readPlan('{"format_version":"1.0"}')).toEqual({
      ...{ changes: [], outputs: [], actions: [], failedChecks: [], unread: [] },
    });
  });

  it("distinguishes a deposed object from the one in use at its address", () => {
    const { changes } = readPlan(planText([keep("aws_lb"), deposed(destroy("aws_lb"), "1a2b")]));
    expect(changes.map((change) => [labelOf(change), change.kind])).toEqual([
      ["aws_lb.it", "none"],
      ["aws_lb.it (deposed object 1a2b)", "delete"],
    ]);
  });

  it("knows the actions that are run, and at what", () => {
    const action_invocations = [
      {
        ...{ address: "action.aws_lambda_invoke.warm", type: "aws_lambda_invoke", name: "warm" },
        lifecycle_action_trigger: {
          triggering_resource_address: "aws_lambda_function.hook",
          action_trigger_event: "AfterUpdate",
        },
      },
      { address: "action.aws_lambda_invoke.now", type: "aws_lambda_invoke", invoke_action_trigger: {} },
    ];
    const { actions, unread } = readPlan(planText([], {}, { action_invocations }));
    expect(unread).toEqual([]);
    expect(actions.map(({ trigger }) => trigger)).toEqual([
      "AfterUpdate of aws_lambda_function.hook",
      "the command line",
    ]);
  });

  it("reads the checks that fail, not those that pass or are not known yet", () => {
    const check = (status: string, message: string) => ({
      ...{ address: { kind: "check", to_display: `check.${status}` }, status },
      instances: [{ status, problems: [{ message }] }],
    });
    const checks = [check("pass", "a"), check("fail", "b"), check("error", "c"), check("unknown", "d")];
    expect(readPlan(planText([], {}, { checks })).failedChecks).toEqual([
      { address: "check.fail", says: "b" },
      { address: "check.error", says: "c" },
    ]);
  });

  it.each([
    ["not JSON", "Error: none"],
    ["format_version", '{"format_version":"2.0"}'],
    ["resource_changes.0.address", '{"format_version":"1.2","resource_changes":[{}]}'],
  ])("refuses what isn't a plan, naming %s", (named, text) => {
    expect(() => readPlan(text)).toThrow(PlanFormatError);
    expect(() => readPlan(text)).toThrow(named);
  });
});
