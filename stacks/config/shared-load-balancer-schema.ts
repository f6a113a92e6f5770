import type { z } from "zod";
import { integer, listOfUnique, object, text } from "./rules";

/**
 * Most values of a rule's conditions, and most wildcards in them
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html, "Rules": not adjustable).
 */
const MAX_VALUES = 5;
const MAX_WILDCARDS = 5;
/** Longest host or path of a condition (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html). */
const MAX_LENGTH = 128;
/** Priorities of rules (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html). */
const PRIORITIES = { min: 1, max: 50_000 } as const;

const LOAD_BALANCER = /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/[\w-]{1,32}\/\w+$/;
const LISTENER = /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/app\/[\w-]{1,32}\/\w+\/\w+$/;
/** Host names with at least one dot, and letters only after the last one. AWS compares them without regard to case. */
const HOST = /^[a-z0-9*?.-]+\.[a-z]+$/;
/**
 * The characters that AWS allows in a path, without `$` before a brace, which Terraform would evaluate. A path begins with `/`, so
 * other patterns match nothing.
 */
const PATH = /^[/*][A-Za-z0-9_\-.$/~"'@:+&*?]*$/;

const listener = text(
  "an ARN of a listener of an Application Load Balancer such as " +
    "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/…",
  (value) => LISTENER.test(value),
);

/** Whether a rule has no more values and wildcards than AWS allows. */
function isWithinQuota({ hosts = [], paths = [] }: { readonly hosts?: string[]; readonly paths?: string[] }): boolean {
  const values = [...hosts, ...paths];
  return values.length <= MAX_VALUES && values.join("").replace(/[^*?]/g, "").length <= MAX_WILDCARDS;
}

const rule = object({
  /** Host names, with the wildcards `*` and `?`. Default: every host. */
  hosts: listOfUnique(
    text(
      `a host name such as billing.example.com or *.example.com, in lower-case letters, at most ${MAX_LENGTH} characters`,
      (value) => value.length <= MAX_LENGTH && HOST.test(value),
    ),
    1,
    "a list of at least one host name",
  ).optional(),
  /** Paths, with the wildcards `*` and `?`, in the case of the URLs. Default: every path. */
  paths: listOfUnique(
    text(
      `a path such as /billing/* that begins with / or *, at most ${MAX_LENGTH} characters`,
      (value) => value.length <= MAX_LENGTH && PATH.test(value),
    ),
    1,
    "a list of at least one path",
  ).optional(),
  /** Position among the rules of the listeners, the smallest first. No two rules of a listener have the same. */
  priority: integer(PRIORITIES.min, PRIORITIES.max),
})
  .refine(({ hosts, paths }) => hosts !== undefined || paths !== undefined, {
    error: "an object with hosts, paths or both: without them the rule would take every request",
  })
  .refine(isWithinQuota, {
    error: `a rule with at most ${MAX_VALUES} hosts and paths, and ${MAX_WILDCARDS} wildcards in them: AWS allows no more`,
  });

/** `loadBalancer.existing` in the configuration. */
export const sharedLoadBalancerSchema = object({
  /** An Application Load Balancer in `network.vpc`. */
  arn: text(
    "an ARN of an Application Load Balancer such as arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/…",
    (value) => LOAD_BALANCER.test(value),
  ),
  /** The listener of the users. */
  productionListenerArn: listener,
  /** The listener of a new version before it gets traffic. Who reaches it is up to its owner. */
  testListenerArn: listener,
  /** A security group of the load balancer. The tasks let it in. It must let the load balancer reach the tasks. */
  securityGroupId: text("a security group's id such as sg-0123456789abcdef0", (value) =>
    /^sg-([\da-f]{8}|[\da-f]{17})$/.test(value),
  ),
  /** Which requests are this service's, on both listeners. */
  rule,
});

/** An existing load balancer, and this service's rule on it. */
export type SharedLoadBalancer = z.infer<typeof sharedLoadBalancerSchema>;

/** `app/<name>/<id>` of a load balancer's ARN: the LoadBalancer dimension of its metrics. */
export function loadBalancerSuffix({ arn }: Pick<SharedLoadBalancer, "arn">): string {
  return arn.slice(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length);
}

/** ARNs of all rules of a listener, as a pattern. */
export function rulesOfListener(listenerArn: string): string {
  return `${listenerArn.replace(":listener/", ":listener-rule/")}/*`;
}

/**
 * A host name that the rule matches, for requests that must reach this service: the first one, with a word for each wildcard.
 * @returns undefined when the rule matches every host
 */
export function hostOf({ rule: { hosts = [] } }: Pick<SharedLoadBalancer, "rule">): string | undefined {
  const host = hosts.find((name) => !/[*?]/.test(name)) ?? hosts[0];
  return host?.replace(/\*/g, "probe").replace(/\?/g, "x");
}
