import { differencesOf } from "../attribute-differences";
import { exitCodeOf, verdictOf, type Review, type Strictness } from "../review";

/** The review as JSON, for programs: like the Markdown without sensitive values, but complete. Pure. */
export function jsonOf(review: Review, strictness: Strictness): object {
  return {
    environment: review.environment,
    verdict: verdictOf(review),
    exitCode: exitCodeOf(review, strictness),
    stacks: review.stacks.map((stack) =>
      stack.status === "planned"
        ? {
            ...stack,
            changes: stack.changes.map((change) => ({
              address: change.address,
              type: change.type,
              kind: change.kind,
              ...(change.deposed !== undefined && { deposed: change.deposed }),
              ...(change.previousAddress !== undefined && { previousAddress: change.previousAddress }),
              attributes: differencesOf(change),
            })),
          }
        : stack,
    ),
  };
}
