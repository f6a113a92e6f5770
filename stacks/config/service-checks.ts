import type { Check } from "./check";
import { CONTAINER_NAME, containerName } from "./container-name";
import { notAllowed, type ConfigProblem } from "./problems";
import type { Config } from "./schema";

/**
 * Memory in MiB that Fargate allows for each number of CPU units
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html).
 */
const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1024, 4096, 1024),
  1024: steps(2048, 8192, 1024),
  2048: steps(4096, 16_384, 1024),
  4096: steps(8192, 30_720, 1024),
  8192: steps(16_384, 61_440, 4096),
  16_384: steps(32_768, 122_880, 8192),
};
/** Environment variables that the stacks, the image or ECS set in the container. */
const RESERVED_VARIABLES = ["PORT", "RELEASE_VERSION", "STOP_TIMEOUT_SECONDS"];
/** The one that the stacks set for a table. */
const TABLE_VARIABLE = "TABLE_NAME";
const RESERVED_PREFIXES = ["AWS_", "ECS_"];
/** The form of a variable's name, and the problem of another one. */
export const VARIABLE_NAME = {
  pattern: /^[A-Za-z_]\w*$/,
  problem: "not a variable's name; must be letters, digits and _, not starting with a digit",
} as const;

/** Checks what has to fit together in `service`. */
export const serviceChecks: readonly Check[] = [
  (config, isValid) => {
    const path = "service.container";
    if (!isValid(path, "service.source") || CONTAINER_NAME.pattern.test(containerName(config.service))) return [];
    const { source } = config.service;
    return [
      notAllowed(
        config,
        path,
        `${CONTAINER_NAME.allowed}, since the last part of service.source (${source}) isn't one`,
      ),
    ];
  },
  (config, isValid) => {
    if (!isValid("service.cpu", "service.memory")) return [];
    const { cpu, memory } = config.service;
    const allowed = FARGATE_MEMORY[cpu];
    if (!allowed) {
      return [notAllowed(config, "service.cpu", `one of Fargate's: ${Object.keys(FARGATE_MEMORY).join(", ")}`)];
    }
    return allowed.includes(memory)
      ? []
      : [notAllowed(config, "service.memory", `what Fargate has for ${cpu} CPU units: ${allowed.join(", ")}`)];
  },
  (config, isValid) => variableChecks(config, isValid, "environment"),
  (config, isValid) => variableChecks(config, isValid, "secrets"),
  (config, isValid) => {
    if (!isValid("service")) return [];
    const { environment, secrets } = config.service;
    return Object.keys(secrets)
      .filter((name) => Object.hasOwn(environment, name))
      .map((name) => ({
        path: ["service", "secrets", name],
        text: "also in service.environment, and ECS refuses a variable that is in both; keep one",
      }));
  },
  (config, isValid) => {
    const path = "service.secretsKeyArns";
    if (!isValid("service") || config.service.secretsKeyArns.length === 0) return [];
    return Object.keys(config.service.secrets).length === 0
      ? [notAllowed(config, path, "[] without service.secrets: there is nothing to decrypt")]
      : [];
  },
  (config, isValid) => (isValid("service.taskPolicies", "account") ? policyProblems(config) : []),
  (config, isValid) => {
    const path = "service.capacity";
    if (!isValid(path)) return [];
    const { fargateWeight, fargateSpotWeight, fargateBase } = config.service.capacity;
    if (fargateWeight === 0 && fargateSpotWeight === 0) {
      return [notAllowed(config, `${path}.fargateWeight`, "1 or more when fargateSpotWeight is 0")];
    }
    return fargateSpotWeight === 0 && fargateBase > 0
      ? [notAllowed(config, `${path}.fargateBase`, "0 without fargateSpotWeight: all tasks are on Fargate then")]
      : [];
  },
  (config, isValid) => {
    const path = "service.scaling.maxCount";
    if (!isValid(path, "service.scaling.enabled", "service.desiredCount")) return [];
    const { scaling, desiredCount } = config.service;
    const allowed = `at least service.desiredCount (${desiredCount}), the fewest tasks`;
    return scaling.enabled && scaling.maxCount < desiredCount ? [notAllowed(config, path, allowed)] : [];
  },
  (config, isValid) => {
    if (!isValid("service.exec", "service.readOnlyRootFileSystem")) return [];
    const { exec, readOnlyRootFileSystem } = config.service;
    const allowed = "false with service.exec: its agent writes to the container's file system";
    return exec && readOnlyRootFileSystem ? [notAllowed(config, "service.readOnlyRootFileSystem", allowed)] : [];
  },
];

/**
 * Condition operators of IAM. IAM refuses a policy with any other one
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 */
const OPERATOR =
  /^(?:For(?:AllValues|AnyValue):)?(?:Null|(?:String(?:Not)?(?:Equals|EqualsIgnoreCase|Like)|(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like))(?:IfExists)?)$/i;
/** A condition key starts with the name of a service or of an identity provider, and a colon. */
const CONDITION_KEY = /^[\w./-]+:.+$/;

function policyProblems({ account, service }: Config): ConfigProblem[] {
  return service.taskPolicies.flatMap((policy, index): ConfigProblem[] => {
    const path = ["service", "taskPolicies", String(index)];
    if (typeof policy === "string") {
      const owner = policy.split(":")[4];
      if (account === undefined || owner === "aws" || owner === account) return [];
      const text = `${JSON.stringify(policy)} is not allowed; must be a policy of AWS or of ${account}: IAM can't attach a policy of another account`;
      return [{ path, text }];
    }
    return Object.entries(policy.conditions ?? {}).flatMap(([operator, keys]): ConfigProblem[] => [
      ...(OPERATOR.test(operator)
        ? []
        : [
            {
              path: [...path, "conditions", operator],
              text: "not a condition operator of IAM; must be one such as StringEquals, ArnLike, Bool or IpAddress",
            },
          ]),
      ...Object.keys(keys)
        .filter((key) => !CONDITION_KEY.test(key))
        .map((key) => ({
          path: [...path, "conditions", operator, key],
          text: "not a condition key of IAM; must have a prefix, such as aws:SourceVpc or s3:prefix",
        })),
    ]);
  });
}

function variableChecks(
  config: Config,
  isValid: Parameters<Check>[1],
  key: "environment" | "secrets",
): ConfigProblem[] {
  if (!isValid("service")) return [];
  const reserved = config.service.table ? [...RESERVED_VARIABLES, TABLE_VARIABLE] : RESERVED_VARIABLES;
  return Object.keys(config.service[key]).flatMap((name) => variableProblems(key, name, reserved));
}

function variableProblems(key: string, name: string, reservedNames: readonly string[]): ConfigProblem[] {
  const problem = (text: string) => [{ path: ["service", key, name], text }];
  if (reservedNames.includes(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    const reserved = `${reservedNames.join(", ")} and names that start with ${RESERVED_PREFIXES.join(" or ")}`;
    return problem(`reserved: ${reserved} are set by the stacks, the image or ECS; choose another name`);
  }
  return VARIABLE_NAME.pattern.test(name) ? [] : problem(VARIABLE_NAME.problem);
}

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}
