import { logFactorial } from "./log-factorial";

/**
 * The gate's arithmetic: how many bad requests of a target group are normal, and above which number an alarm fires. The
 * stacks write it as metric math, and the commands compute with it. It is a control chart for counts (a c-chart) whose
 * number of requests varies: https://www.itl.nist.gov/div898/handbook/pmc/section3/pmc331.htm.
 */

/** The numbers of a limit. Shares are from 0 to 1. */
export interface GateLimit {
  /** The share of bad requests that is normal. */
  readonly normalShare: number;
  /** How many standard deviations above the normal number of bad requests the limit is. */
  readonly sigmas: number;
  /** Bad requests that the limit allows on top, so that a few requests can't exceed it. */
  readonly allowance: number;
  /** When the other target group fails more than is normal as well, its share becomes the normal one. Absent: never. */
  readonly compare?: {
    /** How many standard deviations above the normal number the other target group must be. */
    readonly sigmas: number;
    /** The largest share that becomes the normal one; more than `normalShare`. */
    readonly maxShare: number;
    /**
     * The other target group's requests for each one of this target group during the first step of the traffic shift; more
     * than 0. The other group's bad requests are a share of at most so many of its requests, which are those since the first
     * shift. Before it, the other group had all the traffic, and a dependency may have been well. Absent: a share of all its
     * requests in the window.
     */
    readonly requestRatio?: number;
  };
  /** The time whose requests are counted. Seconds. */
  readonly windowSeconds: number;
}

/** The requests of the other target group in the same time. */
export interface OtherGroup {
  readonly requests: number;
  readonly bad: number;
}

/**
 * The limit: an alarm fires when a target group has more bad requests than this in the window.
 * @param requests the requests of the target group in the window
 * @param other the other target group; only a limit with `compare` considers it
 */
// Stryker disable next-line ObjectLiteral: without numbers, the other target group doesn't fail either.
export function limitOf(requests: number, limit: GateLimit, other: OtherGroup = { requests: 0, bad: 0 }): number {
  const { normalShare, sigmas, allowance, compare } = limit;
  const otherNormal = other.requests * normalShare;
  const failsToo = compare && other.bad > otherNormal + compare.sigmas * Math.sqrt(otherNormal);
  const others =
    compare?.requestRatio === undefined ? other.requests : Math.min(other.requests, compare.requestRatio * requests);
  const share = failsToo
    ? // Stryker disable next-line EqualityOperator: where both are equal, so are the two shares.
      Math.max(normalShare, other.bad > compare.maxShare * others ? compare.maxShare : other.bad / others)
    : normalShare;
  const normal = requests * share;
  // The share of the other target group is itself an estimate, so its variance is added.
  const variance = failsToo && others > 0 ? normal * (1 + requests / others) : normal;
  return normal + sigmas * Math.sqrt(variance) + allowance;
}

/**
 * The probability that an alarm with this limit fires, when each request is bad with the same probability and the other
 * target group is as is normal: the tail of the binomial distribution above the limit.
 * @param requests the requests of the target group in the window
 * @param badShare the probability that a request is bad, from 0 to 1
 * @throws RangeError when `requests` is not a whole number of 0 or more, or `badShare` not between 0 and 1
 */
export function catchProbability(requests: number, badShare: number, limit: GateLimit): number {
  if (!Number.isSafeInteger(requests) || requests < 0) {
    throw new RangeError(`a number of requests is a whole number of 0 or more, not ${requests}`);
  }
  if (!(badShare >= 0 && badShare <= 1)) throw new RangeError(`a share is between 0 and 1, not ${badShare}`);
  const fewest = Math.floor(limitOf(requests, limit)) + 1;
  return binomialTail(requests, badShare, fewest);
}

/**
 * The probability of at least `fewest` successes, 1 or more. It adds terms from `fewest` on, away from the mean, until they are
 * negligible. The term behind the last possible number is 0.
 */
function binomialTail(trials: number, share: number, fewest: number): number {
  // Stryker disable next-line ConditionalExpression: without it, the first term has no number, and the sum is 0 as well.
  if (fewest > trials) return 0;
  const odds = share / (1 - share);
  const sum = (from: number, step: 1 | -1): number => {
    let total = 0;
    let term = Math.exp(
      logFactorial(trials) -
        logFactorial(from) -
        logFactorial(trials - from) +
        from * Math.log(share) +
        (trials - from) * Math.log1p(-share),
    );
    for (let k = from; term > total * Number.EPSILON; k += step) {
      total += term;
      term *= step === 1 ? ((trials - k) / (k + 1)) * odds : k / (trials - k + 1) / odds;
    }
    return Math.min(1, total);
  };
  // Stryker disable next-line EqualityOperator: at the mean, both sums are as long.
  return fewest > trials * share ? sum(fewest, 1) : 1 - sum(fewest - 1, -1);
}

/** What counts as a bad request. */
type BadRequests =
  /** Requests that the target answers with 5xx, or to which the load balancer can't connect. */
  | { readonly kind: "failedRequests" }
  /** Requests that are answered later than after `slowSeconds`. */
  | { readonly kind: "slowRequests"; readonly slowSeconds: number };

/** What an alarm with a limit judges. Target groups and load balancer by the ends of their ARNs, as dimensions have them. */
export interface Judged {
  readonly bad: BadRequests;
  /** The target group that is judged. */
  readonly targetGroup: string;
  readonly otherTargetGroup: string;
  readonly loadBalancer: string;
}

/** A line of an alarm's metric math: a metric or an expression. */
export interface MetricLine {
  readonly id: string;
  readonly expression?: string;
  readonly metric?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
    /** Seconds. */
    readonly period: number;
    readonly statistic: string;
  };
  readonly label?: string;
  /** Whether it is the line that the alarm compares with its threshold. */
  readonly returnData: boolean;
}

/** A metric of AWS/ApplicationELB that a limit counts with. */
interface Counted {
  readonly id: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly label: string;
}

/** Metrics whose values give the number of requests, and the number of bad ones, of a target group. */
interface Counts {
  readonly requests: Counted;
  readonly bad: readonly Counted[];
  /** @param prefix of the metrics' ids: empty or `other_` */
  badExpression(prefix: string): string;
}

/** The id of the line that an alarm compares with its threshold of 0: by how much the bad requests exceed the limit. */
const EXCESS = "excess";
/** The id of the line of the limit itself. */
const LIMIT = "limit";

/**
 * The metrics of each kind: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html.
 * A percentile rank such as PR(1.5:) is the percentage of values above 1.5
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html).
 */
function countsOf(bad: BadRequests): Counts {
  if (bad.kind === "failedRequests") {
    return {
      requests: { id: "requests", metricName: "RequestCount", statistic: "Sum", label: "requests" },
      bad: [
        { id: "errors", metricName: "HTTPCode_Target_5XX_Count", statistic: "Sum", label: "5xx" },
        { id: "refused", metricName: "TargetConnectionErrorCount", statistic: "Sum", label: "connection errors" },
      ],
      badExpression: (prefix) => `FILL(${prefix}errors, 0) + FILL(${prefix}refused, 0)`,
    };
  }
  const seconds = decimal(bad.slowSeconds);
  return {
    requests: { id: "requests", metricName: "TargetResponseTime", statistic: "SampleCount", label: "answers" },
    bad: [
      {
        id: "slow",
        metricName: "TargetResponseTime",
        statistic: `PR(${seconds}:)`,
        label: `percent later than ${seconds} s`,
      },
    ],
    badExpression: (prefix) => `FILL(${prefix}slow, 0) / 100 * FILL(${prefix}requests, 0)`,
  };
}

/**
 * The lines of a metric-math alarm whose value is above 0 exactly when there are more bad requests than `limitOf` allows.
 *
 * A load balancer publishes no zeros, so a metric may have no data. FILL makes it 0. The lines also hold where FILL gives
 * nothing for a metric that has no data at all: arithmetic of two metrics takes a missing one as 0, and each line contains
 * the requests of both target groups. So the alarm has a value whenever one of the target groups has requests. Otherwise
 * CloudWatch would keep the state of older windows
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
 *
 * An alarm may have ten metrics; these are at most ten lines in all.
 * @throws RangeError for a number that can't be written as a decimal number with 9 digits after the point, and for a ratio
 *   of requests of 0
 */
export function limitExpressions(limit: GateLimit, judged: Judged): readonly MetricLine[] {
  const { compare } = limit;
  const counts = countsOf(judged.bad);
  const [share, sigmas, allowance] = [limit.normalShare, limit.sigmas, limit.allowance].map(decimal);
  const requests = "FILL(requests, 0)";
  const others = "FILL(other_requests, 0)";
  const metric = (counted: Counted, prefix: "" | "other_"): MetricLine => ({
    id: `${prefix}${counted.id}`,
    metric: {
      namespace: "AWS/ApplicationELB",
      metricName: counted.metricName,
      dimensions: {
        TargetGroup: prefix === "" ? judged.targetGroup : judged.otherTargetGroup,
        LoadBalancer: judged.loadBalancer,
      },
      period: limit.windowSeconds,
      statistic: counted.statistic,
    },
    label: prefix === "" ? counted.label : `${counted.label} of the other target group`,
    returnData: false,
  });
  const line = (id: string, label: string, expression: string): MetricLine => ({
    id,
    expression,
    label,
    returnData: id === EXCESS,
  });
  const own = [counts.requests, ...counts.bad].map((counted) => metric(counted, ""));
  const excess = line(EXCESS, "bad requests above the limit", `${counts.badExpression("")} - ${LIMIT}`);
  if (!compare) {
    const normal = `(${requests} + 0 * ${others}) * ${share}`;
    return [
      ...own,
      metric(counts.requests, "other_"),
      line("normal", "normal bad requests", normal),
      line(LIMIT, "limit", `normal + ${sigmas} * normal ^ 0.5 + ${allowance}`),
      excess,
    ];
  }
  const [otherSigmas, maxShare] = [compare.sigmas, compare.maxShare].map(decimal);
  const compared = comparedRequests(compare.requestRatio, requests, others);
  return [
    ...own,
    ...[counts.requests, ...counts.bad].map((counted) => metric(counted, "other_")),
    line("other_bad", "bad requests of the other target group", counts.badExpression("other_")),
    line(
      "share",
      "normal share of bad requests",
      `IF((other_bad - (${others} * ${share} + ${otherSigmas} * (${others} * ${share}) ^ 0.5) + 0 * ${requests}) > 0, ` +
        `IF(other_bad > ${compared.count} * ${maxShare}, ${maxShare}, other_bad / ${compared.count}), ${share})`,
    ),
    line(
      LIMIT,
      "limit",
      `${requests} * share + ` +
        `${sigmas} * (${requests} * share * IF(share > ${share}${compared.unlessNone}, 1 + ${compared.inverse}, 1)) ^ 0.5 + ${allowance}`,
    ),
    excess,
  ];
}

/** Requests of the other target group with which its bad ones are compared, in metric math. */
interface Compared {
  readonly count: string;
  /** A further condition of `inverse`, so that the variance is right when the other group has bad requests only. */
  readonly unlessNone: string;
  /** The requests of this target group for each one of `count`; it has a value whenever the other group has requests. */
  readonly inverse: string;
}

function comparedRequests(requestRatio: number | undefined, requests: string, others: string): Compared {
  if (requestRatio === undefined) {
    // The form of alarms from before the ratio: parseLimit must still know them.
    return { count: others, unlessNone: "", inverse: `${requests} / ${others}` };
  }
  if (requestRatio === 0) throw new RangeError("a ratio of requests is more than 0");
  const ratio = decimal(requestRatio);
  const atMost = `${ratio} * ${requests}`;
  return {
    count: `IF(${atMost} < ${others}, ${atMost}, ${others})`,
    unlessNone: ` AND ${others} > 0`,
    inverse: `IF(${atMost} < ${others}, 1 / ${ratio}, ${requests} / ${others})`,
  };
}

/** A line of a graph. */
export interface GraphLine extends MetricLine {
  /** Whether it is drawn, or only other lines need it. */
  readonly visible: boolean;
  /** Whether it is the limit. */
  readonly isLimit: boolean;
}

/**
 * The lines of a graph of the number of bad requests and its limit.
 * @throws RangeError as `limitExpressions`
 */
export function limitGraph(limit: GateLimit, judged: Judged): readonly GraphLine[] {
  const bad = {
    id: "bad",
    expression: countsOf(judged.bad).badExpression(""),
    label: "bad requests",
    returnData: true,
  };
  const lines = limitExpressions(limit, judged).filter(({ id }) => id !== EXCESS);
  return [bad, ...lines].map((line) => {
    const isLimit = line.id === LIMIT;
    return { ...line, visible: isLimit || line.id === bad.id, isLimit };
  });
}

/** A limit that `parseLimit` has read, and what it judges. */
export interface ParsedLimit extends GateLimit {
  readonly judged: Judged;
}

/**
 * Reads a limit back from the lines of an alarm. It takes the numbers out of the lines, and accepts them only when
 * `limitExpressions` gives exactly these lines for them, whatever their order and labels.
 * @returns undefined for any other lines
 */
export function parseLimit(lines: readonly MetricLine[]): ParsedLimit | undefined {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const metric = byId.get("requests")?.metric;
  // Stryker disable Regex,StringLiteral: whatever is read wrongly here gives other lines in the end, which are compared.
  const slow = /^PR\((.+):\)$/.exec(byId.get("slow")?.metric?.statistic ?? "");
  const limit = byId.get(LIMIT)?.expression ?? "";
  const share = byId.get("share")?.expression;
  const numbers = share === undefined ? plainNumbers(byId, limit) : comparedNumbers(share, limit);
  if (!metric || !numbers) return undefined;
  const judged: Judged = {
    bad: slow ? { kind: "slowRequests", slowSeconds: Number(slow[1]) } : { kind: "failedRequests" },
    targetGroup: metric.dimensions["TargetGroup"] ?? "",
    otherTargetGroup: byId.get("other_requests")?.metric?.dimensions["TargetGroup"] ?? "",
    loadBalancer: metric.dimensions["LoadBalancer"] ?? "",
  };
  // Stryker restore Regex,StringLiteral
  const parsed: ParsedLimit = { ...numbers, windowSeconds: metric.period, judged };
  return areWritable(parsed) && sameLines(lines, limitExpressions(parsed, judged)) ? parsed : undefined;
}

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const LIMIT_END = new RegExp(String.raw`\+ ${NUMBER} \* .*\^ 0\.5 \+ ${NUMBER}$`);
const PLAIN_NORMAL = new RegExp(String.raw`\* ${NUMBER}$`);
const COMPARED_SHARE = new RegExp(String.raw`, 0\) \* ${NUMBER} \+ ${NUMBER} \* .*, 0\)\)? \* ${NUMBER}, `);
const REQUEST_RATIO = new RegExp(String.raw`IF\(${NUMBER} \* FILL\(requests, 0\) < `);

type Numbers = Omit<GateLimit, "windowSeconds">;

function endOf(limit: string): Pick<GateLimit, "sigmas" | "allowance"> | undefined {
  const found = LIMIT_END.exec(limit);
  return found ? { sigmas: Number(found[1]), allowance: Number(found[2]) } : undefined;
}

function plainNumbers(byId: ReadonlyMap<string, MetricLine>, limit: string): Numbers | undefined {
  const end = endOf(limit);
  // Stryker disable next-line StringLiteral: neither text ends with a number.
  const normal = PLAIN_NORMAL.exec(byId.get("normal")?.expression ?? "");
  // Stryker disable next-line LogicalOperator,ConditionalExpression: a number that is missing is not writable either.
  return end && normal ? { ...end, normalShare: Number(normal[1]) } : undefined;
}

function comparedNumbers(share: string, limit: string): Numbers | undefined {
  const end = endOf(limit);
  const found = COMPARED_SHARE.exec(share);
  if (!end || !found) return undefined;
  const [normalShare = NaN, sigmas = NaN, maxShare = NaN] = found.slice(1).map(Number);
  const ratio = REQUEST_RATIO.exec(share)?.[1];
  const requestRatio = ratio === undefined ? {} : { requestRatio: Number(ratio) };
  return { ...end, normalShare, compare: { sigmas, maxShare, ...requestRatio } };
}

function areWritable({ judged, ...limit }: ParsedLimit): boolean {
  const seconds = judged.bad.kind === "slowRequests" ? [judged.bad.slowSeconds] : [];
  const numbers = [limit.normalShare, limit.sigmas, limit.allowance, ...Object.values(limit.compare ?? {}), ...seconds];
  return numbers.every(isWritable) && limit.compare?.requestRatio !== 0;
}

function sameLines(some: readonly MetricLine[], others: readonly MetricLine[]): boolean {
  const texts = (lines: readonly MetricLine[]) => lines.map(textOf).sort();
  return JSON.stringify(texts(some)) === JSON.stringify(texts(others));
}

/** Everything of a line that decides what it computes. */
function textOf({ id, expression, metric, returnData }: MetricLine): string {
  const dimensions = Object.entries(metric?.dimensions ?? {})
    .map((dimension) => JSON.stringify(dimension))
    .sort();
  const { namespace, metricName, period, statistic } = metric ?? {};
  return JSON.stringify([id, expression, namespace, metricName, dimensions, period, statistic, returnData]);
}

const DIGITS = 9;
/** What `isWritable` accepts, in words. */
export const WRITABLE = `with at most ${DIGITS} digits after the decimal point`;

/** Whether metric math can have a number as it is: not negative, and without an exponent. */
export function isWritable(value: number): boolean {
  return writtenOf(value) !== undefined;
}

/** The nearest number that `isWritable` accepts, for one from 0 to 1e15. */
export function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}

/** Writes a number as metric math takes it, without an exponent. */
function decimal(value: number): string {
  const written = writtenOf(value);
  if (written === undefined) {
    throw new RangeError(`${value} can't be written ${WRITABLE}`);
  }
  return written;
}

function writtenOf(value: number): string | undefined {
  if (!(value >= 0 && value < 1e15)) return undefined;
  const text = value.toFixed(DIGITS).replace(/\.?0+$/, "");
  return Number(text) === value ? text : undefined;
}
