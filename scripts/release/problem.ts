import { explain, remedyFor } from "./failure";

/** One reason not to release: what is wrong, where, and what to do next. */
export interface Problem {
  readonly what: string;
  readonly where: string;
  readonly next: string;
}

/** At least one problem. */
export type SomeProblems = readonly [Problem, ...Problem[]];

/** Reported when a check failed without naming a problem. */
const UNNAMED_PROBLEM: Problem = {
  what: "the checks did not finish, and none of them reported a problem",
  where: "an incomplete answer of AWS, or a bug of the release command",
  next: "try again; --output json shows all events",
};

/** The problems, or a general problem when the list is empty. Pure. */
export function someProblems([first = UNNAMED_PROBLEM, ...rest]: readonly Problem[]): SomeProblems {
  return [first, ...rest];
}

/**
 * The problem for a failed call. For a missing permission it names the IAM action to grant. Pure.
 *
 * @param operation IAM action, e.g. `ecs:DescribeServices`
 */
export function problemOf(operation: string, error: unknown): Problem {
  const failure = explain(error);
  // A call may need other actions too: RegisterTaskDefinition with tags needs ecs:TagResource.
  const needed = /\bperform: ([a-z0-9-]+:\w+)/.exec(failure.message)?.[1] ?? operation;
  return failure.kind === "denied"
    ? { what: `not allowed: ${failure.message}`, where: operation, next: `grant ${needed} to this identity` }
    : { what: `${failure.type}: ${failure.message}`, where: operation, next: remedyFor(failure) };
}

/** Collects problems, so that all are reported at once. */
export class Problems {
  private readonly list: Problem[] = [];

  get all(): readonly Problem[] {
    return this.list;
  }

  /** The problems for a refusal. */
  get some(): SomeProblems {
    return someProblems(this.list);
  }

  add(problem: Problem): void {
    this.list.push(problem);
  }

  /**
   * The response of a call. When the call fails, adds a problem and returns undefined.
   *
   * @param operation IAM action, e.g. `ecs:DescribeServices`
   * @param known problems for error types of AWS
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
