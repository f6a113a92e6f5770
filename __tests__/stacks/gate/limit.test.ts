import { compileMath } from "../../../scripts/cloud/metrics/math";
import type { MetricQuery } from "../../../scripts/cloud/template";
import {
  catchProbability,
  type GateLimit,
  type Judged,
  isWritable,
  limitExpressions,
  limitGraph,
  limitOf,
  type MetricLine,
  type OtherGroup,
  parseLimit,
  rounded,
} from "../../../stacks/gate/limit";

const BALANCED: GateLimit = {
  normalShare: 0.001,
  sigmas: 4.4,
  allowance: 1.2,
  compare: { sigmas: 2, maxShare: 0.1 },
  windowSeconds: 300,
};
/** The same after a first shift of 10 %. */
const TENTH: GateLimit = { ...BALANCED, compare: { sigmas: 2, maxShare: 0.1, requestRatio: 9 } };
/** The same after a first shift of 30 %, whose ratio has no last digit. */
const THIRD: GateLimit = { ...BALANCED, compare: { sigmas: 2, maxShare: 0.1, requestRatio: 2.333333333 } };
const PLAIN: GateLimit = { normalShare: 0.001, sigmas: 3.3, allowance: 1.35, windowSeconds: 900 };
const FAILED: Judged = {
  bad: { kind: "failedRequests" },
  targetGroup: "targetgroup/one/1",
  otherTargetGroup: "targetgroup/two/2",
  loadBalancer: "app/service/3",
};
const SLOW: Judged = { ...FAILED, bad: { kind: "slowRequests", slowSeconds: 1.5 } };

describe("the limit", () => {
  test.each([
    { requests: 0, limit: 1.2 },
    { requests: 600, limit: 0.6 + 4.4 * Math.sqrt(0.6) + 1.2 },
    { requests: 30_000, limit: 30 + 4.4 * Math.sqrt(30) + 1.2 },
  ])("of $requests requests is the normal number, its deviations and the allowance", ({ requests, limit }) => {
    expect(limitOf(requests, BALANCED)).toBeCloseTo(limit, 10);
  });

  test("ignores another version that fails as much as is normal", () => {
    // 5400 · 0.001 + 2 · √5.4 is 10.04
    expect(limitOf(600, BALANCED, { requests: 5400, bad: 10 })).toBe(limitOf(600, BALANCED));
  });

  test("rises to the share of another version that fails more, with the variance of that estimate", () => {
    const share = 270 / 5400;
    const variance = 600 * share * (1 + 600 / 5400);
    expect(limitOf(600, BALANCED, { requests: 5400, bad: 270 })).toBeCloseTo(30 + 4.4 * Math.sqrt(variance) + 1.2, 10);
  });

  test("rises to the largest share at most", () => {
    const variance = 600 * 0.1 * (1 + 600 / 5400);
    expect(limitOf(600, BALANCED, { requests: 5400, bad: 5400 })).toBeCloseTo(60 + 4.4 * Math.sqrt(variance) + 1.2, 10);
  });

  test("takes the other version's share of its requests since the first shift", () => {
    // Two minutes after the shift, in a window of five: 3 minutes of 6000 requests, and 2 of 5400 with a share of 2 %.
    const other = { requests: 28_800, bad: 216 };
    const variance = 1200 * 0.02 * (1 + 1 / 9);
    expect(limitOf(1200, TENTH, other)).toBeCloseTo(24 + 4.4 * Math.sqrt(variance) + 1.2, 10);
    expect(limitOf(1200, BALANCED, other)).toBeLessThan(24);
  });

  test("takes the other version's share of all its requests where they are fewer than the ratio says", () => {
    const other = { requests: 5400, bad: 270 };
    expect(limitOf(601, TENTH, other)).toBe(limitOf(601, BALANCED, other));
    expect(limitOf(600, TENTH, other)).toBe(limitOf(600, BALANCED, other));
    expect(limitOf(599, TENTH, other)).not.toBe(limitOf(599, BALANCED, other));
  });

  test("considers all requests of the other version to find out whether it fails unusually often", () => {
    // 10 bad ones are many of 900 requests, and usual of 5400.
    expect(limitOf(100, TENTH, { requests: 5400, bad: 10 })).toBe(limitOf(100, TENTH));
  });

  test("is the allowance alone where only the other version has requests", () => {
    expect(limitOf(0, TENTH, { requests: 5400, bad: 270 })).toBe(1.2);
  });

  test("ignores the other version without a comparison", () => {
    expect(limitOf(600, PLAIN, { requests: 5400, bad: 5400 })).toBe(limitOf(600, PLAIN));
  });
});

describe("the probability that the alarm fires", () => {
  // The probability of 3 or more: exact sums of the binomial distribution, computed with fractions.
  test.each([
    { requests: 0, badShare: 1, probability: 0 },
    { requests: 2, badShare: 1, probability: 0 },
    { requests: 3, badShare: 1, probability: 1 },
    { requests: 3, badShare: 0.5, probability: 0.125 },
    { requests: 41, badShare: 0.2, probability: 0.99335386 },
  ])("is $probability for $requests requests of which $badShare are bad", ({ requests, badShare, probability }) => {
    const fromThree: GateLimit = { normalShare: 0.000_000_001, sigmas: 0, allowance: 2.5, windowSeconds: 300 };
    expect(catchProbability(requests, badShare, fromThree)).toBeCloseTo(probability, 8);
  });

  test.each([
    { requests: 50, share: 0.02 },
    { requests: 50, share: 0.5 },
    { requests: 170, share: 0.05 },
    { requests: 1000, share: 0.003 },
  ])("is the sum of all terms above the limit ($requests requests, $share)", ({ requests, share }) => {
    const limit = limitOf(requests, BALANCED);
    let term = (1 - share) ** requests;
    let below = 0;
    for (let k = 0; k <= limit; k += 1) {
      below += term;
      term *= (((requests - k) / (k + 1)) * share) / (1 - share);
    }
    expect(catchProbability(requests, share, BALANCED)).toBeCloseTo(1 - below, 10);
  });

  test("is right for millions of requests", () => {
    // The limit is 10,441.2; the mean of a share of 0.00104 is 10,400 and its deviation 101.9: z = 0.407.
    expect(catchProbability(10_000_000, 0.00104, BALANCED)).toBeCloseTo(0.342, 2);
    expect(catchProbability(10_000_000, 0.01, BALANCED)).toBe(1);
    expect(catchProbability(10_000_000, 0.0005, BALANCED)).toBeLessThan(1e-100);
  });

  test("is 0 when no request is bad", () => {
    expect(catchProbability(1000, 0, BALANCED)).toBe(0);
  });

  test.each([
    { requests: -1, badShare: 0.1, problem: "a number of requests is a whole number of 0 or more, not -1" },
    { requests: 1.5, badShare: 0.1, problem: "a number of requests is a whole number of 0 or more, not 1.5" },
    { requests: NaN, badShare: 0.1, problem: "a number of requests is a whole number of 0 or more, not NaN" },
    { requests: 10, badShare: -0.1, problem: "a share is between 0 and 1, not -0.1" },
    { requests: 10, badShare: 1.1, problem: "a share is between 0 and 1, not 1.1" },
    { requests: 10, badShare: NaN, problem: "a share is between 0 and 1, not NaN" },
  ])("is refused for $requests requests and a share of $badShare", ({ requests, badShare, problem }) => {
    expect(() => catchProbability(requests, badShare, BALANCED)).toThrow(new RangeError(problem));
  });
});

/** What a target group did in the window; undefined: its metric has no data. */
interface Group {
  readonly requests?: number;
  readonly errors?: number;
  readonly refused?: number;
}

/** Computes an alarm's value with the metric math of the local cloud. */
function valueOf(lines: readonly MetricLine[], own: Group, other: Group): number | undefined {
  const metrics: Readonly<Record<string, keyof Group>> = {
    RequestCount: "requests",
    HTTPCode_Target_5XX_Count: "errors",
    TargetConnectionErrorCount: "refused",
  };
  const read = ({ metricName, dimensions }: MetricQuery) => {
    const key = metrics[metricName];
    const value = key && (dimensions["TargetGroup"] === FAILED.targetGroup ? own : other)[key];
    return value === undefined ? [] : [{ at: 0, value, sampleCount: 1 }];
  };
  const returned = lines.find(({ returnData }) => returnData);
  return compileMath(lines).evaluate(returned?.id ?? "", read, [0, 300_000])[0]?.value;
}

/** The lines as they are where FILL gives nothing for a metric without data. */
function withoutFill(lines: readonly MetricLine[]): readonly MetricLine[] {
  return lines.map((line) =>
    line.expression === undefined
      ? line
      : { ...line, expression: line.expression.replaceAll(/FILL\((\w+), 0\)/g, "$1") },
  );
}

describe("the metric math", () => {
  const cases: readonly { readonly own: Group; readonly other: Group }[] = [
    { own: { requests: 600 }, other: {} },
    { own: { requests: 600, errors: 5 }, other: {} },
    { own: { requests: 600, refused: 6 }, other: { requests: 5400, errors: 3 } },
    { own: { requests: 600, errors: 30, refused: 1 }, other: { requests: 5400, errors: 270 } },
    { own: { requests: 600, errors: 100 }, other: { requests: 5400, errors: 2000, refused: 3000 } },
    { own: { requests: 5400, errors: 100 }, other: { requests: 6, errors: 6 } },
    { own: {}, other: { requests: 100 } },
    { own: {}, other: { requests: 100, errors: 50 } },
    { own: { errors: 3 }, other: { requests: 100 } },
    { own: { requests: 0 }, other: { requests: 100, errors: 50 } },
    { own: { requests: 600, errors: 9 }, other: { requests: 0 } },
    { own: { requests: 1, errors: 1 }, other: { requests: 54_000, errors: 2000 } },
    // Exactly nine for each, one fewer and one more.
    { own: { requests: 600, errors: 60 }, other: { requests: 5400, errors: 300 } },
    { own: { requests: 600, errors: 60 }, other: { requests: 5399, errors: 300 } },
    { own: { requests: 600, errors: 60 }, other: { requests: 5401, errors: 300 } },
    // 70 % of the traffic is the ratio of 30 %, which is rounded.
    { own: { requests: 3_000_000, errors: 400_000 }, other: { requests: 7_000_000, errors: 350_000 } },
    { own: { requests: 3_000_000, errors: 400_000 }, other: { requests: 20_000_000, errors: 650_000 } },
    // The cap: exactly, and just below.
    { own: { requests: 100, errors: 30 }, other: { requests: 2000, errors: 90 } },
    { own: { requests: 100, errors: 30 }, other: { requests: 2000, errors: 89 } },
  ];

  test.each([BALANCED, TENTH, THIRD, PLAIN].flatMap((limit) => cases.map((one) => ({ ...one, limit }))))(
    "says what the limit says for $own beside $other",
    ({ own, other, limit }) => {
      const bad = (group: Group) => (group.errors ?? 0) + (group.refused ?? 0);
      const others: OtherGroup = { requests: other.requests ?? 0, bad: bad(other) };
      const expected = bad(own) - limitOf(own.requests ?? 0, limit, others);
      const lines = limitExpressions(limit, FAILED);
      expect(valueOf(lines, own, other)).toBeCloseTo(expected, 9);
      expect(valueOf(withoutFill(lines), own, other)).toBeCloseTo(expected, 9);
    },
  );

  const dimensions = (TargetGroup: string) => ({ TargetGroup, LoadBalancer: "app/service/3" });
  /** The line of a metric of the balancer. */
  const metric = (id: string, metricName: string, statistic: string, label: string, group = "targetgroup/one/1") => ({
    ...{ id, label, returnData: false },
    metric: { namespace: "AWS/ApplicationELB", metricName, dimensions: dimensions(group), period: 900, statistic },
  });
  const other = (...[id, metricName, statistic, label]: Parameters<typeof metric>) =>
    metric(`other_${id}`, metricName, statistic, `${label} of the other target group`, "targetgroup/two/2");
  const ANSWERS = ["requests", "TargetResponseTime", "SampleCount", "answers"] as const;
  const LATE = ["slow", "TargetResponseTime", "PR(1.5:)", "percent later than 1.5 s"] as const;
  const REQUESTS = ["requests", "RequestCount", "Sum", "requests"] as const;

  test("has the metrics of failed requests that a load balancer publishes, with labels for people", () => {
    expect(limitExpressions(PLAIN, FAILED)).toEqual([
      metric(...REQUESTS),
      metric("errors", "HTTPCode_Target_5XX_Count", "Sum", "5xx"),
      metric("refused", "TargetConnectionErrorCount", "Sum", "connection errors"),
      other(...REQUESTS),
      {
        ...{ id: "normal", label: "normal bad requests", returnData: false },
        expression: "(FILL(requests, 0) + 0 * FILL(other_requests, 0)) * 0.001",
      },
      {
        ...{ id: "limit", label: "limit", returnData: false },
        expression: "normal + 3.3 * normal ^ 0.5 + 1.35",
      },
      {
        ...{ id: "excess", label: "bad requests above the limit", returnData: true },
        expression: "FILL(errors, 0) + FILL(refused, 0) - limit",
      },
    ]);
  });

  test("has the metrics of slow answers, and those of the other target group that it compares with", () => {
    const lines = limitExpressions({ ...BALANCED, windowSeconds: 900 }, SLOW);
    expect(lines.slice(0, 4)).toEqual([metric(...ANSWERS), metric(...LATE), other(...ANSWERS), other(...LATE)]);
    expect(lines.slice(4).map(({ id, label }) => [id, label])).toEqual([
      ["other_bad", "bad requests of the other target group"],
      ["share", "normal share of bad requests"],
      ["limit", "limit"],
      ["excess", "bad requests above the limit"],
    ]);
  });

  test.each([PLAIN, TENTH])("is drawn as the bad requests and their limit; the rest is there for these", (limit) => {
    const graph = limitGraph(limit, FAILED);
    const [bad, ...rest] = graph;
    expect(bad).toEqual({
      ...{ id: "bad", expression: "FILL(errors, 0) + FILL(refused, 0)", label: "bad requests", returnData: true },
      ...{ visible: true, isLimit: false },
    });
    expect(rest).toEqual(
      limitExpressions(limit, FAILED)
        .slice(0, -1)
        .map((line) => ({ ...line, visible: line.id === "limit", isLimit: line.id === "limit" })),
    );
  });

  test("counts slow answers as their percentage of the answers", () => {
    const values: Readonly<Record<string, number>> = { "PR(1.5:)": 20, SampleCount: 600 };
    const read = ({ statistic, dimensions }: MetricQuery) =>
      dimensions["TargetGroup"] === SLOW.targetGroup
        ? [{ at: 0, value: values[statistic] ?? NaN, sampleCount: 1 }]
        : [];
    const [point] = compileMath(limitExpressions(BALANCED, SLOW)).evaluate("excess", read, [0, 300_000]);
    expect(point?.value).toBeCloseTo(120 - limitOf(600, BALANCED), 9);
  });

  test.each([TENTH, THIRD])(
    "is above 0 exactly where the limit is exceeded, also where the other version has bad requests only",
    (limit) => {
      const [own, other] = [{ requests: 600, errors: 300 }, { errors: 50 }];
      const expected = 300 - limitOf(600, limit, { requests: 0, bad: 50 });
      const lines = limitExpressions(limit, FAILED);
      expect(valueOf(lines, own, other)).toBeCloseTo(expected, 9);
      expect(valueOf(withoutFill(lines), own, other)).toBeCloseTo(expected, 9);
    },
  );

  test.each([BALANCED, TENTH, THIRD, PLAIN].flatMap((limit) => [FAILED, SLOW].map((judged) => ({ limit, judged }))))(
    "fits into an alarm",
    ({ limit, judged }) => {
      const lines = limitExpressions(limit, judged);
      expect(lines.length).toBeLessThanOrEqual(10);
      expect(lines.filter(({ returnData }) => returnData)).toHaveLength(1);
      for (const { expression = "" } of lines) expect(expression.length).toBeLessThanOrEqual(1024);
    },
  );

  test("has no exponents, which would be other numbers", () => {
    const lines = limitExpressions({ ...PLAIN, normalShare: 1e-7 }, FAILED);
    expect(lines.find(({ id }) => id === "normal")?.expression).toContain("* 0.0000001");
  });

  test.each([1e-12, 1e20, NaN, -1])("refuses %d, which it can't write", (sigmas) => {
    expect(() => limitExpressions({ ...PLAIN, sigmas }, FAILED)).toThrow(
      new RangeError(`${sigmas} can't be written with at most 9 digits after the decimal point`),
    );
  });

  test.each([
    { requestRatio: 0, problem: "a ratio of requests is more than 0" },
    { requestRatio: -9, problem: "-9 can't be written with at most 9 digits after the decimal point" },
    { requestRatio: 70 / 30, problem: `${70 / 30} can't be written with at most 9 digits after the decimal point` },
  ])("refuses a ratio of $requestRatio", ({ requestRatio, problem }) => {
    const limit = { ...BALANCED, compare: { sigmas: 2, maxShare: 0.1, requestRatio } };
    expect(() => limitExpressions(limit, FAILED)).toThrow(new RangeError(problem));
  });
});

describe("reading a limit back", () => {
  test.each(
    [
      BALANCED,
      TENTH,
      THIRD,
      PLAIN,
      { ...THIRD, sigmas: 12, allowance: 0, normalShare: 0.0000015, windowSeconds: 3600 },
    ].flatMap((limit) => [FAILED, SLOW].map((judged) => ({ limit, judged }))),
  )("gives the same numbers", ({ limit, judged }) => {
    expect(parseLimit(limitExpressions(limit, judged))).toEqual({ ...limit, judged });
  });

  test("takes lines in any order, with other labels", () => {
    const lines = limitExpressions(BALANCED, FAILED);
    const other = [...lines].reverse().map((line) => ({ ...line, label: "another label" }));
    expect(parseLimit(other)).toEqual({ ...BALANCED, judged: FAILED });
  });

  test("takes dimensions in any order", () => {
    const turned = limitExpressions(BALANCED, FAILED).map((line) => ({
      ...line,
      ...(line.metric && {
        metric: { ...line.metric, dimensions: Object.fromEntries(Object.entries(line.metric.dimensions).reverse()) },
      }),
    }));
    expect(parseLimit(turned)).toEqual({ ...BALANCED, judged: FAILED });
  });

  const lines = limitExpressions(TENTH, FAILED);
  const plain = limitExpressions(PLAIN, FAILED);
  const slow = limitExpressions(PLAIN, SLOW);
  /** The lines with another expression of one of them. */
  const expressed = (all: readonly MetricLine[], id: string, from: string | RegExp, to: string) =>
    all.map((line) => (line.id === id ? { ...line, expression: (line.expression ?? "").replace(from, to) } : line));
  const withoutMetric = (all: readonly MetricLine[], without: string) =>
    all.map((line) => {
      const { metric, ...rest } = line;
      return line.id === without ? rest : { ...rest, ...(metric && { metric }) };
    });
  const changed = (id: string, change: (line: MetricLine) => Partial<MetricLine>) =>
    lines.map((line) => (line.id === id ? { ...line, ...change(line) } : line));
  test.each([
    { what: "no lines", other: [] },
    { what: "one line too few", other: lines.slice(1) },
    { what: "a line twice", other: [...lines, ...lines.slice(0, 1)] },
    { what: "another sign", other: changed("excess", () => ({ expression: "limit - FILL(errors, 0)" })) },
    {
      what: "two normal shares",
      other: changed("limit", (line) => ({ expression: line.expression?.replace("0.001", "0.01") ?? "" })),
    },
    {
      what: "two ratios of requests",
      other: changed("limit", (line) => ({ expression: line.expression?.replace("1 / 9", "1 / 8") ?? "" })),
    },
    {
      what: "a ratio of 0",
      other: lines.map((line) => ({
        ...line,
        ...(line.expression !== undefined && {
          expression: line.expression.replaceAll("9 * FILL", "0 * FILL").replace("1 / 9", "1 / 0"),
        }),
      })),
    },
    { what: "an expression of its own", other: changed("limit", () => ({ expression: "0.001 * FILL(requests, 0)" })) },
    {
      what: "another way to write a number",
      other: changed("limit", (line) => ({ expression: `${line.expression ?? ""}0` })),
    },
    { what: "no normal number", other: expressed(plain, "normal", /.*/, "0") },
    { what: "no line of the normal number", other: plain.filter(({ id }) => id !== "normal") },
    { what: "no limit", other: expressed(plain, "limit", /.*/, "normal") },
    { what: "no line of the limit", other: lines.filter(({ id }) => id !== "limit") },
    { what: "no shares", other: expressed(lines, "share", /.*/, "0.001") },
    { what: "more digits than are written", other: expressed(plain, "limit", "3.3", "3.3000000001") },
    {
      what: "more seconds than are written",
      other: slow.map((line) => ({
        ...line,
        ...(line.metric && {
          metric: { ...line.metric, statistic: line.metric.statistic.replace("1.5", "1.0000000001") },
        }),
      })),
    },
    { what: "no metric of the requests", other: withoutMetric(plain, "requests") },
    { what: "no metric of the slow answers", other: withoutMetric(slow, "slow") },
    { what: "no metric of the other requests", other: withoutMetric(plain, "other_requests") },
    { what: "no line of the other requests", other: plain.filter(({ id }) => id !== "other_requests") },
    { what: "another returned line", other: changed("excess", () => ({ returnData: false })) },
    {
      what: "another metric",
      other: changed("errors", ({ metric }) => ({
        ...(metric && { metric: { ...metric, metricName: "HTTPCode_ELB_5XX_Count" } }),
      })),
    },
    {
      what: "one metric of another target group",
      other: changed("errors", ({ metric }) => ({
        ...(metric && {
          metric: { ...metric, dimensions: { ...metric.dimensions, TargetGroup: FAILED.otherTargetGroup } },
        }),
      })),
    },
    {
      what: "one metric of another load balancer",
      other: changed("errors", ({ metric }) => ({
        ...(metric && { metric: { ...metric, dimensions: { ...metric.dimensions, LoadBalancer: "app/other/4" } } }),
      })),
    },
    {
      what: "one metric with another period",
      other: changed("errors", ({ metric }) => ({ ...(metric && { metric: { ...metric, period: 60 } }) })),
    },
  ])("gives nothing for $what", ({ other }) => {
    expect(parseLimit(other)).toBeUndefined();
  });
});

describe("a number of a limit", () => {
  test.each([
    [0, true],
    [10, true],
    [1.5, true],
    [0.000_000_001, true],
    [999_999_999_999_999, true],
    [1e15, false],
    [0.000_000_000_1, false],
    [-1, false],
    [NaN, false],
    [Infinity, false],
  ])("%d can be written: %s", (value, expected) => expect(isWritable(value)).toBe(expected));

  test.each([
    [7 / 3, 2.333_333_333],
    [1.5, 1.5],
    [0.000_000_000_6, 0.000_000_001],
  ])("%d is rounded to %d, which can be written", (value, expected) => {
    expect(rounded(value)).toBe(expected);
    expect(isWritable(rounded(value))).toBe(true);
  });
});
