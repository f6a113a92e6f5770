import { reviewChanges } from "../../scripts/plan/findings";
import {
  countsOf,
  exitCodeOf,
  verdictOf,
  blockingReasons,
  type Review,
  type StackReview,
} from "../../scripts/plan/review";
import { create, destroy, keep, planned, update, type ResourceChange } from "./plan-fixture";

const stack = (...changes: readonly ResourceChange[]): StackReview => {
  const all = planned(...changes);
  return { name: "a", status: "planned", changes: all, outputs: [], findings: reviewChanges(all) };
};
const NOTHING = stack();
const CHANGES = stack(create("aws_sqs_queue"));
const OUTPUTS: StackReview = { name: "a", status: "planned", changes: [], outputs: ["url"], findings: [] };
const DANGER = stack(destroy("aws_lb"));
const FIRST: StackReview = { name: "b", status: "waiting", for: [{ stack: "a", outputs: ["id"] }], applied: false };
const WAITING: StackReview = { ...FIRST, applied: true };
const IMPORT = stack({ ...keep("aws_lb"), change: { ...keep("aws_lb").change, importing: { id: "x" } } });
const MOVE = stack({ ...keep("aws_lb"), previous_address: "aws_lb.was" });
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
    ["something is only imported", [IMPORT], "fine", 2, 2],
    ["something only moves in the state", [MOVE], "fine", 2, 2],
    ["a stack that was never applied waits for others", [NOTHING, FIRST], "fine", 2, 2],
    ["a stack that has resources waits for others", [CHANGES, WAITING], "unjudged", 2, 1],
    ["there is danger, and a stack with resources waits", [DANGER, WAITING], "danger", 2, 1],
    ["a stack could not be planned, and one with resources waits", [WAITING, FAILED], "failed", 1, 1],
    ["there is danger", [CHANGES, DANGER], "danger", 2, 1],
    ["a stack could not be planned", [CHANGES, FAILED], "failed", 1, 1],
    ["there is danger, and a stack could not be planned", [DANGER, FAILED], "danger", 1, 1],
  ] as const)("when %s", (_when, stacks, verdict, exitCode, strictExitCode) => {
    expect(verdictOf(review(...stacks))).toBe(verdict);
    expect(exitCodeOf(review(...stacks), lenient)).toBe(exitCode);
    expect(exitCodeOf(review(...stacks), strict)).toBe(strictExitCode);
  });

  it("counts changes by kind, and doesn't count a forgotten resource as destroyed", () => {
    const left = { ...destroy("aws_lb"), change: { ...destroy("aws_lb").change, actions: ["forget"] } };
    const importing = { ...update("a", {}, { b: 1 }).change, importing: { id: "x" } };
    const changes = planned(create("a"), destroy("a"), left, { ...update("a", {}, {}), change: importing });
    expect(countsOf(changes)).toEqual({ add: 1, change: 1, replace: 0, destroy: 1, import: 1, move: 0, forget: 1 });
  });

  it("gives the reasons for a blocked review", () => {
    expect(blockingReasons(review(CHANGES, FIRST))).toEqual([]);
    expect(blockingReasons(review(DANGER, WAITING)).join("; ")).toMatch(
      /^it is dangerous; the changes of b are not known/,
    );
  });

  it("lets an allowed danger pass as changes, and no failure", () => {
    expect(exitCodeOf(review(WAITING), { failOnDanger: true, allowDanger: true })).toBe(2);
    expect(exitCodeOf(review(DANGER), { failOnDanger: true, allowDanger: true })).toBe(2);
    expect(exitCodeOf(review(DANGER, FAILED), { failOnDanger: true, allowDanger: true })).toBe(1);
  });
});
