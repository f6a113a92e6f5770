import { reviewPlan } from "../../scripts/plan/findings";
import { readPlan } from "../../scripts/plan/plan-json";
import { jsonOf } from "../../scripts/plan/render/json";
import { markdownOf } from "../../scripts/plan/render/markdown";
import { exitCodeOf, verdictOf, blockingReasons, type Review } from "../../scripts/plan/review";
import { create, deposed, destroy, keep, planText, update, type ResourceChange } from "./plan-fixture";

const LENIENT = { failOnDanger: false, allowDanger: false };
const STRICT = { failOnDanger: true, allowDanger: false };

function review(text: string): Review {
  const plan = readPlan(text);
  const { outputs, actions, unread } = plan;
  const changes = plan.changes.filter(({ kind }) => kind !== "none");
  const findings = reviewPlan(plan);
  return {
    environment: "staging",
    stacks: [{ name: "a", status: "planned", changes, outputs, actions, unread, findings }],
  };
}
const withMore = (more: object, ...changes: readonly ResourceChange[]) => review(planText(changes, {}, more));
const withActions = (...actions: readonly string[]): ResourceChange => {
  const one = keep("aws_lb");
  return { ...one, change: { ...one.change, actions } };
};
const inMember = (one: ResourceChange, more: object): ResourceChange => ({
  ...one,
  change: { ...one.change, ...more },
});

describe("what a plan holds and the review doesn't read", () => {
  it.each([
    ["a part that later versions add", withMore({ moves_of_traffic: [{ to: "x" }] }), /the part "moves_of_traffic"/],
    ["a newer minor version", withMore({ format_version: "1.3" }), /the format 1\.3, newer than 1\.2/],
    ["an odd minor version", withMore({ format_version: "1.x" }), /the format 1\.x/],
    ["an action that nobody knows", withMore({}, withActions("evict")), /the action "evict" on aws_lb\.it/],
    ["one beside others", withMore({}, withActions("update", "evict")), /the action "evict"/],
    ["a resource without an action", withMore({}, withActions()), /aws_lb\.it without an action/],
    ["a resource of another mode", withMore({}, { ...withActions("create"), mode: "list" }), /of the mode "list"/],
    ["a member of a resource", withMore({}, { ...keep("aws_lb"), tombstone: "x" } as ResourceChange), /"tombstone" of/],
    ["a member of a change", withMore({}, inMember(keep("aws_lb"), { handover: { to: 1 } })), /"handover" of a change/],
    ["something to apply that is nowhere", withMore({ applyable: true }, keep("aws_lb")), /something to apply/],
  ])("is told, and never reads as nothing: %s", (_what, all, words) => {
    expect(verdictOf(all)).toBe("unjudged");
    expect(exitCodeOf(all, LENIENT)).toBe(2);
    expect(exitCodeOf(all, STRICT)).toBe(1);
    expect(blockingReasons(all).join()).toMatch(/the plan of a holds something that this review doesn't read/);
    const text = markdownOf(all, LENIENT);
    expect(text).toMatch(/^## 🟠 /);
    expect(text).not.toMatch(/No changes|Fine/);
    expect(text.replaceAll("\\", "")).toMatch(words);
    const [found] = (jsonOf(all, LENIENT) as { stacks: [{ unread: string[]; findings: { rule: string }[] }] }).stacks;
    expect(found.unread.join()).toMatch(words);
    expect(found.findings).toMatchObject([{ rule: "plan-part-not-read", level: "caution" }]);
    expect(jsonOf(all, LENIENT)).toMatchObject({ verdict: "unjudged", exitCode: 2 });
  });

  it.each([
    ["empty parts", { new_list: [], new_map: {}, new_text: "", new_flag: false, nothing: null }],
    ["every part that the format has", { timestamp: "x", relevant_attributes: [{}], checks: [], variables: { a: {} } }],
    ["what moved outside of Terraform", { resource_drift: [update("aws_lb", { a: 1 }, { a: 2 })], applyable: false }],
    ["an older minor version", { format_version: "1.0" }],
  ])("is none of these: %s", (_what, more) => {
    expect(verdictOf(withMore(more, keep("aws_lb")))).toBe("none");
    expect(exitCodeOf(withMore(more, keep("aws_lb")), STRICT)).toBe(0);
  });

  it("is not what an ephemeral resource or a data source does while the plan runs", () => {
    const reads = { ...withActions("read"), mode: "data" };
    const opens = { ...withActions("open"), mode: "ephemeral" };
    expect(verdictOf(withMore({ applyable: true }, reads, opens))).toBe("none");
  });

  it.each([
    ["a resource", { applyable: true }, [create("aws_sqs_queue")]],
    ["a move", { applyable: true }, [{ ...keep("aws_lb"), previous_address: "aws_lb.was" }]],
    ["an output", { applyable: true, output_changes: { url: { actions: ["update"] } } }, []],
  ])("is not %s that Terraform has to apply", (_what, more, changes) => {
    expect(verdictOf(withMore(more, ...changes))).toBe("fine");
  });

  it("doesn't hide a danger beside it", () => {
    expect(verdictOf(withMore({ news: [1] }, destroy("aws_lb")))).toBe("danger");
  });
});

describe("what a plan holds beside its resources", () => {
  const invocation = (type: string) => ({
    action_invocations: [{ address: `action.${type}.it`, type, invoke_action_trigger: {} }],
  });

  it("includes an action that runs: a change, and a caution", () => {
    const all = withMore({ ...invocation("aws_lambda_invoke"), applyable: true });
    expect([verdictOf(all), exitCodeOf(all, STRICT)]).toEqual(["caution", 2]);
    expect(markdownOf(all, LENIENT)).toContain("`action.aws_lambda_invoke.it`");
    expect(markdownOf(all, LENIENT)).toContain("Action that runs: `action.aws_lambda_invoke.it, at the command line`");
  });

  it("is an action that stops something: a danger by its name", () => {
    expect(verdictOf(withMore(invocation("aws_ec2_stop_instance")))).toBe("danger");
    expect(verdictOf(withMore(invocation("aws_sfn_start_execution")))).toBe("caution");
  });

  it("includes a check that fails although no resource changes", () => {
    const checks = [
      { address: { to_display: "check.up" }, status: "fail", instances: [{ problems: [{ message: "down" }] }] },
    ];
    const all = withMore({ checks });
    expect([verdictOf(all), exitCodeOf(all, STRICT)]).toEqual(["caution", 0]);
    expect(markdownOf(all, LENIENT)).toContain("a check of the configuration fails: down");
    expect(verdictOf(withMore({ checks: [{ status: "pass" }] }))).toBe("none");
  });

  it("includes a deposed object, apart from the object in use", () => {
    const all = withMore({}, update("aws_lb", { name: "a" }, { name: "b" }), deposed(destroy("aws_lb")));
    const text = markdownOf(all, LENIENT);
    expect(text).toContain("! aws_lb.it is changed in place");
    expect(text).toContain("- aws_lb.it (deposed object 1a2b3c4d) is destroyed");
    expect(verdictOf(all)).toBe("caution");
    expect(jsonOf(all, LENIENT)).toMatchObject({
      stacks: [{ changes: [{}, { deposed: "1a2b3c4d", kind: "delete" }] }],
    });
  });
});

describe("a secret in a text of a plan", () => {
  const dsn = (host: string) => `postgres://app:s3cret@${host}/tasks?sslmode=require`;
  const container = (host: string) => ({
    container_definitions: JSON.stringify([
      { name: "api", environment: [{ name: "DATABASE", value: dsn(host) }], command: ["run", "--token", "s3cret"] },
    ]),
  });
  const all = withMore(
    {
      checks: [{ status: "fail", instances: [{ problems: [{ message: "login with Password=s3cret; failed" }] }] }],
      action_invocations: [{ address: 'action.x_y.it["--token s3cret"]', type: "x_y" }],
      resource_drift: [update("aws_lb", { url: dsn("one") }, { url: dsn("two") })],
      ["news?token=s3cret"]: [1],
    },
    update("aws_ecs_task_definition", container("one"), container("two")),
    update("aws_cloudwatch_metric_alarm", { alarm_actions: [dsn("sns")] }, { alarm_actions: [] }),
    destroy("aws_lb", {}, { name: 'it["token=s3cret"]' }),
  );

  it.each([
    ["Markdown", markdownOf(all, LENIENT)],
    ["JSON", JSON.stringify(jsonOf(all, LENIENT))],
  ])("is nowhere in the %s, and what is around it stays", (_format, text) => {
    expect(text).not.toContain("s3cret");
    expect(text).toContain("@one/tasks?sslmode=require");
    expect(text).toContain("@two/tasks?sslmode=require");
  });
});
