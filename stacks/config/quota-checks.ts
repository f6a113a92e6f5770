import type { Check } from "./check";
import { destinationOf } from "./egress-schema";
import { listenersOf } from "./listeners";
import { notAllowed } from "./problems";
import { inlineStatements, managedPolicies } from "./task-policies-schema";

/**
 * Largest product of the rules of a security group and the security groups of an interface
 * (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, "Security groups").
 */
const MAX_RULES_OF_INTERFACE = 1000;
/**
 * Largest size of a task definition (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html: 64 KB, not
 * adjustable), and the part of it that is reserved for image, roles, log options and additions of a later release.
 */
const MAX_TASK_DEFINITION = { bytes: 65_536, ours: 4096 } as const;
/**
 * Largest size of all inline policies of a role, in characters without white space
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 10,240, not adjustable), and the part of it that is
 * reserved for our own statements.
 */
const MAX_INLINE_POLICY = { characters: 10_240, ours: 2240 } as const;
/** The security groups that the stacks give to the tasks. */
const OWN_GROUPS = 1;

/** Checks the quotas of AWS. */
export const quotaChecks: readonly Check[] = [
  (config, isValid) => {
    if (!isValid("quotas")) return [];
    const { rulesPerSecurityGroup: rules, securityGroupsPerInterface: groups } = config.quotas;
    const most = Math.floor(MAX_RULES_OF_INTERFACE / groups);
    const allowed = `at most ${most}: times securityGroupsPerInterface (${groups}), AWS allows ${MAX_RULES_OF_INTERFACE} at most`;
    return rules > most ? [notAllowed(config, "quotas.rulesPerSecurityGroup", allowed)] : [];
  },
  // The load balancer's security group has one rule for each port and each range that may reach it.
  (config, isValid) => {
    if (!isValid("loadBalancer", "network.vpc", "network.cidr", "network.natGateways", "network.zones", "quotas"))
      return [];
    const { allowedCidrs, testAllowedCidrs, existing } = config.loadBalancer;
    if (existing) return [];
    const { vpc, cidr, natGateways, zones } = config.network;
    const listeners = listenersOf(config.loadBalancer);
    const production = allowedCidrs.length * (listeners.redirectPort === undefined ? 1 : 2);
    const addresses = vpc ? (vpc.natAddresses ?? []).map((address) => `${address}/32`) : [];
    const nat = vpc ? 0 : natGateways === "one" ? 1 : zones;
    const test = new Set([vpc?.cidr ?? cidr, ...testAllowedCidrs, ...addresses]).size + nat;
    const most = config.quotas.rulesPerSecurityGroup;
    if (production + test <= most) return [];
    const [key, count] =
      production >= test
        ? (["allowedCidrs", allowedCidrs] as const)
        : (["testAllowedCidrs", testAllowedCidrs] as const);
    const text =
      `${count.length} ranges are too many: with the others the load balancer's security group would have ` +
      `${production + test} rules; must be ${most} at most (quotas.rulesPerSecurityGroup), so join ranges`;
    return [{ path: ["loadBalancer", key], text }];
  },
  (config, isValid) => {
    if (!isValid("service.egress", "quotas")) return [];
    const families = { ipv4: 1, ipv6: 0 };
    for (const { to } of config.service.egress) {
      const destination = destinationOf(to);
      // A security group counts for both families. A prefix list counts as its maximum number of entries, which only AWS knows.
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
      `${config.service.egress.length} rules are too many: with TCP 443 the tasks' security group would have ${rules} ` +
      `rules; must be ${most} at most (quotas.rulesPerSecurityGroup)`;
    return rules > most ? [{ path: ["service", "egress"], text }] : [];
  },
  (config, isValid) => {
    const path = "service.securityGroupIds";
    if (!isValid(path, "quotas")) return [];
    const most = config.quotas.securityGroupsPerInterface - OWN_GROUPS;
    const allowed = `at most ${most}, in addition to the one of the stacks (quotas.securityGroupsPerInterface)`;
    return config.service.securityGroupIds.length > most ? [notAllowed(config, path, allowed)] : [];
  },
  (config, isValid) => {
    if (!isValid("service.taskPolicies", "quotas")) return [];
    const managed = managedPolicies(config.service.taskPolicies);
    const most = config.quotas.policiesPerRole;
    const text = `${managed.length} managed policies are too many; must be ${most} at most (quotas.policiesPerRole)`;
    return managed.length > most ? [{ path: ["service", "taskPolicies"], text }] : [];
  },
  (config, isValid) => {
    if (!isValid("service.taskPolicies")) return [];
    const { taskPolicies } = config.service;
    // Finds ARNs only: two statements are two objects.
    const duplicate = taskPolicies.find((policy, index) => taskPolicies.indexOf(policy) !== index);
    return duplicate === undefined
      ? []
      : [{ path: ["service", "taskPolicies"], text: `${JSON.stringify(duplicate)} is listed twice; keep one` }];
  },
  (config, isValid) => {
    if (!isValid("service.taskPolicies")) return [];
    const { length } = JSON.stringify(inlineStatements(config.service.taskPolicies));
    const most = MAX_INLINE_POLICY.characters - MAX_INLINE_POLICY.ours;
    const text =
      `the statements have ${length} characters; must be ${most} at most, because the inline policies of a role ` +
      `may have ${MAX_INLINE_POLICY.characters}: move some into a managed policy, and list its ARN here`;
    return length > most ? [{ path: ["service", "taskPolicies"], text }] : [];
  },
  (config, isValid) => {
    if (!isValid("service.environment", "service.secrets")) return [];
    const { environment, secrets } = config.service;
    const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
    const references = Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom }));
    const bytes = Buffer.byteLength(JSON.stringify([variables, references]));
    const most = MAX_TASK_DEFINITION.bytes - MAX_TASK_DEFINITION.ours;
    if (bytes <= most) return [];
    const [longest] = [...variables].sort((a, b) => Buffer.byteLength(b.value) - Buffer.byteLength(a.value));
    const text =
      `the variables take ${bytes} bytes of the task definition; must be ${most} at most, because ECS takes ` +
      `${MAX_TASK_DEFINITION.bytes} in all` +
      (longest === undefined ? "" : ` (the longest is ${longest.name}: ${Buffer.byteLength(longest.value)} bytes)`);
    return [{ path: ["service", variables.length > 0 ? "environment" : "secrets"], text }];
  },
];
