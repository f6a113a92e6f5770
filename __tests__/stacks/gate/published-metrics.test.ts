import { type ReadMetric, whyWithoutData } from "../../../stacks/gate/published-metrics";

const metric = (over: Partial<ReadMetric> = {}): ReadMetric => ({
  namespace: "AWS/ApplicationELB",
  metricName: "TargetResponseTime",
  dimensions: { TargetGroup: "targetgroup/one/1", LoadBalancer: "app/service/2" },
  statistic: "Average",
  period: 60,
  ...over,
});

describe("a metric of a load balancer", () => {
  it.each<[string, Partial<ReadMetric>]>([
    ["an average time", {}],
    ["a percentile", { statistic: "p99.9" }],
    ["a percentile rank", { statistic: "PR(1.5:)" }],
    ["the number of answers", { statistic: "SampleCount", period: 300 }],
    ["a sum of requests in a day", { metricName: "RequestCount", statistic: "Sum", period: 86_400 }],
    ["the most unhealthy hosts", { metricName: "UnHealthyHostCount", statistic: "Maximum", period: 30 }],
  ])("has data: %s", (_, over) => {
    expect(whyWithoutData(metric(over))).toBeUndefined();
  });

  it.each<[string, Partial<ReadMetric>, string]>([
    ["another namespace", { namespace: "AWS/ELB" }, "publishes in AWS/ApplicationELB, not in AWS/ELB"],
    ["a mistyped name", { metricName: "HTTPCode_Target_5xx_Count" }, "no HTTPCode_Target_5xx_Count for a target group"],
    [
      "the load balancer's own errors, which have no target group",
      { metricName: "HTTPCode_ELB_5XX_Count" },
      "no HTTPCode_ELB_5XX_Count for a target group",
    ],
    ["a name of every object", { metricName: "constructor" }, "no constructor for a target group"],
    [
      "a dimension too few",
      { dimensions: { TargetGroup: "targetgroup/one/1" } },
      "for the dimensions LoadBalancer, TargetGroup, not for TargetGroup",
    ],
    [
      "a dimension too many",
      { dimensions: { ...metric().dimensions, ClusterName: "one" } },
      "not for ClusterName, LoadBalancer, TargetGroup",
    ],
    ["the average of ones", { metricName: "RequestCount" }, "the statistic Average says nothing about RequestCount"],
    ["a percentile of ones", { metricName: "RequestCount", statistic: "p99" }, "says nothing about RequestCount"],
    ["a sum of times", { statistic: "Sum" }, "the statistic Sum says nothing about TargetResponseTime"],
    ["an impossible percentile", { statistic: "p100" }, "the statistic p100 says nothing"],
    ["a trimmed count, which no alarm takes", { statistic: "TC(1.5:)" }, "the statistic TC(1.5:) says nothing"],
    ["a period between minutes", { period: 90 }, "no period of 90 s"],
    ["a period of more than a day", { period: 90_000 }, "no period of 90000 s"],
    ["no period", { period: 0 }, "no period of 0 s"],
  ])("has none: %s", (_, over, why) => {
    expect(whyWithoutData(metric(over))).toContain(why);
  });
});
