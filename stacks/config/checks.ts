import { namesOf } from "../names";
import { alarmChecks } from "./alarm-checks";
import { DEFAULTS } from "./defaults";
import { networkChecks } from "./network-checks";
import { notAllowed, type Problem } from "./problems";
import type { Config } from "./schema";

/**
 * A rule about several values at once. `right` tells whether nothing was found wrong with the values at these (dotted)
 * paths; a check looks no further when something was.
 */
export type Check = (config: Config, right: (...paths: readonly string[]) => boolean) => readonly Problem[];

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
/** Longest name of a target group or load balancer. */
const MAX_NAME = 32;
/** Variables that the stacks, the image or ECS set in the container. */
const RESERVED_VARIABLES = ["PORT", "TABLE_NAME", "RELEASE_VERSION", "STOP_TIMEOUT_SECONDS"];
const RESERVED_PREFIXES = ["AWS_", "ECS_"];
/** Tags that the stacks set themselves. */
const OWN_TAGS = ["project", "environment", "stack"];
/** AWS's limit for one resource, less our own and the resource's Name. */
const MAX_TAGS = 50 - OWN_TAGS.length - 1;

const CHECKS: readonly Check[] = [
  (config, right) => {
    if (!right("project")) return [];
    const { targetGroups } = namesOf({ ...DEFAULTS, project: config.project, environment: config.environment });
    const tooLong = Math.max(...Object.values(targetGroups).map(({ length }) => length)) - MAX_NAME;
    const allowed = `at most ${config.project.length - tooLong} characters, since ${targetGroups["1"]} would name a target group: AWS takes ${MAX_NAME}`;
    return tooLong > 0 ? [notAllowed(config, "project", allowed)] : [];
  },
  (config, right) => {
    const { intervalSeconds, timeoutSeconds } = config.healthCheck;
    const allowed = `less than healthCheck.intervalSeconds (${intervalSeconds})`;
    return right("healthCheck.intervalSeconds", "healthCheck.timeoutSeconds") && timeoutSeconds >= intervalSeconds
      ? [notAllowed(config, "healthCheck.timeoutSeconds", allowed)]
      : [];
  },
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
  (config, right) => (right("service") ? Object.keys(config.service.environment).flatMap(variableProblems) : []),
  (config, right) => (right("tags") ? tagProblems(config.tags) : []),
  ...networkChecks,
  ...alarmChecks,
];

/**
 * What is wrong between values that are right each in itself.
 * @param found problems found before
 */
export function combinationProblems(config: Config, found: readonly Problem[]): Problem[] {
  const wrong = found.map(({ path }) => path.join("."));
  const right = (...paths: readonly string[]) =>
    !paths.some((path) =>
      wrong.some((other) => other === path || path.startsWith(`${other}.`) || other.startsWith(`${path}.`)),
    );
  return CHECKS.flatMap((check) => check(config, right));
}

function variableProblems(name: string): Problem[] {
  const problem = (text: string) => [{ path: ["service", "environment", name], text }];
  if (RESERVED_VARIABLES.includes(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    const reserved = `${RESERVED_VARIABLES.join(", ")} and names that start with ${RESERVED_PREFIXES.join(" or ")}`;
    return problem(`reserved: ${reserved} are set without it; choose another name`);
  }
  if (/^[A-Za-z_]\w*$/.test(name)) return [];
  return problem("not a variable's name; must be letters, digits and _, not starting with a digit");
}

function tagProblems(tags: Readonly<Record<string, string>>): Problem[] {
  const names = Object.keys(tags);
  const problems = names.flatMap((name, index): Problem[] => {
    const problem = (text: string) => [{ path: ["tags", name], text }];
    const lower = name.toLowerCase();
    if (lower.startsWith("aws:")) {
      return problem("reserved: only AWS sets tags that start with aws:; choose another name");
    }
    if (OWN_TAGS.includes(lower)) {
      return problem(`reserved: ${OWN_TAGS.join(", ")} are set without it; choose another name`);
    }
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(name)) {
      return problem("not a tag's name; must be 1 to 128 letters, digits, spaces and _ . : / = + - @");
    }
    // IAM tells tag names apart without their case.
    const twice = names.slice(0, index).some((other) => other.toLowerCase() === lower);
    return twice ? problem("there twice, but for its case; keep one") : [];
  });
  if (names.length > MAX_TAGS) {
    const text = `${names.length} tags are too many; must be at most ${MAX_TAGS}: AWS takes 50 with our own`;
    problems.push({ path: ["tags"], text });
  }
  return problems;
}

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}
