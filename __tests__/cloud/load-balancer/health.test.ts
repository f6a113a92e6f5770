import {
  afterCheck,
  matcherOf,
  REGISTERED,
  type CheckResult,
  type Health,
} from "../../../scripts/cloud/load-balancer/health";

const thresholds = { healthyThreshold: 2, unhealthyThreshold: 3, matches: matcherOf("200") };

const RESULTS: Readonly<Record<string, CheckResult>> = {
  o: { kind: "answered", status: 200 },
  x: { kind: "answered", status: 503 },
  t: { kind: "timeout" },
  f: { kind: "failed" },
};

/** The health after a row of checks: o is a success, x a wrong status, t a timeout, f a failed connection. */
function after(checks: string): Health {
  return checks.split("").reduce((health, mark) => {
    const result = RESULTS[mark];
    if (!result) throw new Error(`no such result: ${mark}`);
    return afterCheck(health, result, thresholds);
  }, REGISTERED);
}

describe("the health of a target", () => {
  it.each([
    ["", "initial"],
    ["o", "healthy"],
    ["x", "initial"],
    ["xx", "initial"],
    ["xxo", "healthy"],
    ["xxx", "unhealthy"],
    ["xtf", "unhealthy"],
    ["oxx", "healthy"],
    ["oxxo", "healthy"],
    ["oxxoxx", "healthy"],
    ["oxxx", "unhealthy"],
    ["oxxxo", "unhealthy"],
    ["oxxxoo", "healthy"],
    ["oxxxoxo", "unhealthy"],
    ["oxxxoxoo", "healthy"],
    ["xxxooxx", "healthy"],
    ["xxxooxxx", "unhealthy"],
  ])("after the checks '%s' is %s", (checks, state) => {
    expect(after(checks).state).toBe(state);
  });

  it.each([
    ["", "Elb.RegistrationInProgress", "Target registration is in progress"],
    ["x", "Elb.InitialHealthChecking", "Initial health checks in progress"],
    ["xxx", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"],
    ["oxxt", "Target.Timeout", "Request timed out"],
    ["oxxf", "Target.FailedHealthChecks", "Health checks failed"],
    ["oxxxo", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"],
    ["oxxxt", "Target.Timeout", "Request timed out"],
  ])("after the checks '%s' has the reason %s", (checks, reason, description) => {
    expect(after(checks)).toMatchObject({ reason, description });
  });

  it.each(["o", "ox", "oxxxoo"])("after the checks '%s' needs no reason", (checks) => {
    expect(after(checks).reason).toBeUndefined();
    expect(after(checks).description).toBeUndefined();
  });
});

describe("a matcher", () => {
  it.each([
    ["200", [200], [201, 404]],
    ["200,204", [200, 204], [201]],
    ["200-299", [200, 250, 299], [199, 300]],
    ["200-204, 301", [200, 204, 301], [205, 302]],
  ])("%s", (matcher, good, bad) => {
    const matches = matcherOf(matcher);
    expect(good.filter((status) => !matches(status))).toEqual([]);
    expect(bad.filter(matches)).toEqual([]);
  });

  it.each(["", "2xx", "200-", "200;201"])("refuses '%s'", (matcher) => {
    expect(() => matcherOf(matcher)).toThrow(/is not a list of codes/);
  });
});
