import type { Check } from "./checks";
import { destinationOf } from "./egress-schema";
import { listenersOf } from "./listeners";
import { notAllowed } from "./problems";
import { inlineStatements, managedPolicies } from "./task-policies-schema";

/** Rules of a group times groups of an interface ("Amazon VPC quotas", "Security groups"). */
const MAX_RULES_OF_INTERFACE = 1000;
/**
 * Bytes of a task definition, and of them those left for what isn't the user's: image, roles, log options, what a later
 * release adds (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html: 64 KB, not adjustable).
 */
const MAX_TASK_DEFINITION = { bytes: 65_536, ours: 4096 } as const;
/**
 * Characters of all inline policies of a role, without white space, and of them those of our own statements
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 10,240, not adjustable).
 */
const MAX_INLINE_POLICY = { characters: 10_240, ours: 2240 } as const;
/** Security group of the tasks' own. */
const OWN_GROUPS = 1;

/** What is more than AWS takes. */
export const quotaChecks: readonly Check[] = [
  (config, right) => {
    if (!right("quotas")) return [];
    const { rulesPerSecurityGroup: rules, securityGroupsPerInterface: groups } = config.quotas;
    const most = Math.floor(MAX_RULES_OF_INTERFACE / groups);
    const allowed = `at most ${most}: times securityGroupsPerInterface (${groups}), AWS gives ${MAX_RULES_OF_INTERFACE} at most`;
    return rules > most ? [notAllowed(config, "quotas.rulesPerSecurityGroup", allowed)] : [];
  },
  // The load balancer's group has one rule for each port and each range that may reach it.
  (config, right) => {
    if (!right("loadBalancer", "network.vpc", "network.cidr", "network.natGateways", "network.zones", "quotas"))
      return [];
    const { allowedCidrs, testAllowedCidrs } = config.loadBalancer;
    const { vpc, cidr, natGateways, zones } = config.network;
    const listeners = listenersOf(config.loadBalancer);
    const world = allowedCidrs.length * (listeners.redirectPort === undefined ? 1 : 2);
    const addresses = vpc ? (vpc.natAddresses ?? []).map((address) => `${address}/32`) : [];
    const nat = vpc ? 0 : natGateways === "one" ? 1 : zones;
    const inside = new Set([vpc?.cidr ?? cidr, ...testAllowedCidrs, ...addresses]).size + nat;
    const most = config.quotas.rulesPerSecurityGroup;
    if (world + inside <= most) return [];
    const [key, count] =
      world >= inside ? (["allowedCidrs", allowedCidrs] as const) : (["testAllowedCidrs", testAllowedCidrs] as const);
    const text =
      `${count.length} ranges are too many: with the others the load balancer's security group would have ` +
      `${world + inside} rules; must be ${most} at most (quotas.rulesPerSecurityGroup), so join ranges`;
    return [{ path: ["loadBalancer", key], text }];
  },
  (config, right) => {
    if (!right("service.egress", "quotas")) return [];
    const families = { ipv4: 1, ipv6: 0 };
    for (const { to } of config.service.egress) {
      const destination = destinationOf(to);
      // A group counts for both; a prefix list for as many as it may have entries, which only AWS knows.
      if (!("kind" in destination) || destination.kind === "ipv4") families.ipv4 += 1;
      else if (destination.kind === "ipv6") families.ipv6 += 1;
      else {
        families.ipv4 += 1;
        families.ipv6 += 1;
      }
    }
    const most = config.quotas.rulesPerSecurityGroup;
    const rules = Math.max(families.ipv4, families.ipv6);
    const text =
      `${config.service.egress.length} ways out are too many: with TCP 443 the tasks' security group would have ${rules} ` +
      `rules; must be ${most} at most (quotas.rulesPerSecurityGroup)`;
    return rules > most ? [{ path: ["service", "egress"], text }] : [];
  },
  (config, right) => {
    const path = "service.securityGroupIds";
    if (!right(path, "quotas")) return [];
    const most = config.quotas.securityGroupsPerInterface - OWN_GROUPS;
    const allowed = `at most ${most}, beside the tasks' own (quotas.securityGroupsPerInterface)`;
    return config.service.securityGroupIds.length > most ? [notAllowed(config, path, allowed)] : [];
  },
  (config, right) => {
    if (!right("service.taskPolicies", "quotas")) return [];
    const managed = managedPolicies(config.service.taskPolicies);
    const most = config.quotas.policiesPerRole;
    const text = `${managed.length} managed policies are too many; must be ${most} at most (quotas.policiesPerRole)`;
    return managed.length > most ? [{ path: ["service", "taskPolicies"], text }] : [];
  },
  (config, right) => {
    if (!right("service.taskPolicies")) return [];
    const policies = config.service.taskPolicies.filter((policy) => typeof policy === "string");
    const twice = policies.find((policy, index) => policies.indexOf(policy) !== index);
    return twice === undefined
      ? []
      : [{ path: ["service", "taskPolicies"], text: `${JSON.stringify(twice)} is there twice; keep one` }];
  },
  (config, right) => {
    if (!right("service.taskPolicies")) return [];
    const { length } = JSON.stringify(inlineStatements(config.service.taskPolicies));
    const most = MAX_INLINE_POLICY.characters - MAX_INLINE_POLICY.ours;
    const text =
      `the statements have ${length} characters; must be ${most} at most, for a role's own policies hold ` +
      `${MAX_INLINE_POLICY.characters}: put the rest into a managed policy, and its ARN here`;
    return length > most ? [{ path: ["service", "taskPolicies"], text }] : [];
  },
  (config, right) => {
    if (!right("service.environment", "service.secrets")) return [];
    const { environment, secrets } = config.service;
    const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
    const references = Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom }));
    const bytes = Buffer.byteLength(JSON.stringify([variables, references]));
    const most = MAX_TASK_DEFINITION.bytes - MAX_TASK_DEFINITION.ours;
    if (bytes <= most) return [];
    const [longest] = [...variables].sort((a, b) => Buffer.byteLength(b.value) - Buffer.byteLength(a.value));
    const text =
      `the variables take ${bytes} bytes of the task definition; must be ${most} at most, for ECS takes ` +
      `${MAX_TASK_DEFINITION.bytes} in all` +
      (longest === undefined ? "" : ` (the longest is ${longest.name}: ${Buffer.byteLength(longest.value)} bytes)`);
    return [{ path: ["service", variables.length > 0 ? "environment" : "secrets"], text }];
  },
];
