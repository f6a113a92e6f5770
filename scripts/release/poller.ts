import type { AwsPort } from "./aws-port";
import { nextDelay } from "./backoff";
import type { Clock } from "./clock";
import { explain, isRetryable, remedyFor, type Failure } from "./failure";
import { NO_MEMORY, takeLook, type LookInput } from "./snapshot-reader";
import type { Snapshot } from "./snapshot";

/** Looks failed in a row before the watch gives up. */
const FAILURE_LIMIT = 10;
/**
 * Looks in a row that were answered about something else before the watch gives up. One is a proxy's mistake and passes;
 * who goes on answering so won't come to say anything about our deployment.
 */
const MISMATCH_LIMIT = 4;
/** The last look may go on for so long after the deadline: milliseconds. */
const LAST_LOOK_MS = 5_000;

/** What is watched, and how patiently. */
export interface PollInput extends LookInput {
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
  /** When to stop looking, by `clock`. */
  readonly deadline: number;
  /** Gives up the look that is under way, or the wait for the next one; once. */
  readonly wake?: AbortSignal;
}

/** What the poller lives on. */
export interface PollerDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** One thing the poller has to tell. */
export type PollResult =
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  | { readonly type: "trouble"; readonly failure: Failure; readonly attempt: number; readonly retryInMs: number };

/** The watch was given up; the deployment goes on. `why` and `next` are for people. */
export class LostSight extends Error {
  constructor(
    readonly why: string,
    readonly next: string,
  ) {
    super(why);
    this.name = "LostSight";
  }
}

/**
 * Looks at a deployment again and again and yields what it sees, for as long as it is asked to. It decides nothing: who
 * consumes it stops when the outcome is clear.
 *
 * @throws LostSight when the deadline passed, when too many looks failed in a row, or when another try is pointless
 */
export async function* watchDeployment(deps: PollerDeps, input: PollInput): AsyncGenerator<PollResult, never> {
  const { clock } = deps;
  const minutes = Math.round((input.deadline - clock.now()) / 60_000);
  let memory = NO_MEMORY;
  let failures = 0;
  let mismatches = 0;
  for (;;) {
    const look = takeLook(deps, input, memory).catch((error: unknown) => explainLook(error));
    const result = await withTimeout(look, deps, input);
    if (result === "woken") continue;
    if (result === "late") throw tooLate(minutes);
    const failed = "kind" in result;
    failures = failed ? failures + 1 : 0;
    mismatches = failed && result.kind === "mismatched" ? mismatches + 1 : 0;
    const delay = nextDelay(input.intervalMs, failures, deps.random());
    if (failed) {
      if (!isRetryable(result)) throw lostSightOf(result, 1);
      if (mismatches >= MISMATCH_LIMIT) throw lostSightOf(result, mismatches);
      if (failures >= FAILURE_LIMIT) throw lostSightOf(result, failures);
      yield { type: "trouble", failure: result, attempt: failures, retryInMs: delay };
    } else {
      memory = result.memory;
      yield { type: "snapshot", snapshot: result.snapshot };
    }
    const left = input.deadline - clock.now();
    if (left <= 0) throw tooLate(minutes);
    await clock.sleep(Math.min(delay, left), input.wake?.aborted === true ? undefined : input.wake);
  }
}

/** The look's result, unless the deadline passes or the watch is woken before: an answer may never come. */
async function withTimeout<T>(
  look: Promise<T>,
  { clock }: PollerDeps,
  input: PollInput,
): Promise<T | "late" | "woken"> {
  const left = Math.max(input.deadline - clock.now(), LAST_LOOK_MS);
  const { wake } = input;
  let forget = () => {
    // Set below.
  };
  const cut = new Promise<"late" | "woken">((resolve) => {
    const cancel = clock.after(left, () => resolve("late"));
    const onWake = () => resolve("woken");
    if (wake?.aborted === false) wake.addEventListener("abort", onWake, { once: true });
    forget = () => {
      cancel();
      wake?.removeEventListener("abort", onWake);
    };
  });
  try {
    return await Promise.race([look, cut]);
  } finally {
    forget();
  }
}

/** A deployment just created may not be known everywhere yet; its id is ours, so "unknown" passes. */
function explainLook(error: unknown): Failure {
  const failure = explain(error);
  return failure.type === "DeploymentDoesNotExistException" ? { ...failure, kind: "passing" } : failure;
}

function tooLate(minutes: number): LostSight {
  return new LostSight(
    `it was not over after ${minutes} minutes, as long as this watch was to last (--timeout)`,
    "attach to it again to go on watching",
  );
}

function lostSightOf(failure: Failure, failures: number): LostSight {
  const tries = failures > 1 ? ` ${failures} times in a row` : "";
  return new LostSight(
    failure.kind === "mismatched"
      ? `the answers${tries} were about something else, and nothing else counts: ${failure.message}`
      : `reading the deployment failed${tries}: ${failure.type}: ${failure.message}`,
    remedyFor(failure),
  );
}
