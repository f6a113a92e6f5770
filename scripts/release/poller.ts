import type { AwsPort } from "./aws-port";
import { nextDelay } from "./backoff";
import type { Clock } from "./clock";
import { explain, isRetryable, remedyFor, type Failure } from "./failure";
import type { Snapshot } from "./snapshot";
import { EMPTY_HISTORY, SnapshotReader, type SnapshotInput } from "./snapshot-reader";

/** The watch ends after this number of failed polls in a row. */
const FAILURE_LIMIT = 10;
/**
 * The watch ends after this number of responses in a row about another deployment. A proxy may answer wrongly once; one
 * that continues to do so will never answer about our deployment.
 */
const MISMATCH_LIMIT = 4;
/** How long a poll that is under way may continue after the deadline, in milliseconds. */
const LAST_POLL_MS = 5_000;

/** What is polled, how often and for how long. */
export interface PollInput extends SnapshotInput {
  /** Milliseconds between two polls. */
  readonly intervalMs: number;
  /** When the watch ends, by `clock`. */
  readonly deadline: number;
  /** When it aborts, the poll that is under way, or the wait for the next one, is cut short once. */
  readonly wake?: AbortSignal;
}

/** Dependencies of the poller. */
export interface PollerDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Result of one poll: a snapshot, or a failure after which the poller tries again. */
export type PollResult =
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  | { readonly type: "trouble"; readonly failure: Failure; readonly attempt: number; readonly retryInMs: number };

/** The watch ended early; the deployment continues. `why` and `next` are texts for people. */
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
 * Polls a deployment and yields each result, until the consumer stops. It decides nothing: the consumer stops when the
 * outcome is clear.
 *
 * @throws LostSight after the deadline, after too many failed polls in a row, or after a failure for which a retry is useless
 */
export async function* watchDeployment(deps: PollerDeps, input: PollInput): AsyncGenerator<PollResult, never> {
  const { clock } = deps;
  const minutes = Math.round((input.deadline - clock.now()) / 60_000);
  let history = EMPTY_HISTORY;
  let failures = 0;
  let mismatches = 0;
  for (;;) {
    const poll = new SnapshotReader(deps, input, history).read().catch((error: unknown) => failureOf(error));
    const result = await withTimeout(poll, deps, input);
    if (result === "woken") continue;
    if (result === "late") throw tooLate(minutes);
    const failed = "kind" in result;
    failures = failed ? failures + 1 : 0;
    mismatches = failed && result.kind === "mismatched" ? mismatches + 1 : 0;
    const delay = nextDelay(input.intervalMs, failures, deps.random());
    if (failed) {
      if (!isRetryable(result)) throw lostSightAfter(result, 1);
      if (mismatches >= MISMATCH_LIMIT) throw lostSightAfter(result, mismatches);
      if (failures >= FAILURE_LIMIT) throw lostSightAfter(result, failures);
      yield { type: "trouble", failure: result, attempt: failures, retryInMs: delay };
    } else {
      history = result.history;
      yield { type: "snapshot", snapshot: result.snapshot };
    }
    const left = input.deadline - clock.now();
    if (left <= 0) throw tooLate(minutes);
    await clock.sleep(Math.min(delay, left), input.wake?.aborted === true ? undefined : input.wake);
  }
}

/** The poll's result, unless the deadline or `wake` comes first: a response may never arrive. */
async function withTimeout<T>(
  poll: Promise<T>,
  { clock }: PollerDeps,
  input: PollInput,
): Promise<T | "late" | "woken"> {
  const left = Math.max(input.deadline - clock.now(), LAST_POLL_MS);
  const { wake } = input;
  let cleanUp = () => {
    // Set below.
  };
  const cut = new Promise<"late" | "woken">((resolve) => {
    const cancel = clock.after(left, () => resolve("late"));
    const onWake = () => resolve("woken");
    if (wake?.aborted === false) wake.addEventListener("abort", onWake, { once: true });
    cleanUp = () => {
      cancel();
      wake?.removeEventListener("abort", onWake);
    };
  });
  try {
    return await Promise.race([poll, cut]);
  } finally {
    cleanUp();
  }
}

/** A deployment that was just created may be unknown to some of AWS's servers: this failure passes. */
function failureOf(error: unknown): Failure {
  const failure = explain(error);
  return failure.type === "DeploymentDoesNotExistException" ? { ...failure, kind: "transient" } : failure;
}

function tooLate(minutes: number): LostSight {
  return new LostSight(
    `the deployment was not over after ${minutes} minutes, the time limit of this watch (--timeout)`,
    "attach to it again to continue watching",
  );
}

function lostSightAfter(failure: Failure, failures: number): LostSight {
  const tries = failures > 1 ? ` ${failures} times in a row` : "";
  return new LostSight(
    failure.kind === "mismatched"
      ? `the answers were about something else${tries}: ${failure.message}`
      : `reading the deployment failed${tries}: ${failure.type}: ${failure.message}`,
    remedyFor(failure),
  );
}
