import type {
  Action,
  Listener,
  Rule,
  TargetGroup,
  TargetGroupAttribute,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ABSENT, ONLY } from "../../cloud/not-played";
import type {
  ListenerRuleTemplate,
  ListenerTemplate,
  LoadBalancerTemplate,
  TargetGroupTemplate,
  WeightedTargetGroup,
} from "../../cloud/template";
import { defined } from "./defined";
import { NotPlayable, present, type LiveReads } from "./reads";

type Only = (typeof ONLY)[keyof typeof ONLY];

/**
 * Attributes of a target group, by the keys of AWS, for which the local cloud plays the default only.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
 */
const ATTRIBUTES: Readonly<Record<string, Only>> = {
  "stickiness.enabled": ONLY.stickiness,
  "slow_start.duration_seconds": ONLY.slowStart,
  "load_balancing.algorithm.type": ONLY.algorithm,
  "load_balancing.algorithm.anomaly_mitigation": ONLY.anomalyMitigation,
  "load_balancing.cross_zone.enabled": ONLY.crossZone,
};
const TARGET_GROUP_HEALTH =
  /^target_group_health\.(dns_failover|unhealthy_state_routing)\.minimum_healthy_targets\.(count|percentage)$/;

/** Finds target groups, in the order of their names. @throws LiveReadError, also for one that AWS doesn't return */
export async function findTargetGroups(
  reads: LiveReads,
  names: readonly string[],
): Promise<readonly (TargetGroup & { readonly name: string; readonly arn: string })[]> {
  const found = await reads.all("the target groups", async (Marker) => {
    const answer = await reads.call(
      "elasticloadbalancing:DescribeTargetGroups",
      `the target groups ${names.join(" and ")}`,
      {
        Names: [...names],
        ...(Marker !== undefined && { Marker }),
      },
    );
    return { items: answer.TargetGroups, next: answer.NextMarker };
  });
  return names.map((name) => {
    const group = present(
      found.find(({ TargetGroupName }) => TargetGroupName === name),
      `the target group ${name}`,
    );
    return { ...group, name, arn: present(group.TargetGroupArn, `the ARN of the target group ${name}`) };
  });
}

/** Reads target groups, in the order of their names. */
export async function readTargetGroups(
  reads: LiveReads,
  names: readonly string[],
  containerPort: number,
): Promise<readonly TargetGroupTemplate[]> {
  const found = await findTargetGroups(reads, names);
  return Promise.all(
    found.map(async (group) => {
      const { name, arn } = group;
      const { Attributes } = await reads.call(
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        `the attributes of the target group ${name}`,
        { TargetGroupArn: arn },
      );
      return targetGroupOf(group, present(Attributes, `the attributes of the target group ${name}`), containerPort);
    }),
  );
}

function targetGroupOf(
  group: TargetGroup,
  attributes: readonly TargetGroupAttribute[],
  containerPort: number,
): TargetGroupTemplate {
  const { TargetGroupName: name, TargetGroupArn: arn = "" } = group;
  const refuse = (setting: string, value: string | boolean | undefined, { value: supported, why }: Only) => {
    if (value === undefined || String(value) === String(supported)) return;
    throw new NotPlayable(
      `The target group ${String(name)}: ${setting} is ${String(value)}, and must be ${supported}: ${why}`,
    );
  };
  refuse("TargetType", group.TargetType, ONLY.targetType);
  refuse("Protocol", group.Protocol, ONLY.protocol);
  refuse("ProtocolVersion", group.ProtocolVersion, ONLY.protocolVersion);
  refuse("HealthCheckEnabled", group.HealthCheckEnabled, ONLY.healthCheckEnabled);
  refuse("HealthCheckProtocol", group.HealthCheckProtocol, ONLY.healthCheckProtocol);
  // The port of the traffic, written as a number, is the same.
  if (group.HealthCheckPort !== String(containerPort))
    refuse("HealthCheckPort", group.HealthCheckPort, ONLY.healthCheckPort);
  const value = (key: string) => attributes.find(({ Key }) => Key === key)?.Value;
  for (const [key, only] of Object.entries(ATTRIBUTES)) refuse(key, value(key), only);
  for (const { Key: key = "", Value } of attributes) {
    const [, , kind] = TARGET_GROUP_HEALTH.exec(key) ?? [];
    if (kind !== undefined && Value !== undefined && Value !== (kind === "count" ? "1" : "off"))
      throw new NotPlayable(`The target group ${String(name)}: ${key} is ${Value}: ${ABSENT.targetGroupHealth}`);
  }
  return defined({
    name,
    arn,
    arnSuffix: arn.slice(arn.lastIndexOf(":") + 1),
    port: group.Port,
    vpcId: group.VpcId,
    // AWS's default: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
    deregistrationDelay: Number(value("deregistration_delay.timeout_seconds") ?? 300),
    healthCheck: {
      path: group.HealthCheckPath,
      interval: group.HealthCheckIntervalSeconds,
      timeout: group.HealthCheckTimeoutSeconds,
      healthyThreshold: group.HealthyThresholdCount,
      unhealthyThreshold: group.UnhealthyThresholdCount,
      matcher: group.Matcher?.HttpCode,
    },
  }) as TargetGroupTemplate;
}

/** Listeners with their load balancer, and what is not played of them. */
export interface LiveListeners {
  readonly loadBalancer: LoadBalancerTemplate;
  readonly listeners: readonly ListenerTemplate[];
  readonly notPlayed: readonly string[];
}

/**
 * Reads the listeners of a deployment group.
 * @param group.production ARNs of the production listeners
 * @param group.test ARNs of the test listeners
 * @param group.live ARN of the target group that the service's tasks are in
 * @param group.pair ARNs of both target groups
 * @throws LiveReadError, NotPlayable
 */
export async function readListeners(
  reads: LiveReads,
  {
    production,
    test,
    live,
    pair,
  }: {
    readonly production: readonly string[];
    readonly test: readonly string[];
    readonly live: string;
    readonly pair: readonly string[];
  },
): Promise<LiveListeners> {
  const arns = [...production, ...test];
  const found = await reads.all("the listeners", async (Marker) => {
    const answer = await reads.call("elasticloadbalancing:DescribeListeners", "the listeners of the deployment group", {
      ListenerArns: [...arns],
      ...(Marker !== undefined && { Marker }),
    });
    return { items: answer.Listeners, next: answer.NextMarker };
  });
  const listeners: ListenerTemplate[] = [];
  const notPlayed: string[] = [];
  for (const arn of arns) {
    const listener = present(
      found.find(({ ListenerArn }) => ListenerArn === arn),
      `the listener ${arn}`,
    );
    const rules = await reads.all("the rules", async (Marker) => {
      const answer = await reads.call("elasticloadbalancing:DescribeRules", `the rules of the listener ${arn}`, {
        ListenerArn: arn,
        ...(Marker !== undefined && { Marker }),
      });
      return { items: answer.Rules, next: answer.NextMarker };
    });
    const played = listenerOf(listener, rules, pair);
    notPlayed.push(...played.notPlayed);
    for (const { forward } of [played.listener, ...(played.listener.rules ?? [])]) {
      const weights = forward.filter(({ weight }) => weight > 0);
      if (weights.length > 1 && weights.some(({ targetGroupArn }) => targetGroupArn === live))
        throw new NotPlayable(
          `The listener ${arn} sends requests to two target groups, so a deployment is shifting traffic: wait for its end`,
        );
      if (production.includes(arn) && forward.length > 0 && weights.every((one) => one.targetGroupArn !== live))
        throw new NotPlayable(
          `The production listener ${arn} sends ${weights.length === 0 ? "no requests" : "requests to another target group"}` +
            `, and the live tasks are in ${live}: wait for the end of the running deployment, or correct the listener`,
        );
    }
    listeners.push(played.listener);
  }
  const balancers = [
    ...new Set(found.map(({ LoadBalancerArn }) => present(LoadBalancerArn, "a listener's load balancer"))),
  ];
  const [only, other] = balancers;
  if (only === undefined || other !== undefined)
    throw new NotPlayable(
      `The listeners are of the load balancers ${balancers.join(" and ")}: the local cloud has one load balancer`,
    );
  return { loadBalancer: await readLoadBalancer(reads, only), listeners, notPlayed };
}

async function readLoadBalancer(reads: LiveReads, arn: string): Promise<LoadBalancerTemplate> {
  const what = `the load balancer ${arn}`;
  const [{ LoadBalancers }, { Attributes }] = await Promise.all([
    reads.call("elasticloadbalancing:DescribeLoadBalancers", what, { LoadBalancerArns: [arn] }),
    reads.call("elasticloadbalancing:DescribeLoadBalancerAttributes", `the idle timeout of ${what}`, {
      LoadBalancerArn: arn,
    }),
  ]);
  const balancer = present(LoadBalancers?.[0], what);
  const { value, why } = ONLY.loadBalancerType;
  if (balancer.Type !== undefined && balancer.Type !== value)
    throw new NotPlayable(`The load balancer ${arn}: Type is ${balancer.Type}, and must be ${value}: ${why}`);
  const idle = present(Attributes, `the attributes of ${what}`).find(
    ({ Key }) => Key === "idle_timeout.timeout_seconds",
  );
  return defined({
    name: balancer.LoadBalancerName,
    arn,
    arnSuffix: arn.slice(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length),
    dnsName: balancer.DNSName,
    scheme: balancer.Scheme,
    subnets: (balancer.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    securityGroups: balancer.SecurityGroups ?? [],
    idleTimeoutSeconds: idle?.Value === undefined ? undefined : Number(idle.Value),
  }) as LoadBalancerTemplate;
}

/**
 * A listener with what it forwards to the service: its default action, or on a shared load balancer the rules of the service.
 * Everything else of it is another service's, and is told.
 */
function listenerOf(
  { ListenerArn: arn = "", Port, Protocol, DefaultActions = [], MutualAuthentication }: Listener,
  rules: readonly Rule[],
  pair: readonly string[],
): { readonly listener: ListenerTemplate; readonly notPlayed: readonly string[] } {
  const reaches = (actions: readonly Action[] = []) =>
    targetsOf(actions).some(({ targetGroupArn }) => pair.includes(targetGroupArn));
  const others = rules.filter(({ IsDefault, Priority }) => IsDefault !== true && Priority !== "default");
  const own = others.filter(({ Actions }) => reaches(Actions));
  const isDefault = reaches(DefaultActions);
  if (!isDefault && own.length === 0)
    throw new NotPlayable(
      `The listener ${arn} forwards to neither target group of the deployment group, by its default action or by a rule`,
    );
  const place = `The listener ${arn}: `;
  const notPlayed = Protocol === "HTTPS" ? [tlsLine(arn, MutualAuthentication?.Mode)] : [];
  const foreign = others
    .filter((rule) => !own.includes(rule))
    .map(
      ({ Priority }) =>
        `The rule ${String(Priority)} of the listener ${arn} is not played: it doesn't forward to the service. Requests that ` +
        "fit it are treated as if it were not there.",
    );
  notPlayed.push(...foreign);
  return {
    listener: defined({
      arn,
      port: Port,
      protocol: Protocol,
      forward: isDefault ? forwardOf(DefaultActions, pair, place) : [],
      ...(own.length > 0 && { rules: own.map((rule) => ruleOf(rule, pair, place)) }),
    }) as ListenerTemplate,
    notPlayed: isDefault
      ? notPlayed
      : [...notPlayed, `The default action of the listener ${arn} is not played: requests that fit no rule get 404.`],
  };
}

function tlsLine(arn: string, mode = "off"): string {
  const clients = mode === "off" ? "" : `, nor clients' certificates (MutualAuthentication ${mode})`;
  return `TLS of the listener ${arn} is not played: requests are plain HTTP, without its certificates and policy${clients}.`;
}

function ruleOf(rule: Rule, pair: readonly string[], listener: string): ListenerRuleTemplate {
  const place = `${listener}rule ${String(rule.Priority)}: `;
  const refuse = (problem: string) => new NotPlayable(`${place}${problem}`);
  if ((rule.Transforms ?? []).length > 0) throw refuse(`it has transforms: ${ABSENT.transform}`);
  const conditions: { hosts?: readonly string[]; paths?: readonly string[] } = {};
  for (const condition of rule.Conditions ?? []) {
    const { Field, Values = [], HostHeaderConfig: host, PathPatternConfig: path, RegexValues = [] } = condition;
    if (Field !== "host-header" && Field !== "path-pattern")
      throw refuse(`it has the condition ${String(Field)}: ${ABSENT.otherCondition}`);
    const config = Field === "host-header" ? host : path;
    if ([...RegexValues, ...(config?.RegexValues ?? [])].length > 0)
      throw refuse(`its condition ${Field} has a regular expression: ${ABSENT.regexValues}`);
    // AWS gives both forms, the older one without the config.
    const values = config?.Values ?? Values;
    if (Field === "host-header") conditions.hosts = values;
    else conditions.paths = values;
  }
  return {
    arn: present(rule.RuleArn, "the ARN of a rule"),
    priority: Number(rule.Priority),
    conditions,
    forward: forwardOf(rule.Actions ?? [], pair, place),
  };
}

/** The target groups of one forward action. @throws NotPlayable for other actions, stickiness and foreign target groups */
function forwardOf(actions: readonly Action[], pair: readonly string[], place: string): readonly WeightedTargetGroup[] {
  const refuse = (problem: string) => new NotPlayable(`${place}${problem}`);
  for (const { Type, ForwardConfig } of actions) {
    const { value, why } = ONLY.stickiness;
    if (Type !== "forward")
      throw refuse(`its ${String(Type)} action can't be played: the local load balancer forwards every request`);
    if (ForwardConfig?.TargetGroupStickinessConfig?.Enabled === true)
      throw refuse(`stickiness of its target groups is true, and must be ${value}: ${why}`);
  }
  const targets = targetsOf(actions);
  const foreign = targets.find(({ targetGroupArn }) => !pair.includes(targetGroupArn));
  if (foreign)
    throw refuse(`it also forwards to ${foreign.targetGroupArn}, which is no target group of the deployment group`);
  return targets;
}

/** A forward action has one of two forms, or both: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html */
function targetsOf(actions: readonly Action[]): readonly WeightedTargetGroup[] {
  return actions
    .filter(({ Type }) => Type === "forward")
    .flatMap(({ TargetGroupArn, ForwardConfig }): WeightedTargetGroup[] => {
      const weighted = (ForwardConfig?.TargetGroups ?? []).flatMap(({ TargetGroupArn: arn, Weight = 1 }) =>
        // A proxy or an older emulator may write numbers as texts.
        arn === undefined ? [] : [{ targetGroupArn: arn, weight: Number(Weight as number | string) }],
      );
      if (weighted.length > 0) return weighted;
      return TargetGroupArn === undefined ? [] : [{ targetGroupArn: TargetGroupArn, weight: 1 }];
    });
}
