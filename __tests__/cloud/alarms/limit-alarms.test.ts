import { Alarms } from "../../../scripts/cloud/alarms/alarms";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { Metrics } from "../../../scripts/cloud/metrics/metrics";
import { DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import { type GateLimit, type Judged, limitExpressions } from "../../../stacks/gate/limit";

const MINUTE = 60_000;
const START = 1_700_000_040_000;
const NEW = "targetgroup/new/1";
const OLD = "targetgroup/old/2";
const BALANCED: GateLimit = {
  normalShare: 0.001,
  sigmas: 4.4,
  allowance: 1.2,
  compare: { sigmas: 2, maxShare: 0.1, requestRatio: 9 },
  windowSeconds: 300,
};
const ALONE: GateLimit = { normalShare: 0.001, sigmas: 4.4, allowance: 1.2, windowSeconds: 300 };
const FAILED: Judged = {
  bad: { kind: "failedRequests" },
  ...{ targetGroup: NEW, otherTargetGroup: OLD, loadBalancer: "app/service/3" },
};
const SLOW: Judged = { ...FAILED, bad: { kind: "slowRequests", slowSeconds: 1.5 } };

/** Requests of one target group in a minute: all of them, failed ones and slow ones. */
interface Traffic {
  readonly requests: number;
  readonly failed?: number;
  readonly slow?: number;
}

/** Sends traffic to both target groups, minute by minute, and gives the minutes at which the alarm changes its state. */
async function transitionsOf(
  { limit, judged }: { readonly limit: GateLimit; readonly judged: Judged },
  minutes: readonly { readonly fresh?: Traffic; readonly old?: Traffic }[],
): Promise<readonly string[]> {
  const clock = new SteppedClock(START);
  const metrics = new Metrics({ clock, settings: DEFAULT_SETTINGS });
  const alarm = {
    ...{ name: "gate", arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:gate" },
    ...({ comparisonOperator: "GreaterThanThreshold", threshold: 0, treatMissingData: "notBreaching" } as const),
    ...{ evaluationPeriods: 1, datapointsToAlarm: 1, metrics: limitExpressions(limit, judged) },
  };
  const alarms = new Alarms({ clock, metrics, templates: [alarm], settings: DEFAULT_SETTINGS });
  const observed: string[] = [];
  alarms.transitions.subscribe(({ to }) => observed.push(`${(clock.now() - START) / MINUTE} ${to}`));
  const send = (targetGroup: string, { requests, failed = 0, slow = 0 }: Traffic) => {
    const dimensions = { TargetGroup: targetGroup, LoadBalancer: FAILED.loadBalancer };
    const put = (metricName: string, value: number, count: number) => {
      for (let index = 0; index < count; index += 1) {
        metrics.put({ namespace: "AWS/ApplicationELB", metricName, dimensions, value });
      }
    };
    put("RequestCount", 1, requests);
    put("HTTPCode_Target_5XX_Count", 1, failed);
    put("TargetResponseTime", 0.05, requests - slow);
    put("TargetResponseTime", 3, slow);
  };
  alarms.start();
  for (const { fresh, old } of minutes) {
    if (fresh) send(NEW, fresh);
    if (old) send(OLD, old);
    await clock.step(MINUTE);
  }
  alarms.stop();
  return observed;
}

const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);
const STEADY = { old: { requests: 54 } };
const PEACE = { fresh: { requests: 6 }, old: { requests: 54 } };

describe("an alarm with a limit", () => {
  it.each([
    { it: "that compares", limit: BALANCED },
    { it: "that doesn't compare", limit: ALONE },
  ])("$it fires for a bad version, and ends when its window has passed after the rollback", async ({ limit }) => {
    const bad = { fresh: { requests: 6, failed: 4 }, old: { requests: 54 } };
    const minutes = [...times(3, STEADY), ...times(2, bad), ...times(12, STEADY)];
    // The first bad minute ends at 4, and is visible and read at 6. The second ends at 5, is visible from 6.5 to 11.5 as part
    // of a window, and at 12 in none.
    expect(await transitionsOf({ limit, judged: FAILED }, minutes)).toEqual(["0 OK", "6 ALARM", "12 OK"]);
  });

  it("ends at once with its window also where the new target group never gets a request again", async () => {
    const bad = { fresh: { requests: 60, slow: 30 }, old: { requests: 60 } };
    const minutes = [...times(2, bad), ...times(12, { old: { requests: 60 } })];
    expect(await transitionsOf({ limit: BALANCED, judged: SLOW }, minutes)).toEqual(["0 OK", "3 ALARM", "9 OK"]);
  });

  it("stays OK for a good version with few errors, at any traffic", async () => {
    for (const requests of [6, 600, 6000]) {
      const normal = { fresh: { requests, failed: Math.round(requests / 1000) }, old: { requests } };
      expect(await transitionsOf({ limit: BALANCED, judged: FAILED }, times(8, normal))).toEqual(["0 OK"]);
    }
  });

  it("does not blame the new version for what both have, and still catches one that is worse", async () => {
    const both = { fresh: { requests: 60, failed: 3 }, old: { requests: 540, failed: 27 } };
    expect(await transitionsOf({ limit: BALANCED, judged: FAILED }, times(8, both))).toEqual(["0 OK"]);
    expect(await transitionsOf({ limit: ALONE, judged: FAILED }, times(8, both))).toContain("3 ALARM");
    const worse = { fresh: { requests: 60, failed: 18 }, old: { requests: 540, failed: 27 } };
    expect(await transitionsOf({ limit: BALANCED, judged: FAILED }, times(8, worse))).toEqual(["0 OK", "3 ALARM"]);
  });

  it("does not blame the new version for a dependency that fails both from the first shift on", async () => {
    const both = { fresh: { requests: 600, failed: 12 }, old: { requests: 5400, failed: 108 } };
    const minutes = [...times(5, { old: { requests: 6000, failed: 6 } }), ...times(5, both)];
    expect(await transitionsOf({ limit: BALANCED, judged: FAILED }, minutes)).toEqual(["0 OK"]);
    const compare = { sigmas: 2, maxShare: 0.1 };
    expect(await transitionsOf({ limit: { ...BALANCED, compare }, judged: FAILED }, minutes)).toContain("8 ALARM");
  });

  it("catches a new version that breaks both", async () => {
    const broken = { fresh: { requests: 60, failed: 60 }, old: { requests: 540, failed: 540 } };
    expect(await transitionsOf({ limit: BALANCED, judged: FAILED }, [...times(3, PEACE), ...times(6, broken)])).toEqual(
      ["0 OK", "6 ALARM"],
    );
  });

  it("stays OK without any traffic", async () => {
    expect(await transitionsOf({ limit: BALANCED, judged: FAILED }, times(8, {}))).toEqual(["0 OK"]);
  });
});
