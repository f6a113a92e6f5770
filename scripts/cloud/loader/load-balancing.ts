import { z } from "zod";
import { ABSENT, ONLY } from "../not-played";
import type {
  DeploymentGroupTemplate,
  ListenerRuleTemplate,
  ListenerTemplate,
  LoadBalancerTemplate,
  RuleConditions,
  TargetGroupTemplate,
  WeightedTargetGroup,
} from "../template";
import { TemplateError } from "./error";
import { block, blocks, flag, numeric, only, type Reader } from "./reader";

const loadBalancerSchema = z.object({
  name: z.string(),
  arn: z.string(),
  arn_suffix: z.string(),
  dns_name: z.string(),
  load_balancer_type: only(ONLY.loadBalancerType),
  internal: flag.default(false),
  subnets: z.array(z.string()).default([]),
  security_groups: z.array(z.string()).default([]),
  idle_timeout: numeric.optional(),
});

/**
 * Reads the load balancer. Without an aws_lb in the stacks, it is the one of the shared listeners.
 * @throws TemplateError when it is missing or not supported, or when listeners belong to several load balancers
 */
export function readLoadBalancer(reader: Reader, { shared }: Listeners): LoadBalancerTemplate {
  const [first, ...others] = shared.map(({ arn }) => loadBalancerOfListener(arn));
  const hasOwn = reader.all("aws_lb", z.object({})).length > 0;
  const different = first && others.find(({ arn }) => arn !== first.arn);
  if (first && (hasOwn || different))
    throw new TemplateError(
      `service: the listener rules are on ${hasOwn ? "an existing load balancer beside the aws_lb of the stacks" : "several load balancers"} ` +
        `(${[...new Set([first, ...others].map(({ arnSuffix }) => arnSuffix))].join(", ")}); the local cloud runs exactly one`,
    );
  return first ?? readOwnLoadBalancer(reader);
}

function readOwnLoadBalancer(reader: Reader): LoadBalancerTemplate {
  const { value } = reader.one("aws_lb", "service", loadBalancerSchema);
  return {
    name: value.name,
    arn: value.arn,
    arnSuffix: value.arn_suffix,
    dnsName: value.dns_name,
    scheme: value.internal ? "internal" : "internet-facing",
    subnets: value.subnets,
    securityGroups: value.security_groups,
    ...(value.idle_timeout === undefined ? {} : { idleTimeoutSeconds: value.idle_timeout }),
  };
}

// The defaults are those of the Terraform provider's aws_lb_target_group
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group).
const healthCheckSchema = z.object({
  enabled: only(ONLY.healthCheckEnabled),
  port: only(ONLY.healthCheckPort),
  protocol: only(ONLY.healthCheckProtocol),
  path: z.string().default("/"),
  interval: numeric.default(30),
  timeout: numeric.default(5),
  healthy_threshold: numeric.default(3),
  unhealthy_threshold: numeric.default(3),
  matcher: z.string().default("200"),
});

const notSticky = `must be ${ONLY.stickiness.value}: ${ONLY.stickiness.why}`;

const targetGroupSchema = z.object({
  name: z.string(),
  vpc_id: z.string().optional(),
  protocol: only(ONLY.protocol),
  protocol_version: only(ONLY.protocolVersion),
  load_balancing_algorithm_type: only(ONLY.algorithm),
  load_balancing_anomaly_mitigation: only(ONLY.anomalyMitigation),
  load_balancing_cross_zone_enabled: only(ONLY.crossZone),
  // The loader reads this block only to refuse it.
  target_group_health: z.undefined(ABSENT.targetGroupHealth).optional(),
  slow_start: only(ONLY.slowStart),
  // A block without `enabled` turns stickiness on, as in the provider.
  stickiness: block(z.object({ enabled: flag.default(true).refine((on) => !on, notSticky) })).optional(),
  arn: z.string(),
  arn_suffix: z.string(),
  port: numeric,
  target_type: z.literal(ONLY.targetType.value, `must be ${ONLY.targetType.value}: ${ONLY.targetType.why}`),
  deregistration_delay: numeric.default(300),
  health_check: block(healthCheckSchema).default(healthCheckSchema.parse({})),
});

/** Reads all target groups. @throws TemplateError when there are fewer than two, or one is not supported */
export function readTargetGroups(reader: Reader): TargetGroupTemplate[] {
  const found = reader.all("aws_lb_target_group", targetGroupSchema);
  if (found.length < 2)
    throw new TemplateError(
      `service: ${found.length === 0 ? "no" : "only one"} aws_lb_target_group found; a blue/green deployment needs two`,
    );
  return found.map(({ value }) => ({
    name: value.name,
    arn: value.arn,
    arnSuffix: value.arn_suffix,
    port: value.port,
    ...(value.vpc_id === undefined ? {} : { vpcId: value.vpc_id }),
    deregistrationDelay: value.deregistration_delay,
    healthCheck: {
      path: value.health_check.path,
      interval: value.health_check.interval,
      timeout: value.health_check.timeout,
      healthyThreshold: value.health_check.healthy_threshold,
      unhealthyThreshold: value.health_check.unhealthy_threshold,
      matcher: value.health_check.matcher,
    },
  }));
}

// The default weight is 1, as in the provider.
const actionSchema = z.object({
  type: z.string(),
  target_group_arn: z.string().optional(),
  forward: block(
    z.object({
      target_group: blocks(z.object({ arn: z.string(), weight: numeric.default(1) })),
      stickiness: block(z.object({ enabled: flag.default(false).refine((on) => !on, notSticky) })).optional(),
    }),
  ).optional(),
});

const listenerSchema = z.object({
  arn: z.string(),
  port: numeric,
  protocol: z.string().default("HTTP"),
  default_action: blocks(actionSchema),
});

const valuesSchema = block(
  z.object({
    values: z.array(z.string()).min(1, "must have a value"),
    regex_values: z.undefined(ABSENT.regexValues).optional(),
  }),
).optional();

/** A condition that the loader reads only to refuse it. */
const otherCondition = z.undefined(ABSENT.otherCondition).optional();

const ruleSchema = z.object({
  arn: z.string(),
  listener_arn: z.string(),
  priority: numeric.optional(),
  action: blocks(actionSchema),
  condition: blocks(
    z.object({
      host_header: valuesSchema,
      path_pattern: valuesSchema,
      http_header: otherCondition,
      http_request_method: otherCondition,
      query_string: otherCondition,
      source_ip: otherCondition,
    }),
  ),
  transform: z.undefined(ABSENT.transform).optional(),
});

/** A rule, and the listener that it belongs to. */
interface RuleOnListener {
  readonly listenerArn: string;
  readonly stack: string;
  readonly address: string;
  readonly rule: ListenerRuleTemplate;
}

/** The listeners of a load balancer that serves the stacks. */
export interface Listeners {
  readonly own: readonly ListenerTemplate[];
  /**
   * Listeners that rules of the stacks name by ARN, and that no resource of the stacks owns: several services share them.
   * Their ports, protocols and default actions are not known.
   */
  readonly shared: readonly ListenerTemplate[];
}

/**
 * Reads the listeners that forward to target groups, with their rules. The local cloud ignores redirects and fixed
 * responses.
 * @param targetGroups the target groups of the stacks
 * @throws TemplateError when an action or a condition is not supported, when one forwards to a target group that is not in
 *   the stacks, or when two rules of a listener have one priority
 */
export function readListeners(reader: Reader, targetGroups: readonly TargetGroupTemplate[]): Listeners {
  const found = reader.all("aws_lb_listener", listenerSchema);
  const rules = readRules(reader, targetGroups);
  const rulesOf = (arn: string) => {
    const own = rules.filter(({ listenerArn }) => listenerArn === arn).map(({ rule }) => rule);
    return own.length === 0 ? {} : { rules: own };
  };
  const own = found.flatMap(({ stack, address, value }) => {
    const action = value.default_action.find(({ type }) => type === "forward");
    const withRules = rulesOf(value.arn);
    if (!action && !withRules.rules) return [];
    const forward = action ? forwardOf(action, targetGroups, `${stack.name}: ${address}: default_action`) : [];
    return [{ arn: value.arn, port: value.port, protocol: value.protocol, forward, ...withRules }];
  });
  const others = rules.filter(({ listenerArn }) => !found.some(({ value }) => value.arn === listenerArn));
  for (const { stack, address, listenerArn } of others)
    if (!LISTENER_ARN.test(listenerArn))
      throw new TemplateError(
        `${stack}: ${address}: listener_arn ${listenerArn} is neither an aws_lb_listener of the stacks nor the ARN of a ` +
          `listener of an Application Load Balancer (arn:aws:elasticloadbalancing:…:listener/app/…)`,
      );
  const shared = [...new Set(others.map(({ listenerArn }) => listenerArn))].map((arn) => ({
    arn,
    port: SHARED_PORTS.production,
    protocol: "HTTP",
    forward: [],
    ...rulesOf(arn),
  }));
  return { own, shared };
}

/** The ports that the local cloud shows for shared listeners: those of the stacks' own listeners. */
const SHARED_PORTS = { production: 80, test: 9090 };

/** All listeners. A shared one gets a port by its role in the deployment group. */
export function allListeners(
  { own, shared }: Listeners,
  { testListenerArns }: Pick<DeploymentGroupTemplate, "testListenerArns">,
): readonly ListenerTemplate[] {
  const portOf = (arn: string) => (testListenerArns.includes(arn) ? SHARED_PORTS.test : SHARED_PORTS.production);
  return [...own, ...shared.map((listener) => ({ ...listener, port: portOf(listener.arn) }))];
}

/** A listener of an Application Load Balancer: partition, region, account, load balancer and its name. */
const LISTENER_ARN = /^arn:([^:]+):elasticloadbalancing:([^:]+):(\d+):listener\/(app\/([^/]+)\/[^/]+)\/[^/]+$/;

/** The load balancer of a shared listener, by the listener's ARN. Its DNS name is not known. */
function loadBalancerOfListener(listenerArn: string): LoadBalancerTemplate {
  const [, partition = "", region = "", account = "", arnSuffix = "", name = ""] = LISTENER_ARN.exec(listenerArn) ?? [];
  const arn = `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/${arnSuffix}`;
  return { name, arn, arnSuffix, dnsName: `${name}.${region}.elb.amazonaws.com` };
}

function readRules(reader: Reader, targetGroups: readonly TargetGroupTemplate[]): readonly RuleOnListener[] {
  const rules: RuleOnListener[] = [];
  for (const { stack, address, value } of reader.all("aws_lb_listener_rule", ruleSchema)) {
    const place = `${stack.name}: ${address}`;
    const [action, ...others] = value.action;
    const other = value.action.find(({ type }) => type !== "forward");
    if (!action || others.length > 0 || other)
      throw new TemplateError(
        `${place}: action: the local load balancer plays rules with one forward action` +
          (other ? `, not ${other.type}` : `, not ${value.action.length} actions`),
      );
    const ofListener = rules.filter(({ listenerArn }) => listenerArn === value.listener_arn);
    // Without a priority, the provider takes the next one after the highest.
    const priority = value.priority ?? Math.max(0, ...ofListener.map(({ rule }) => rule.priority)) + 1;
    const same = ofListener.find(({ rule }) => rule.priority === priority);
    if (same)
      throw new TemplateError(
        `${place}: priority ${priority} is that of ${same.address} too; a listener has each once`,
      );
    const conditions = conditionsOf(value.condition, place);
    const forward = forwardOf(action, targetGroups, `${place}: action`);
    const rule = { arn: value.arn, priority, conditions, forward };
    rules.push({ listenerArn: value.listener_arn, stack: stack.name, address, rule });
  }
  return rules;
}

function conditionsOf(conditions: z.output<typeof ruleSchema>["condition"], place: string): RuleConditions {
  const hosts = conditions.flatMap(({ host_header }) => (host_header ? [host_header.values] : []));
  const paths = conditions.flatMap(({ path_pattern }) => (path_pattern ? [path_pattern.values] : []));
  // ELB takes each of them once in a rule: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
  if (hosts.length > 1 || paths.length > 1)
    throw new TemplateError(`${place}: condition: a rule has at most one host_header and one path_pattern`);
  return { ...(hosts[0] && { hosts: hosts[0] }), ...(paths[0] && { paths: paths[0] }) };
}

/** The target groups of a forward action. @throws TemplateError when one is not in the stacks */
function forwardOf(
  { forward, target_group_arn }: z.output<typeof actionSchema>,
  targetGroups: readonly TargetGroupTemplate[],
  place: string,
): readonly WeightedTargetGroup[] {
  const weighted = forward?.target_group.map(({ arn, weight }) => ({ targetGroupArn: arn, weight })) ?? [
    { targetGroupArn: target_group_arn ?? "", weight: 1 },
  ];
  for (const { targetGroupArn } of weighted)
    if (!targetGroups.some(({ arn }) => arn === targetGroupArn))
      throw new TemplateError(
        `${place} forwards to ${targetGroupArn || "nothing"}, which is no aws_lb_target_group of the stacks`,
      );
  return weighted;
}
