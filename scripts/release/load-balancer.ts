import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { UnreadableAnswer } from "../command/aws-answers";
import type { MetricDimensions } from "./alarm-scope";
import type { AwsPort } from "./aws-port";
import { explain } from "./failure";
import type { LiveTasks } from "./live-tasks";
import type { Problem } from "./problem";
import type { ReleaseTarget } from "./target";

/** State of a service's load balancer before a release. */
export interface LoadBalancerState extends MetricDimensions {
  /** State of each target of the live version, e.g. `healthy`; absent when not read. */
  readonly targets?: readonly string[];
  /** Percent of the production traffic that each target group gets, by ARN; absent when not read. */
  readonly shares?: ReadonlyMap<string, number>;
  /** The live target group and those of the deployment group, when it is none of them. */
  readonly outside?: { readonly live: string; readonly pair: readonly string[] };
  /** What could not be read, and why. */
  readonly unread: readonly string[];
}

/**
 * Reads the target groups, their targets, and the weights of the production listener. A part that can't be read is named in
 * `unread`: a release needs none of them. Never throws.
 */
export async function readLoadBalancer(
  aws: AwsPort,
  group: DeploymentGroupInfo,
  live: Pick<LiveTasks, "targetGroup">,
): Promise<LoadBalancerState> {
  const { names, listeners } = pairOf(group);
  const unread: string[] = [];
  const ask = async <T>(action: string, what: string, call: Promise<T>): Promise<T | undefined> => {
    try {
      return await call;
    } catch (error) {
      const { type, message } = explain(error);
      unread.push(`not checked ${what}: ${type}: ${message} (elasticloadbalancing:${action})`);
      return undefined;
    }
  };
  const [groups, health, rules] = await Promise.all([
    names.length === 0
      ? undefined
      : ask("DescribeTargetGroups", "what the alarms measure", aws.describeTargetGroups({ Names: names })),
    live.targetGroup === undefined
      ? undefined
      : ask(
          "DescribeTargetHealth",
          "the health of the live version",
          aws.describeTargetHealth({ TargetGroupArn: live.targetGroup }),
        ),
    listeners.length === 0 ? undefined : ask("DescribeRules", "where the traffic goes", rulesOf(aws, listeners)),
  ]);
  const arns = (groups?.TargetGroups ?? []).flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []);
  const loadBalancer = listeners[0] === undefined ? undefined : loadBalancerOf(listeners[0]);
  const next = arns.find((arn) => arn !== live.targetGroup);
  return {
    loadBalancer,
    ...(arns.length > 1 && live.targetGroup !== undefined && arns.includes(live.targetGroup) && next !== undefined
      ? { live: suffixOf(live.targetGroup), next: suffixOf(next) }
      : {}),
    ...(arns.length > 1 && live.targetGroup !== undefined && !arns.includes(live.targetGroup)
      ? { outside: { live: suffixOf(live.targetGroup), pair: arns.map(suffixOf) } }
      : {}),
    ...(health && {
      targets: (health.TargetHealthDescriptions ?? [])
        .map(({ TargetHealth }) => TargetHealth?.State ?? "unknown")
        .filter((state) => state !== "draining"),
    }),
    ...(rules && arns.length > 0 && { shares: sharesOf(rules, [...arns, live.targetGroup ?? ""]) }),
    unread,
  };
}

/** The names of a deployment group's target groups, and the ARNs of its production listeners. */
function pairOf({ loadBalancerInfo }: DeploymentGroupInfo) {
  const pair = loadBalancerInfo?.targetGroupPairInfoList?.[0];
  return {
    names: (pair?.targetGroups ?? []).flatMap(({ name }) => name ?? []),
    listeners: pair?.prodTrafficRoute?.listenerArns ?? [],
  };
}

/** The target groups of a deployment group by name, and its load balancer, as dimensions of metrics name them. */
export interface GroupDimensions extends Pick<MetricDimensions, "loadBalancer"> {
  readonly targetGroups: ReadonlyMap<string, string>;
}

/**
 * Reads the target groups of a deployment group.
 * @throws what DescribeTargetGroups throws
 */
export async function readGroupDimensions(
  aws: Pick<AwsPort, "describeTargetGroups">,
  group: DeploymentGroupInfo,
): Promise<GroupDimensions> {
  const {
    names,
    listeners: [listener],
  } = pairOf(group);
  const { TargetGroups = [] } = names.length === 0 ? {} : await aws.describeTargetGroups({ Names: names });
  const suffixes = TargetGroups.flatMap(({ TargetGroupArn }) =>
    TargetGroupArn === undefined ? [] : suffixOf(TargetGroupArn),
  );
  return {
    loadBalancer: listener === undefined ? undefined : loadBalancerOf(listener),
    targetGroups: new Map(suffixes.map((suffix) => [suffix.split("/")[1] ?? "", suffix])),
  };
}

/**
 * Largest page of rules:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeRules.html
 */
const RULES_PER_CALL = 400;
/** A list with more pages than this is not from AWS or never ends. */
const PAGE_LIMIT = 100;

async function rulesOf(aws: Pick<AwsPort, "describeRules">, listeners: readonly string[]): Promise<readonly Rule[]> {
  return (await Promise.all(listeners.map((listener) => rulesOfListener(aws, listener)))).flat();
}

/**
 * All rules of a listener, the default one too.
 *
 * @throws what DescribeRules throws, and UnreadableAnswer when its pages don't end
 */
export async function rulesOfListener(
  aws: Pick<AwsPort, "describeRules">,
  ListenerArn: string,
): Promise<readonly Rule[]> {
  const all: Rule[] = [];
  let Marker: string | undefined;
  for (let page = 1; page <= PAGE_LIMIT; page += 1) {
    const { Rules = [], NextMarker } = await aws.describeRules({
      ListenerArn,
      PageSize: RULES_PER_CALL,
      ...(Marker !== undefined && { Marker }),
    });
    all.push(...Rules);
    if (NextMarker === undefined || NextMarker === "") return all;
    Marker = NextMarker;
  }
  throw new UnreadableAnswer(`DescribeRules answered ${PAGE_LIMIT} pages, and no last one`);
}

/**
 * Percent of the traffic that each of these target groups gets. When rules differ, the largest share of a group counts,
 * because some users have it. Rules that forward to none of these groups are ignored. Pure.
 */
export function sharesOf(rules: readonly Rule[], targetGroups: readonly string[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const { Actions = [] } of rules) {
    for (const { TargetGroupArn, ForwardConfig } of Actions) {
      const forward =
        ForwardConfig?.TargetGroups ?? (TargetGroupArn === undefined ? [] : [{ TargetGroupArn, Weight: 1 }]);
      if (!forward.some((each) => targetGroups.includes(each.TargetGroupArn ?? ""))) continue;
      const total = forward.reduce((sum, { Weight = 0 }) => sum + Weight, 0);
      for (const { TargetGroupArn: arn = "", Weight = 0 } of forward) {
        const share = total === 0 ? 0 : Math.round((Weight / total) * 1000) / 10;
        shares.set(arn, Math.max(shares.get(arn) ?? 0, share));
      }
    }
  }
  return shares;
}

/**
 * A problem when the live tasks are behind another target group than the deployment group's: CodeDeploy would fail the
 * deployment. Pure.
 */
export function pairProblem(
  { outside }: Pick<LoadBalancerState, "outside">,
  { deploymentGroup, owner }: ReleaseTarget,
): readonly Problem[] {
  if (!outside) return [];
  return [
    {
      what: `the live tasks are behind ${outside.live}, which is not one of the group's target groups (${outside.pair.join(", ")})`,
      where: `deployment group ${deploymentGroup}`,
      next: owner.correct("delivery"),
    },
  ];
}

/** A warning when no user reaches the service: no rule forwards to it, or all weights are 0. Pure. */
export function trafficWarnings({ shares }: Pick<LoadBalancerState, "shares">): readonly string[] {
  if (shares === undefined || [...shares.values()].some((share) => share > 0)) return [];
  return [
    "the production listener sends no request to the service's target groups: alarms on requests can't detect a bad version",
  ];
}

/** `targetgroup/<name>/<id>`, from the ARN. */
function suffixOf(targetGroupArn: string): string {
  return targetGroupArn.slice(targetGroupArn.lastIndexOf(":") + 1);
}

/** `app/<name>/<id>` of a load balancer, from the ARN of its listener: `…:listener/app/<name>/<id>/<listener id>`. */
function loadBalancerOf(listenerArn: string): string | undefined {
  return /:listener\/(app\/[^/]+\/[^/]+)\//.exec(listenerArn)?.[1];
}
