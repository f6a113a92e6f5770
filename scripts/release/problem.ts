import { explain, remedyFor } from "./failure";

/** One reason not to release: what is wrong, where, and what to do next. */
export interface Problem {
  readonly what: string;
  readonly where: string;
  readonly next: string;
}

/** Why it was refused: there is always a reason. */
export type SomeProblems = readonly [Problem, ...Problem[]];

/** A check that came to nothing, and told no problem: that is one as well. */
const NOTHING_TOLD: Problem = {
  what: "the checks did not come to an end, and none says why",
  where: "an answer of AWS that leaves something out, or a fault of the release command",
  next: "try again; --output json shows all that was seen",
};

/** At least one problem: who refuses for none at all says that. Pure. */
export function someProblems([first = NOTHING_TOLD, ...rest]: readonly Problem[]): SomeProblems {
  return [first, ...rest];
}

/**
 * A failed call as a problem; a missing permission is called one. Pure.
 *
 * @param operation in IAM's words, e.g. `ecs:DescribeServices`
 */
export function problemOf(operation: string, error: unknown): Problem {
  const failure = explain(error);
  // A call may need the rights of others: RegisterTaskDefinition with tags needs ecs:TagResource.
  const needed = /\bperform: ([a-z0-9-]+:\w+)/.exec(failure.message)?.[1] ?? operation;
  return failure.kind === "denied"
    ? { what: `not allowed: ${failure.message}`, where: operation, next: `grant ${needed} to this identity` }
    : { what: `${failure.type}: ${failure.message}`, where: operation, next: remedyFor(failure) };
}

/** Collects problems, so that all are told at once. */
export class Problems {
  private readonly list: Problem[] = [];

  get all(): readonly Problem[] {
    return this.list;
  }

  /** What to refuse with. */
  get some(): SomeProblems {
    return someProblems(this.list);
  }

  add(problem: Problem): void {
    this.list.push(problem);
  }

  /**
   * The call's answer; undefined when it failed, which is then a problem.
   *
   * @param operation in IAM's words, e.g. `ecs:DescribeServices`
   * @param known problems made from AWS's own error types
   */
  async ask<T>(
    operation: string,
    call: Promise<T>,
    known: Readonly<Record<string, Omit<Problem, "where"> & { readonly where?: string }>> = {},
  ): Promise<T | undefined> {
    try {
      return await call;
    } catch (error) {
      const expected = known[explain(error).type];
      this.add(expected ? { where: operation, ...expected } : problemOf(operation, error));
      return undefined;
    }
  }
}
