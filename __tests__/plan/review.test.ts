import { judge } from "../../scripts/plan/judge";
import { exitCodeOf, verdictOf, type Review, type StackReview } from "../../scripts/plan/review";
import { create, destroy, planned, type ResourceChange } from "./plan-fixture";

const stack = (...changes: readonly ResourceChange[]): StackReview => {
  const all = planned(...changes);
  return { name: "a", status: "planned", changes: all, outputs: [], findings: judge(all) };
};
const NOTHING = stack();
const CHANGES = stack(create("aws_sqs_queue"));
const OUTPUTS: StackReview = { name: "a", status: "planned", changes: [], outputs: ["url"], findings: [] };
const DANGER = stack(destroy("aws_lb"));
const WAITING: StackReview = { name: "b", status: "waiting", for: [{ stack: "a", outputs: ["id"] }] };
const SKIPPED: StackReview = { name: "c", status: "skipped" };
const FAILED: StackReview = { name: "d", status: "failed", step: "terraform plan", message: "no", next: "yes" };
const review = (...stacks: readonly StackReview[]): Review => ({ environment: "staging", stacks });
const lenient = { failOnDanger: false, allowDanger: false };
const strict = { failOnDanger: true, allowDanger: false };

describe("the end of a plan", () => {
  it.each([
    ["nothing changes", [NOTHING], "none", 0, 0],
    ["nothing changes, and a stack was left out", [NOTHING, SKIPPED], "none", 0, 0],
    ["something changes", [NOTHING, CHANGES], "fine", 2, 2],
    ["only an output changes", [OUTPUTS], "fine", 2, 2],
    ["a stack waits for others", [NOTHING, WAITING], "fine", 2, 2],
    ["there is danger", [CHANGES, DANGER], "danger", 2, 1],
    ["a stack could not be planned", [CHANGES, FAILED], "failed", 1, 1],
    ["there is danger, and a stack could not be planned", [DANGER, FAILED], "danger", 1, 1],
  ] as const)("when %s", (_when, stacks, verdict, exitCode, strictExitCode) => {
    expect(verdictOf(review(...stacks))).toBe(verdict);
    expect(exitCodeOf(review(...stacks), lenient)).toBe(exitCode);
    expect(exitCodeOf(review(...stacks), strict)).toBe(strictExitCode);
  });

  it("lets an allowed danger pass as changes, and no failure", () => {
    expect(exitCodeOf(review(DANGER), { failOnDanger: true, allowDanger: true })).toBe(2);
    expect(exitCodeOf(review(DANGER, FAILED), { failOnDanger: true, allowDanger: true })).toBe(1);
  });
});
