import type * as cloudwatch from "@aws-sdk/client-cloudwatch";
import type { MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type * as codedeploy from "@aws-sdk/client-codedeploy";
import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Config } from "../../../stacks/config";
import { namesOf, TARGET_GROUPS } from "../../../stacks/names";
import { ANSWER_LIMITS, requestHandlerOf, withAnswerLimits } from "../../command/aws-answers";
import { callOf, type CallOf } from "../../command/aws-calls";
import { messageOf } from "../../command/error-message";
import { otherAccount } from "../../rehearse/live/delivery";
import { HistoryError } from "./history";
import { historyQueries, type HistorySource, PERIOD } from "./series";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Days that are read. CloudWatch keeps minutes for 15. */
const HISTORY_DAYS = 14;
/** The newest minutes are not published yet, or still change. */
const UNFINISHED_MINUTES = 5;
/** More pages than the longest answer has: 14 days of 18 queries are 362,880 datapoints, and a page has up to 100,800. */
const MOST_PAGES = 100;
/**
 * How long a page waits before it is asked for again, each time that CloudWatch limits the rate of calls. The quota is 50
 * calls and 396,000 datapoints in a second (https://repost.aws/knowledge-center/cloudwatch-getmetricdata-api), which
 * dashboards and other tools of the account share.
 */
const THROTTLED_WAITS_MS = [1_000, 2_000, 5_000, 10_000, 20_000];

/** Operations of AWS that only read, each named as the action of IAM that it needs. */
const HISTORY_ACTIONS = [
  "codedeploy:GetDeploymentGroup",
  "elasticloadbalancing:DescribeTargetGroups",
  "cloudwatch:GetMetricData",
] as const;

interface Sdk {
  readonly codedeploy: typeof codedeploy;
  readonly elasticloadbalancing: typeof elb;
  readonly cloudwatch: typeof cloudwatch;
}

/** An action of IAM that reading a history needs. */
export type HistoryAction = (typeof HISTORY_ACTIONS)[number];

/** One function for each action, with AWS's inputs and outputs. */
export type HistoryAws = {
  readonly [Action in HistoryAction]: Action extends `${infer Service extends keyof Sdk}:${infer Operation}`
    ? CallOf<Sdk[Service][`${Operation}Command` & keyof Sdk[Service]]>
    : never;
};

/** A connection to AWS that only reads. */
export interface HistoryConnection {
  readonly aws: HistoryAws;
  readonly close: () => void;
}

/**
 * Connects to AWS with the SDK, which reads the same settings as AWS's own tools and tries each call up to three times.
 * @param signal ends every call
 * @param limits how long an answer may take
 */
export async function connectForHistory(
  region: string,
  signal: AbortSignal,
  limits = ANSWER_LIMITS,
): Promise<HistoryConnection> {
  // The SDK would print a deprecation warning for a Node version that this project supports.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [codedeploy, elasticloadbalancing, cloudwatch] = await Promise.all([
    import("@aws-sdk/client-codedeploy"),
    import("@aws-sdk/client-elastic-load-balancing-v2"),
    import("@aws-sdk/client-cloudwatch"),
  ]);
  const sdk: Sdk = { codedeploy, elasticloadbalancing, cloudwatch };
  const settings = { region, requestHandler: requestHandlerOf(limits) };
  const clients = {
    codedeploy: withAnswerLimits(new codedeploy.CodeDeployClient(settings), limits),
    elasticloadbalancing: withAnswerLimits(new elasticloadbalancing.ElasticLoadBalancingV2Client(settings), limits),
    cloudwatch: withAnswerLimits(new cloudwatch.CloudWatchClient(settings), limits),
  };
  const calls = HISTORY_ACTIONS.map((action) => {
    const [service, operation] = action.split(":") as [keyof Sdk, string];
    return [action, callOf(sdk[service], clients[service], operation, signal)];
  });
  return {
    aws: Object.fromEntries(calls) as HistoryAws,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** What is read, and until when. */
export interface LiveInput {
  readonly config: Config;
  /** A response that takes longer is slow. Seconds. */
  readonly slowSeconds: number;
  readonly now: Date;
  /** Called after each page, with the number of datapoints so far. */
  readonly onProgress?: (datapoints: number) => void;
  /** Waits before a call that CloudWatch has refused for its rate is tried again. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** What `--save` writes and `readHistory` reads. */
export interface HistoryData {
  readonly from: string;
  readonly to: string;
  readonly slowSeconds: number;
  /** Seconds of a datapoint. */
  readonly period: typeof PERIOD;
  readonly MetricDataResults: readonly {
    readonly Id: string;
    readonly Label: string;
    readonly Timestamps: readonly string[];
    readonly Values: readonly number[];
  }[];
}

/**
 * Reads the last two weeks of a service's load-balancer metrics, minute by minute, of both target groups.
 * @throws HistoryError naming the action that failed, or what isn't there
 */
export async function readLiveHistory(
  aws: HistoryAws,
  { config, slowSeconds, now, onProgress, wait }: LiveInput,
): Promise<HistoryData> {
  const source = await sourceOf(aws, config);
  const { from, to } = historyRange(now);
  const queries = historyQueries(source, slowSeconds);
  const series = new Map<string, { Timestamps: string[]; Values: number[] }>(
    queries.map(({ Id }) => [Id, { Timestamps: [], Values: [] }]),
  );
  const seen = new Set<string>();
  let token: string | undefined;
  let unfinished = new Map<string, MetricDataResult>();
  let datapoints = 0;
  do {
    const page = () =>
      aws["cloudwatch:GetMetricData"]({
        MetricDataQueries: [...queries],
        StartTime: from,
        EndTime: to,
        ScanBy: "TimestampAscending",
        ...(token !== undefined && { NextToken: token }),
      });
    const { MetricDataResults, NextToken } = await ask(
      "cloudwatch:GetMetricData",
      "the metrics of the load balancer",
      () => unthrottled(page, wait),
    );
    if (MetricDataResults === undefined) throw new HistoryError("CloudWatch answered without metrics: try again");
    for (const result of MetricDataResults) {
      const { Id = "", Timestamps = [], Values = [], StatusCode = "Complete" } = result;
      const own = series.get(Id);
      if (!own) throw new HistoryError(`CloudWatch answered "${Id}", which was not asked for: try again`);
      if (StatusCode === "Complete") unfinished.delete(Id);
      else unfinished = unfinished.set(Id, result);
      own.Timestamps.push(...Timestamps.map((time) => time.toISOString()));
      own.Values.push(...Values);
      datapoints += Timestamps.length;
    }
    onProgress?.(datapoints);
    token = NextToken;
    if (token !== undefined && (seen.has(token) || seen.size >= MOST_PAGES)) {
      throw new HistoryError("CloudWatch answers the same page of metrics again and again: try again later");
    }
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
  const [partial] = unfinished.values();
  if (partial) {
    const messages = (partial.Messages ?? []).flatMap(({ Value }) => Value ?? []);
    throw new HistoryError(
      `CloudWatch has not all of ${partial.Label ?? partial.Id ?? "a metric"}: ${[partial.StatusCode, ...messages].join(": ")}; try again`,
    );
  }
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    slowSeconds,
    period: PERIOD,
    MetricDataResults: queries.map(({ Id, Label }) => ({
      Id,
      Label,
      ...(series.get(Id) ?? { Timestamps: [], Values: [] }),
    })),
  };
}

/** Makes a call again after a wait, as long as AWS refuses it for the rate of calls. */
async function unthrottled<T>(call: () => Promise<T>, wait: LiveInput["wait"]): Promise<T> {
  for (const milliseconds of THROTTLED_WAITS_MS) {
    try {
      return await call();
    } catch (error) {
      if (!THROTTLED.test((error as Error).name)) throw error;
      await wait(milliseconds);
    }
  }
  return call();
}

/** The time that is read: whole minutes, from the start of an hour on. */
export function historyRange(now: Date): { readonly from: Date; readonly to: Date } {
  const to = Math.floor(now.getTime() / MINUTE_MS - UNFINISHED_MINUTES) * MINUTE_MS;
  return { from: new Date(Math.floor(to / HOUR_MS) * HOUR_MS - HISTORY_DAYS * 24 * HOUR_MS), to: new Date(to) };
}

/** Finds the target groups of the configuration's service, which both belong to the same load balancer. */
async function sourceOf(aws: HistoryAws, config: Config): Promise<HistorySource> {
  const names = await targetGroupNames(aws, config);
  const what = `the target groups ${names.join(" and ")}`;
  const { TargetGroups = [] } = await ask("elasticloadbalancing:DescribeTargetGroups", what, () =>
    aws["elasticloadbalancing:DescribeTargetGroups"]({ Names: [...names] }),
  );
  const found = names.map((name) => TargetGroups.find((group) => group.TargetGroupName === name));
  const [first, second] = found.map((group) => group?.TargetGroupArn?.replace(/^.*:(?=targetgroup\/)/, ""));
  if (first === undefined || second === undefined) {
    throw new HistoryError(`AWS answered without ${what}: check the environment, its region and the account`);
  }
  const [, , , , accountId = ""] = found[0]?.TargetGroupArn?.split(":") ?? [];
  const wrongAccount = otherAccount(config, accountId);
  if (wrongAccount !== undefined) throw new HistoryError(wrongAccount);
  // A group that no listener rule names at the moment has no load balancer.
  const loadBalancers = [...new Set(found.flatMap((group) => group?.LoadBalancerArns ?? []))];
  const [loadBalancer] = loadBalancers;
  if (loadBalancer === undefined || loadBalancers.length > 1) {
    throw new HistoryError(
      `${what} must belong to one load balancer, not ${loadBalancers.length === 0 ? "to none" : loadBalancers.join(" and ")}`,
    );
  }
  return { loadBalancer: loadBalancer.replace(/^.*:loadbalancer\//, ""), targetGroups: [first, second] };
}

async function targetGroupNames(aws: HistoryAws, config: Config): Promise<readonly [string, string]> {
  const { existing } = config;
  if (!existing) {
    const { targetGroups } = namesOf(config);
    const [first, second] = TARGET_GROUPS;
    return [targetGroups[first], targetGroups[second]];
  }
  const { application, deploymentGroup } = existing;
  const what = `the deployment group ${deploymentGroup} of ${application}`;
  const { deploymentGroupInfo } = await ask("codedeploy:GetDeploymentGroup", what, () =>
    aws["codedeploy:GetDeploymentGroup"]({ applicationName: application, deploymentGroupName: deploymentGroup }),
  );
  const pairs = deploymentGroupInfo?.loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const [first, second] = (pairs[0]?.targetGroups ?? []).map(({ name }) => name);
  if (pairs.length !== 1 || first === undefined || second === undefined) {
    throw new HistoryError(`${what} has no pair of target groups: correct \`existing\` in cdktf.json`);
  }
  return [first, second];
}

/** Errors of a principal without permission: AWS's services name them differently. */
const DENIED = /^(AccessDenied(Exception)?|AuthorizationError|UnauthorizedOperation|NotAuthorized)$/;

/** Errors of too many calls: AWS's services name them differently. The SDK has tried three times within a second or two. */
const THROTTLED =
  /^(Throttl\w*|TooManyRequestsException|RequestLimitExceeded|RequestThrottled\w*|LimitExceededException)$/;

async function ask<T>(action: HistoryAction, what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name } = error as Error;
    const next = DENIED.test(name)
      ? `allow ${action}, or choose another AWS_PROFILE`
      : THROTTLED.test(name)
        ? "AWS limits the rate of calls of the account: try again in a few minutes"
        : "check the environment, AWS_PROFILE and the region";
    throw new HistoryError(`${action} can't read ${what}: ${name}: ${messageOf(error)}; ${next}`);
  }
}
