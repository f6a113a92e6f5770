import type { TargetHealthState } from "./part";

/** What one health check found. */
export type CheckResult =
  | { readonly kind: "answered"; readonly status: number }
  | { readonly kind: "timeout" }
  /** The connection was refused or broke. */
  | { readonly kind: "failed" };

/** The health of one registered target, after its checks so far. */
export interface Health {
  readonly state: Exclude<TargetHealthState, "draining">;
  /** Reason code as ELB names it; none while healthy. */
  readonly reason?: string;
  readonly description?: string;
  /** Consecutive successes and failures; one of the two is 0. */
  readonly successes: number;
  readonly failures: number;
}

/** When a target's state changes. */
export interface HealthThresholds {
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Whether an HTTP status is a success. */
  readonly matches: (status: number) => boolean;
}

/** A target that was just registered and not yet checked. */
export const REGISTERED: Health = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
  successes: 0,
  failures: 0,
};

const INITIAL_CHECKING = { reason: "Elb.InitialHealthChecking", description: "Initial health checks in progress" };

/**
 * The health after one more check. A new target becomes healthy after its first success, an unhealthy target after
 * HealthyThreshold successes in a row. Any target becomes unhealthy after UnhealthyThreshold failures in a row.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function afterCheck(health: Health, result: CheckResult, thresholds: HealthThresholds): Health {
  if (result.kind === "answered" && thresholds.matches(result.status)) {
    const successes = health.successes + 1;
    const recovered = health.state !== "unhealthy" || successes >= thresholds.healthyThreshold;
    return recovered ? { state: "healthy", successes, failures: 0 } : { ...health, successes, failures: 0 };
  }
  const failures = health.failures + 1;
  if (health.state === "unhealthy" || failures >= thresholds.unhealthyThreshold) {
    return { state: "unhealthy", ...reasonOf(result), successes: 0, failures };
  }
  const reason = health.state === "initial" ? INITIAL_CHECKING : {};
  return { state: health.state, ...reason, successes: 0, failures };
}

function reasonOf(result: CheckResult): { readonly reason: string; readonly description: string } {
  switch (result.kind) {
    case "answered":
      return {
        reason: "Target.ResponseCodeMismatch",
        description: `Health checks failed with these codes: [${result.status}]`,
      };
    case "timeout":
      return { reason: "Target.Timeout", description: "Request timed out" };
    case "failed":
      return { reason: "Target.FailedHealthChecks", description: "Health checks failed" };
  }
}

/**
 * Reads a matcher: codes and ranges such as `200`, `200,202` or `200-299`.
 * @returns whether a status matches
 * @throws RangeError for any other text
 */
export function matcherOf(matcher: string): (status: number) => boolean {
  const ranges = matcher.split(",").map((part) => {
    const match = /^\s*(\d{3})(?:-(\d{3}))?\s*$/.exec(part);
    if (!match) {
      throw new RangeError(
        `the health check matcher "${matcher}" is not a list of codes such as 200, 200,202 or 200-299`,
      );
    }
    const from = Number(match[1]);
    return { from, to: match[2] === undefined ? from : Number(match[2]) };
  });
  return (status) => ranges.some(({ from, to }) => status >= from && status <= to);
}
