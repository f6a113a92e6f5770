import { AwsServer } from "../../../scripts/cloud/aws/server";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { ALB_NAMESPACE } from "../../../scripts/cloud/metrics/publication";
import { Metrics } from "../../../scripts/cloud/metrics/metrics";
import type { MetricsPart } from "../../../scripts/cloud/metrics/part";
import { DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import { SERIES, SERIES_NAMES } from "../../../scripts/gate/history/series";
import { RandomStream } from "../../../scripts/gate/random";
import { FakeState, fakeParts, GROUP_1, LISTENER, TEMPLATE } from "../../cloud/aws/fake-cloud";
import { SOURCE } from "../../fixtures/configuration";

const MINUTE_MS = 60_000;
const SECONDS = 60;

/** The context of a configuration whose service is the one of the served account. */
export const EXISTING_CONTEXT = {
  defaults: {
    project: "shop",
    region: TEMPLATE.region,
    existing: { cluster: "shop", service: "shop", application: "shop", deploymentGroup: "shop" },
    service: { source: SOURCE },
  },
  environments: { staging: {} },
};

/** Serves AWS's APIs with metrics. The clock stands still. */
export async function serveMetrics(metrics: MetricsPart, clock: SteppedClock): Promise<AwsServer> {
  const state = new FakeState();
  // No deployment shifts traffic.
  state.forward.set(LISTENER, [{ targetGroupArn: GROUP_1, weight: 100 }]);
  const server = new AwsServer({
    template: TEMPLATE,
    clock,
    parts: { ...fakeParts(state), metrics },
    settings: DEFAULT_SETTINGS,
    startedAt: 0,
  });
  await server.start();
  return server;
}

/**
 * Plays traffic to the metrics of the local cloud: 1 % of the requests fail, and 2 % take longer than 1.5 seconds. The
 * target groups swap after half of the time.
 * @param endMs when it ends; the clock is put there
 */
export async function playedMetrics(
  minutes: number,
  endMs: number,
): Promise<{ readonly metrics: MetricsPart; readonly clock: SteppedClock; readonly requests: number }> {
  const clock = new SteppedClock(endMs - minutes * MINUTE_MS);
  const metrics = new Metrics({ clock, settings: DEFAULT_SETTINGS });
  const random = new RandomStream(7, 1, 2);
  let requests = 0;
  for (let second = 0; second < minutes * SECONDS; second += 1) {
    const targetGroup = TEMPLATE.targetGroups[second < (minutes * SECONDS) / 2 ? 0 : 1];
    const dimensions = {
      TargetGroup: targetGroup?.arnSuffix ?? "",
      LoadBalancer: TEMPLATE.loadBalancer.arnSuffix,
    };
    const put = (metricName: string, value: number) =>
      metrics.put({ namespace: ALB_NAMESPACE, metricName, dimensions, value });
    for (let left = random.poisson(4); left > 0; left -= 1) {
      requests += 1;
      put("RequestCount", 1);
      put("TargetResponseTime", random.uniform() < 0.02 ? 2 : 0.05 + 0.3 * random.uniform());
      if (random.uniform() < 0.01) put("HTTPCode_Target_5XX_Count", 1);
    }
    await clock.step(1_000);
  }
  return { metrics, clock, requests };
}

/** Metrics with a value in every minute. They are of no real traffic: a value says its series and its minute. */
export function everyMinute(): MetricsPart {
  return {
    put: () => undefined,
    list: () => [],
    read: (query, boundaries) =>
      boundaries
        .slice(0, -1)
        .map((at) => ({ at, value: valueAt(query.metricName, query.statistic, at), sampleCount: 1 })),
  };
}

/** The value of {@link everyMinute} in a minute. */
export function valueAt(metricName: string, statistic: string, at: number): number {
  const series = SERIES_NAMES.findIndex(
    (name) => SERIES[name].metricName === metricName && SERIES[name].statistic(1.5) === statistic,
  );
  return series + ((at / MINUTE_MS) % 50);
}
