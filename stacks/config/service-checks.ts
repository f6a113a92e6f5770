import type { Check } from "./checks";
import { notAllowed, type Problem } from "./problems";

/** Fargate: memory in MiB by CPU units. */
const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1024, 4096, 1024),
  1024: steps(2048, 8192, 1024),
  2048: steps(4096, 16_384, 1024),
  4096: steps(8192, 30_720, 1024),
  8192: steps(16_384, 61_440, 4096),
  16_384: steps(32_768, 122_880, 8192),
};
/** Variables that the stacks, the image or ECS set in the container. */
const RESERVED_VARIABLES = ["PORT", "TABLE_NAME", "RELEASE_VERSION", "STOP_TIMEOUT_SECONDS"];
const RESERVED_PREFIXES = ["AWS_", "ECS_"];

/** What has to fit together in service and encryption. */
export const serviceChecks: readonly Check[] = [
  (config, right) => {
    if (!right("service.cpu", "service.memory")) return [];
    const { cpu, memory } = config.service;
    const allowed = FARGATE_MEMORY[cpu];
    if (!allowed) {
      return [notAllowed(config, "service.cpu", `one of Fargate's: ${Object.keys(FARGATE_MEMORY).join(", ")}`)];
    }
    return allowed.includes(memory)
      ? []
      : [notAllowed(config, "service.memory", `what Fargate has for ${cpu} CPU units: ${allowed.join(", ")}`)];
  },
  (config, right) => variableChecks(config, right, "environment"),
  (config, right) => variableChecks(config, right, "secrets"),
  (config, right) => {
    if (!right("service")) return [];
    const { environment, secrets } = config.service;
    return Object.keys(secrets)
      .filter((name) => Object.hasOwn(environment, name))
      .map((name) => ({
        path: ["service", "secrets", name],
        text: "in service.environment too; ECS refuses a variable that is both: keep one",
      }));
  },
  (config, right) => {
    const path = "service.secretsKeyArns";
    if (!right("service") || config.service.secretsKeyArns.length === 0) return [];
    return Object.keys(config.service.secrets).length === 0
      ? [notAllowed(config, path, "[] without service.secrets: there is nothing to decrypt")]
      : [];
  },
  (config, right) => (right("service.taskPolicies", "account") ? policyProblems(config) : []),
  (config, right) => {
    const path = "service.capacity";
    if (!right(path)) return [];
    const { fargateWeight, fargateSpotWeight, fargateBase } = config.service.capacity;
    if (fargateWeight === 0 && fargateSpotWeight === 0) {
      return [notAllowed(config, `${path}.fargateWeight`, "1 or more, where fargateSpotWeight is 0 as well")];
    }
    return fargateSpotWeight === 0 && fargateBase > 0
      ? [notAllowed(config, `${path}.fargateBase`, "0 without fargateSpotWeight: all tasks are on Fargate then")]
      : [];
  },
  (config, right) => {
    const path = "service.scaling.maxCount";
    if (!right(path, "service.scaling.enabled", "service.desiredCount")) return [];
    const { scaling, desiredCount } = config.service;
    const allowed = `at least service.desiredCount (${desiredCount}), the fewest tasks`;
    return scaling.enabled && scaling.maxCount < desiredCount ? [notAllowed(config, path, allowed)] : [];
  },
  (config, right) => {
    if (!right("service.exec", "service.readOnlyRootFileSystem")) return [];
    const { exec, readOnlyRootFileSystem } = config.service;
    const allowed = "false with service.exec: its agent writes to the container's file system";
    return exec && readOnlyRootFileSystem ? [notAllowed(config, "service.readOnlyRootFileSystem", allowed)] : [];
  },
  (config, right) => {
    const path = "encryption.kmsKeyArn";
    if (!right("encryption", "region")) return [];
    const { customerManagedKey, kmsKeyArn } = config.encryption;
    if (kmsKeyArn === undefined) return [];
    if (!customerManagedKey) {
      return [notAllowed(config, path, "left out without encryption.customerManagedKey, which turns it on")];
    }
    return kmsKeyArn.split(":")[3] === config.region
      ? []
      : [notAllowed(config, path, `a key in ${config.region}, as what it encrypts is`)];
  },
];

/**
 * Condition operators of IAM, which refuses a policy with any other as malformed
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 */
const OPERATOR =
  /^(?:For(?:AllValues|AnyValue):)?(?:Null|(?:String(?:Not)?(?:Equals|EqualsIgnoreCase|Like)|(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like))(?:IfExists)?)$/i;
/** Condition keys have the name of a service or of an identity provider before a colon. */
const CONDITION_KEY = /^[\w./-]+:.+$/;

function policyProblems({ account, service }: Parameters<Check>[0]): Problem[] {
  return service.taskPolicies.flatMap((policy, index): Problem[] => {
    const path = ["service", "taskPolicies", String(index)];
    if (typeof policy === "string") {
      const owner = policy.split(":")[4];
      if (account === undefined || owner === "aws" || owner === account) return [];
      const text = `${JSON.stringify(policy)} is not allowed; must be a policy of AWS or of ${account}: IAM attaches none of another account`;
      return [{ path, text }];
    }
    return Object.entries(policy.conditions ?? {}).flatMap(([operator, keys]): Problem[] => [
      ...(OPERATOR.test(operator)
        ? []
        : [
            {
              path: [...path, "conditions", operator],
              text: "no condition operator of IAM; must be one such as StringEquals, ArnLike, Bool or IpAddress",
            },
          ]),
      ...Object.keys(keys)
        .filter((key) => !CONDITION_KEY.test(key))
        .map((key) => ({
          path: [...path, "conditions", operator, key],
          text: "no condition key of IAM; must have a prefix, as aws:SourceVpc or s3:prefix have",
        })),
    ]);
  });
}

function variableChecks(
  config: Parameters<Check>[0],
  right: Parameters<Check>[1],
  key: "environment" | "secrets",
): Problem[] {
  return right("service") ? Object.keys(config.service[key]).flatMap((name) => variableProblems(key, name)) : [];
}

function variableProblems(key: string, name: string): Problem[] {
  const problem = (text: string) => [{ path: ["service", key, name], text }];
  if (RESERVED_VARIABLES.includes(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    const reserved = `${RESERVED_VARIABLES.join(", ")} and names that start with ${RESERVED_PREFIXES.join(" or ")}`;
    return problem(`reserved: ${reserved} are set without it; choose another name`);
  }
  if (/^[A-Za-z_]\w*$/.test(name)) return [];
  return problem("not a variable's name; must be letters, digits and _, not starting with a digit");
}

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}
