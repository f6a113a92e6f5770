import { Publisher } from "../../../scripts/cloud/load-balancer/publisher";
import type { MetricsPart } from "../../../scripts/cloud/metrics/part";

type Sample = Parameters<MetricsPart["put"]>[0];

/** What is published for a target group named "one" of a load balancer named "lb". */
function publishing() {
  const samples: Sample[] = [];
  const metrics: MetricsPart = { put: (sample) => void samples.push(sample), read: () => [], list: () => [] };
  const group = new Publisher(metrics, "lb", { loadBalancer5xxPerTargetGroup: false }).forTargetGroup("one");
  const values = (name: string) => samples.filter(({ metricName }) => metricName === name).map(({ value }) => value);
  return { group, values };
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
