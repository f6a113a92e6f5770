import { contains, isPrivate, rangeOf } from "./cidr";
import { GITLAB_COM } from "./ci-schema";
import { destinationOf } from "./egress-schema";
import { alarmKindsOf } from "../gate/presets";
import { gateWarnings } from "./gate-checks";
import type { ConfigProblem } from "./problems";
import { isKnownRegion } from "./regions";
import type { Config } from "./schema";

/** An egress rule to a range with a shorter prefix than this reaches most of the internet. */
const WIDEST_EGRESS_BITS = { ipv4: 8, ipv6: 16 } as const;
/**
 * Seconds that the load balancer waits for the next byte: the default of `idle_timeout.timeout_seconds`, which the stacks don't
 * change (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html).
 */
const IDLE_TIMEOUT_SECONDS = 60;

/** Finds values that are allowed but probably not intended. */
export function warnings(config: Config): ConfigProblem[] {
  return [
    ...regionWarnings(config),
    ...rangeWarnings(config),
    ...egressWarnings(config),
    ...thresholdWarnings(config),
    ...gateWarnings(config),
    ...tableWarnings(config),
    ...sharedLoadBalancerWarnings(config),
    ...ciWarnings(config),
  ];
}

function tableWarnings({ service, table }: Config): ConfigProblem[] {
  return table.deletionProtection && !service.table
    ? [
        {
          path: ["table", "deletionProtection"],
          text: "true, but service.table is false: there is no table to protect",
        },
      ]
    : [];
}

/** Warns of settings of the defaults that protect a load balancer of the stacks, and not an existing one. */
function sharedLoadBalancerWarnings({
  loadBalancer: { existing, https, waf, deletionProtection },
}: Config): ConfigProblem[] {
  if (!existing) return [];
  const protections = [
    { path: ["https"], isOn: https !== undefined },
    { path: ["waf", "enabled"], isOn: waf.enabled },
    { path: ["deletionProtection"], isOn: deletionProtection },
  ];
  return protections
    .filter(({ isOn }) => isOn)
    .map(({ path }) => ({
      path: ["loadBalancer", ...path],
      text: "has no effect with loadBalancer.existing, whose owner decides about it",
    }));
}

function regionWarnings({ region, newRegion }: Config): ConfigProblem[] {
  if (!newRegion) return [];
  return isKnownRegion(region)
    ? [{ path: ["newRegion"], text: `true, but ${region} is a known region: a mistyped region would be accepted too` }]
    : [
        {
          path: ["region"],
          text: `"${region}" is not in this version's list of AWS's regions; accepted because of newRegion`,
        },
      ];
}

function rangeWarnings({ network: { vpc, cidr } }: Config): ConfigProblem[] {
  const path = vpc ? ["network", "vpc", "cidr"] : ["network", "cidr"];
  const text = vpc?.cidr ?? cidr;
  const range = rangeOf(text);
  // Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
  if (contains(rangeOf("172.17.0.0/16"), range)) {
    const why =
      "AWS advises against 172.17.0.0/16, which Cloud9, SageMaker and Docker use: they wouldn't reach the tasks";
    return [{ path, text: `"${text}": ${why}` }];
  }
  const why =
    "is not a private range: nothing in the VPC can reach the hosts with these addresses on the internet; " +
    "AWS recommends one in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
  return isPrivate(range) ? [] : [{ path, text: `"${text}" ${why}` }];
}

function egressWarnings({ service, network: { vpc, cidr } }: Config): ConfigProblem[] {
  return service.egress.flatMap(({ port, protocol = "tcp", to }, index): ConfigProblem[] => {
    const path = ["service", "egress", index];
    const destination = destinationOf(to);
    if (!("cidr" in destination)) return [];
    if (Number(to.split("/")[1]) < WIDEST_EGRESS_BITS[destination.kind]) {
      return [
        { path, text: `${protocol} ${port} to ${to} lets the tasks reach the whole internet; narrow it if you can` },
      ];
    }
    if (vpc || destination.kind === "ipv6") return [];
    const range = rangeOf(to);
    const isElsewhere = isPrivate(range) && !contains(rangeOf(cidr), range) && !contains(range, rangeOf(cidr));
    const text =
      `${to} is a private range outside of network.cidr (${cidr}): the network that the stacks create has no route there, ` +
      "unless you add one to its private route tables (peering, a transit gateway)";
    return isElsewhere ? [{ path, text }] : [];
  });
}

/** Warns of thresholds that nothing exceeds, so that the alarm never fires. */
function thresholdWarnings({ alarms, service, gate }: Config): ConfigProblem[] {
  const most = service.scaling.enabled ? service.scaling.maxCount : service.desiredCount;
  const usesResponseTime = alarmKindsOf({ gate }).includes("responseTime");
  const slow = usesResponseTime ? alarms.responseTime.threshold : gate.slowSeconds;
  const problem = (path: readonly string[], value: number, text: string): ConfigProblem => ({
    path,
    text: `${value} may never be exceeded: ${text}`,
  });
  return [
    ...(alarms.periodSeconds < 60
      ? [
          {
            path: ["alarms", "periodSeconds"],
            text: `${alarms.periodSeconds} leaves periods empty: a load balancer publishes its metrics once a minute`,
          },
        ]
      : []),
    ...(alarms.unhealthyHosts.threshold >= most
      ? [
          problem(
            ["alarms", "unhealthyHosts", "threshold"],
            alarms.unhealthyHosts.threshold,
            `a target group has ${most} ${most === 1 ? "task" : "tasks"}`,
          ),
        ]
      : []),
    ...(slow >= IDLE_TIMEOUT_SECONDS
      ? [
          problem(
            usesResponseTime ? ["alarms", "responseTime", "threshold"] : ["gate", "slowSeconds"],
            slow,
            `the load balancer closes a connection after ${IDLE_TIMEOUT_SECONDS} s without a byte`,
          ),
        ]
      : []),
  ];
}

/** Warns of tokens that more jobs may have than one thinks. */
function ciWarnings({ ci }: Config): ConfigProblem[] {
  if (ci?.provider === "gitlab") {
    const isOpen = (ci.issuer ?? GITLAB_COM) === GITLAB_COM && ci.projectId === undefined;
    const text = `missing: whoever takes over the path ${ci.project} on GitLab.com, after it was deleted or renamed, gets the roles`;
    return isOpen ? [{ path: ["ci", "projectId"], text }] : [];
  }
  if (ci?.provider !== "oidc") return [];
  const { plan } = ci.subjects;
  return (["plan", "deploy", "release"] as const).flatMap((role) =>
    ci.subjects[role].flatMap((subject, index) => {
      const path = ["ci", "subjects", role, index];
      const shown = JSON.stringify(subject);
      const planning = role === "plan" ? undefined : plan.find((one) => matchesSubject(subject, one));
      const wildcard = `${shown} has a wildcard, which also stands for : and /: every job whose subject fits can ${role}`;
      const planned = `${shown} fits ${JSON.stringify(planning)} of ci.subjects.plan too: every job that plans, also of a change that nobody has reviewed, can ${role}`;
      return [
        ...(/[*?]/.test(subject) ? [{ path, text: wildcard }] : []),
        ...(planning === undefined ? [] : [{ path, text: planned }]),
      ];
    }),
  );
}

/** Whether a pattern of a subject, with IAM's wildcards, fits another one. */
function matchesSubject(pattern: string, subject: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(subject);
}
