import { AWS_OPERATIONS, type AwsPort, type Operation } from "./aws-port";
import type { Clock } from "./clock";
import { hadNoEffect, explain, isRetryable } from "./failure";

const MAX_TRIES = 3;
/** Wait before the second try, in milliseconds; it doubles before the third. */
const FIRST_WAIT_MS = 500;

/** Dependencies of `retryingAws`. */
export interface RetryDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  /** When it aborts, no further try is made. */
  readonly stop: AbortSignal;
}

/**
 * The same port with retries after a retryable failure. RegisterTaskDefinition is repeated only when the failed call had no
 * effect. Creating, stopping and continuing a deployment are sent once here: they have their own retries
 * (create-deployment.ts, stop.ts, continue.ts).
 */
export function retryingAws({ aws, clock, stop }: RetryDeps): AwsPort {
  const isStopped = () => stop.aborted;
  const again = async <T>(call: () => Promise<T>, mayRepeat: (error: unknown) => boolean = () => true): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (attempt === MAX_TRIES || isStopped() || !isRetryable(explain(error)) || !mayRepeat(error)) throw error;
        await clock.sleep(FIRST_WAIT_MS * 2 ** (attempt - 1), stop);
        if (isStopped()) throw error;
      }
    }
  };
  const reads = Object.values(AWS_OPERATIONS)
    .flatMap((operations) => Object.entries(operations))
    .filter(([, kind]) => kind === "read")
    .map(([name]) => {
      const call = aws[name as Operation] as (input: never) => Promise<unknown>;
      return [name, (input: never) => again(() => call(input))];
    });
  return {
    ...aws,
    ...(Object.fromEntries(reads) as Partial<AwsPort>),
    registerTaskDefinition: (input) => again(() => aws.registerTaskDefinition(input), hadNoEffect),
  };
}
