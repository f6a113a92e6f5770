import { EXIT_CODES } from "../command/exit-codes";
import type { Change, ChangeKind } from "./change";
import { worstOf, type Finding } from "./findings";
import type { ActionInvocation } from "./plan-json";
import type { Level } from "./rules/rule";

/** A stack that was planned. */
export interface PlannedStack {
  readonly name: string;
  readonly status: "planned";
  /** What changes, in Terraform's order; resources that stay as they are left out. */
  readonly changes: readonly Change[];
  /** Names of the outputs that change. */
  readonly outputs: readonly string[];
  /** Actions of providers that are run; absent: none. */
  readonly actions?: readonly ActionInvocation[];
  /** What the plan holds and this review doesn't read, in words; absent: it reads everything. */
  readonly unread?: readonly string[];
  readonly findings: readonly Finding[];
}

/** What came of one stack. */
export type StackReview =
  | PlannedStack
  | {
      readonly name: string;
      /** It reads what no apply has made yet. */
      readonly status: "waiting";
      /** The stacks that have to be applied first, and what is read of each. */
      readonly for: readonly { readonly stack: string; readonly outputs: readonly string[] }[];
      /** Whether it has resources already, which its plan might harm; otherwise there is nothing to lose. */
      readonly applied: boolean;
    }
  | { readonly name: string; readonly status: "skipped" }
  | {
      readonly name: string;
      readonly status: "failed";
      /** e.g. `terraform plan` */
      readonly step: string;
      readonly message: string;
      /** What to do about it. */
      readonly next: string;
    };

/** The plans of one environment's stacks, in the order in which they are applied. */
export interface Review {
  readonly environment: string;
  readonly stacks: readonly StackReview[];
}

/** Whether a danger ends the command with an error. */
export interface Strictness {
  readonly failOnDanger: boolean;
  /** Somebody has looked at the danger and wants it. */
  readonly allowDanger: boolean;
}

/**
 * `unjudged`: a stack with resources could not be planned yet, or a plan holds something that this review doesn't read, so
 * nobody knows what will become of it.
 */
export type ReviewVerdict = Level | "none" | "unjudged" | "failed";

/** How many resources go which way. One that is imported and changed counts as both. */
export type Counts = Readonly<Record<"add" | "change" | "replace" | "destroy" | "import" | "move" | "forget", number>>;

const COUNT_BY_KIND: Readonly<Record<ChangeKind, keyof Counts | undefined>> = {
  create: "add",
  update: "change",
  replace: "replace",
  delete: "destroy",
  forget: "forget",
  move: "move",
  // Counted by `imported`.
  import: undefined,
  none: undefined,
};

/** Every finding of the review. */
function findingsOf(review: Review): readonly Finding[] {
  return review.stacks.flatMap((stack) => (stack.status === "planned" ? stack.findings : []));
}

/** Whether applying the stack would do anything, as far as that can be said. */
export function hasChanges(stack: StackReview): boolean {
  if (stack.status !== "planned") return stack.status === "waiting";
  const { changes, outputs, actions = [], unread = [] } = stack;
  return changes.length + outputs.length + actions.length + unread.length > 0;
}

/** Names of the stacks whose plans hold something that this review doesn't read. */
function unreadStacks(review: Review): readonly string[] {
  return review.stacks
    .filter((stack) => stack.status === "planned" && (stack.unread ?? []).length > 0)
    .map(({ name }) => name);
}

/** Names of the stacks that have resources and could not be planned yet: what becomes of those is not known. */
function unjudgedStacks(review: Review): readonly string[] {
  return review.stacks.filter((stack) => stack.status === "waiting" && stack.applied).map(({ name }) => name);
}

/** The verdict over the whole environment: failed, else the worst of what was found. */
export function verdictOf(review: Review): ReviewVerdict {
  const worst = worstOf(findingsOf(review));
  if (worst === "danger") return "danger";
  if (review.stacks.some(({ status }) => status === "failed")) return "failed";
  if (unjudgedStacks(review).length + unreadStacks(review).length > 0) return "unjudged";
  return worst === "fine" && !review.stacks.some(hasChanges) ? "none" : worst;
}

/** The exit code of the review. A stack that could not be planned, or a danger that blocks, is a failure. */
export function exitCodeOf(review: Review, strictness: Strictness): 0 | 1 | 2 {
  const { failed, changed, unchanged } = EXIT_CODES.plan;
  if (review.stacks.some(({ status }) => status === "failed") || isBlocked(review, strictness)) return failed.code;
  return (review.stacks.some(hasChanges) ? changed : unchanged).code;
}

/** Whether a danger, or what can't be judged yet, and nothing else, keeps this from being let pass. */
export function isBlocked(review: Review, { failOnDanger, allowDanger }: Strictness): boolean {
  return failOnDanger && !allowDanger && blockingReasons(review).length > 0;
}

/** What would have to be allowed by somebody, in words that follow "not to be merged as it is: ". */
export function blockingReasons(review: Review): readonly string[] {
  const [unjudged, notRead] = [unjudgedStacks(review), unreadStacks(review)];
  return [
    ...(worstOf(findingsOf(review)) === "danger" ? ["it is dangerous"] : []),
    ...(unjudged.length > 0
      ? [`what becomes of ${unjudged.join(" and ")} can't be told before the values that are read there are deployed`]
      : []),
    ...(notRead.length > 0
      ? [`the plan of ${notRead.join(" and ")} holds something that this review doesn't read`]
      : []),
  ];
}

/** How many resources of a stack go which way. */
export function countsOf(changes: readonly Change[]): Counts {
  const counts = { add: 0, change: 0, replace: 0, destroy: 0, import: 0, move: 0, forget: 0 };
  for (const { kind, imported } of changes) {
    const counted = COUNT_BY_KIND[kind];
    if (counted !== undefined) counts[counted] += 1;
    if (imported) counts.import += 1;
  }
  return counts;
}
