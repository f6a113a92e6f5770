import type { AwsPort } from "./aws-port";
import type { Clock } from "./clock";
import { hadNoEffect, explain, isRetryable } from "./failure";

/** How often a question is asked. */
const TRIES = 3;
/** The first wait between two tries, in milliseconds; it doubles. */
const FIRST_WAIT_MS = 500;

/** Operations that only read: to ask again changes nothing. */
const READS = [
  "getCallerIdentity",
  "describeServices",
  "describeTaskDefinition",
  "listTaskDefinitions",
  "listTasks",
  "describeTasks",
  "describeRepositories",
  "describeImages",
  "batchGetImage",
  "getDownloadUrlForLayer",
  "getAuthorizationToken",
  "describeAlarms",
  "describeTargetGroups",
  "describeTargetHealth",
  "describeRules",
  "getDeploymentGroup",
  "getDeploymentConfig",
  "listDeployments",
  "batchGetDeployments",
  "getDeployment",
  "getDeploymentTarget",
] as const satisfies readonly (keyof AwsPort)[];

/** What waiting needs. */
export interface RetryDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  /** Ends the tries: who wants to stop waits for no further answer. */
  readonly stop: AbortSignal;
}

/**
 * The same port, whose questions are asked again when their answer failed to come, could not be read or was about
 * something else. A revision is registered again only when the failure says that none was. To create, to stop and to
 * continue a deployment have ways of their own (create-deployment.ts, stop.ts, continue.ts); those are sent once.
 */
export function retryingAws({ aws, clock, stop }: RetryDeps): AwsPort {
  const isStopped = () => stop.aborted;
  const again = async <T>(call: () => Promise<T>, mayRepeat: (error: unknown) => boolean): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (attempt === TRIES || isStopped() || !isRetryable(explain(error)) || !mayRepeat(error)) throw error;
        await clock.sleep(FIRST_WAIT_MS * 2 ** (attempt - 1), stop);
        if (isStopped()) throw error;
      }
    }
  };
  const retrying = (name: (typeof READS)[number]) => {
    const ask = aws[name] as (...input: never[]) => Promise<unknown>;
    return (...input: never[]) =>
      again(
        () => ask(...input),
        () => true,
      );
  };
  const reads = Object.fromEntries(READS.map((name) => [name, retrying(name)])) as Pick<
    AwsPort,
    (typeof READS)[number]
  >;
  return {
    ...aws,
    ...reads,
    registerTaskDefinition: (input) => again(() => aws.registerTaskDefinition(input), hadNoEffect),
  };
}
