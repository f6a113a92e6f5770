import { Publisher } from "../../../scripts/cloud/load-balancer/publisher";
import type { MetricsPart } from "../../../scripts/cloud/metrics/part";
import { ALB_METRICS } from "../../../scripts/cloud/metrics/publication";

type Sample = Parameters<MetricsPart["put"]>[0];

/** What is published for a target group named "one" of a load balancer named "lb". */
function publishing() {
  const samples: Sample[] = [];
  const metrics: MetricsPart = { put: (sample) => void samples.push(sample), read: () => [], list: () => [] };
  const publisher = new Publisher(metrics, "lb", { loadBalancer5xxPerTargetGroup: false });
  const group = publisher.forTargetGroup("one");
  const values = (name: string) => samples.filter(({ metricName }) => metricName === name).map(({ value }) => value);
  return { publisher, group, samples, values };
}

describe("a target's response", () => {
  // Once for the load balancer, once for the target group.
  it("is counted, and its time is published", () => {
    const { group, values } = publishing();
    group.response(200, 0.25);
    expect(values("HTTPCode_Target_2XX_Count")).toEqual([1, 1]);
    expect(values("TargetResponseTime")).toEqual([0.25, 0.25]);
  });

  // "Reporting criteria: There is a nonzero value."
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
  it("is counted, and no time is published, when it took none", () => {
    const { group, values } = publishing();
    group.response(200, 0);
    expect(values("HTTPCode_Target_2XX_Count")).toEqual([1, 1]);
    expect(values("TargetResponseTime")).toEqual([]);
  });
});

describe("the list of the published metrics", () => {
  it("has each of them, with what it is published for", () => {
    const { publisher, group, samples } = publishing();
    publisher.fixedResponse();
    for (const status of [200, 301, 404, 500]) group.response(status, 0.1);
    for (const status of [400, 500, 502, 503, 504]) group.loadBalancerResponse(status);
    group.request();
    group.connectionError();
    group.hosts(1, 0);
    const scopeOf = (name: string) => {
      const groups = samples
        .filter(({ metricName }) => metricName === name)
        .map(({ dimensions }) => dimensions["TargetGroup"]);
      if (!groups.includes(undefined)) return "targetGroup";
      return groups.includes("one") ? "both" : "loadBalancer";
    };
    const published = [...new Set(samples.map(({ metricName }) => metricName))];
    expect(Object.fromEntries(published.map((name) => [name, scopeOf(name)]))).toEqual(ALB_METRICS);
  });
});
