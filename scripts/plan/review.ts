import { EXIT_CODES } from "../command/exit-codes";
import type { Change, ChangeKind } from "./change";
import { worstOf, type Finding } from "./findings";
import type { ActionInvocation } from "./plan-json";
import type { Level } from "./rules/rule";

/** A stack that was planned. */
export interface PlannedStack {
  readonly name: string;
  readonly status: "planned";
  /** The resources that change, in Terraform's order. */
  readonly changes: readonly Change[];
  /** Names of the outputs that change. */
  readonly outputs: readonly string[];
  /** Actions of providers that are run; absent for none. */
  readonly actions?: readonly ActionInvocation[];
  /** Parts of the plan that this review doesn't read, in words; absent for none. */
  readonly unread?: readonly string[];
  readonly findings: readonly Finding[];
}

/** The result for one stack. */
export type StackReview =
  | PlannedStack
  | {
      readonly name: string;
      /** It can't be planned yet: it reads outputs that don't exist until other stacks are applied. */
      readonly status: "waiting";
      /** The stacks that have to be applied first, and the outputs that are read from each. */
      readonly for: readonly { readonly stack: string; readonly outputs: readonly string[] }[];
      /** Whether the stack has resources already, which its plan might harm. */
      readonly applied: boolean;
    }
  | { readonly name: string; readonly status: "skipped" }
  | {
      readonly name: string;
      readonly status: "failed";
      /** e.g. `terraform plan` */
      readonly step: string;
      readonly message: string;
      /** What the user can do about it. */
      readonly next: string;
    };

/** The results for an environment's stacks, in the order in which they are applied. */
export interface Review {
  readonly environment: string;
  readonly stacks: readonly StackReview[];
}

/** Whether a danger makes the command fail. */
export interface Strictness {
  readonly failOnDanger: boolean;
  /** Somebody has checked the danger and accepts it. */
  readonly allowDanger: boolean;
}

/**
 * The verdict on an environment. `none`: nothing changes. `unjudged`: it can't be assessed, because a stack with resources can't be
 * planned yet, or a plan holds something that this review doesn't read. `failed`: a stack could not be planned.
 */
export type ReviewVerdict = Level | "none" | "unjudged" | "failed";

/** Number of resources by kind of change. A resource that is imported and changed counts as both. */
export type Counts = Readonly<Record<"add" | "change" | "replace" | "destroy" | "import" | "move" | "forget", number>>;

const COUNT_BY_KIND: Readonly<Record<ChangeKind, keyof Counts | undefined>> = {
  create: "add",
  update: "change",
  replace: "replace",
  delete: "destroy",
  forget: "forget",
  move: "move",
  // Counted by `Change.imported`.
  import: undefined,
  none: undefined,
};

function findingsOf(review: Review): readonly Finding[] {
  return review.stacks.flatMap((stack) => (stack.status === "planned" ? stack.findings : []));
}

/** Whether applying the stack changes anything; a stack that waits for others counts as changed. */
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

/** Names of the stacks that have resources and can't be planned yet. */
function unjudgedStacks(review: Review): readonly string[] {
  return review.stacks.filter((stack) => stack.status === "waiting" && stack.applied).map(({ name }) => name);
}

/** The verdict on the whole environment: danger first, then failed, unjudged, caution, fine and none. */
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

/** Whether the strictness makes the command fail, for the reasons that `blockingReasons` gives. */
export function isBlocked(review: Review, { failOnDanger, allowDanger }: Strictness): boolean {
  return failOnDanger && !allowDanger && blockingReasons(review).length > 0;
}

/** What somebody has to accept before the change may be applied, in words that follow a colon. */
export function blockingReasons(review: Review): readonly string[] {
  const [unjudged, notRead] = [unjudgedStacks(review), unreadStacks(review)];
  return [
    ...(worstOf(findingsOf(review)) === "danger" ? ["it is dangerous"] : []),
    ...(unjudged.length > 0
      ? [`the changes of ${unjudged.join(" and ")} are not known before other stacks are deployed`]
      : []),
    ...(notRead.length > 0
      ? [`the plan of ${notRead.join(" and ")} holds something that this review doesn't read`]
      : []),
  ];
}

/** Number of resources by kind of change. */
export function countsOf(changes: readonly Change[]): Counts {
  const counts = { add: 0, change: 0, replace: 0, destroy: 0, import: 0, move: 0, forget: 0 };
  for (const { kind, imported } of changes) {
    const counted = COUNT_BY_KIND[kind];
    if (counted !== undefined) counts[counted] += 1;
    if (imported) counts.import += 1;
  }
  return counts;
}
