import { ALARM_KINDS, namesOf } from "../names";
import { DEFAULTS } from "./defaults";
import { notAllowed, type Problem } from "./problems";
import { MAX_DEPLOYMENT_MINUTES, type Config } from "./schema";
import { shapeOf } from "./strategies";

/** A value that must be what `allowed` says, in dotted keys. */
type NotAllowed = readonly [path: string, allowed: string];

/** A rule about several values at once; looked at only when everything it `needs` is right in itself. */
interface Check {
  readonly needs: readonly string[];
  readonly problems: (config: Config) => readonly (NotAllowed | Problem)[];
}

/** Seconds from an alarm's data being there to the alarm having fired; reference: AWS's documentation and one observation. */
const ALARM_LAG = {
  /** A fault begins somewhere in a minute. */
  alignment: 60,
  /** A minute of an ALB's metrics is seen in CloudWatch so long after it ended. */
  metricDelay: 90,
  /** Alarms are evaluated once a minute. */
  evaluation: 60,
};

/** Fargate: memory in MiB by CPU units, first, last and step. */
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
/** Tags that the stacks set themselves. */
const OWN_TAGS = ["project", "environment", "stack"];
/** AWS's limit for one resource, less our own and the resource's Name. */
const MAX_TAGS = 50 - OWN_TAGS.length - 1;

const CHECKS: readonly Check[] = [
  {
    needs: ["project"],
    problems: ({ project, environment }) => {
      const { targetGroups } = namesOf({ ...DEFAULTS, project, environment });
      const room = 32 - (targetGroups["1"].length - project.length);
      return project.length > room
        ? [["project", `at most ${room} characters: ${targetGroups["1"]} would name a target group, which takes 32`]]
        : [];
    },
  },
  {
    needs: ["loadBalancer.productionPort", "loadBalancer.testPort"],
    problems: ({ loadBalancer: { productionPort, testPort } }) =>
      productionPort === testPort ? [["loadBalancer.testPort", "another port than loadBalancer.productionPort"]] : [],
  },
  {
    needs: ["healthCheck.intervalSeconds", "healthCheck.timeoutSeconds"],
    problems: ({ healthCheck: { intervalSeconds, timeoutSeconds } }) =>
      timeoutSeconds >= intervalSeconds
        ? [["healthCheck.timeoutSeconds", `less than healthCheck.intervalSeconds (${intervalSeconds})`]]
        : [],
  },
  {
    needs: ["service.cpu", "service.memory"],
    problems: ({ service: { cpu, memory } }) => {
      const allowed = FARGATE_MEMORY[cpu];
      if (!allowed) return [["service.cpu", `one of Fargate's: ${Object.keys(FARGATE_MEMORY).join(", ")}`]];
      return allowed.includes(memory)
        ? []
        : [["service.memory", `what Fargate has for ${cpu} CPU units: ${allowed.join(", ")}`]];
    },
  },
  { needs: ["service.environment"], problems: ({ service }) => Object.keys(service.environment).flatMap(variable) },
  { needs: ["tags"], problems: ({ tags }) => tagProblems(tags) },
  ...ALARM_KINDS.map((kind): Check => ({
    needs: [`alarms.${kind}.evaluationPeriods`, `alarms.${kind}.datapointsToAlarm`],
    problems: ({ alarms: { [kind]: alarm } }) =>
      alarm.datapointsToAlarm > alarm.evaluationPeriods
        ? [[`alarms.${kind}.datapointsToAlarm`, `at most evaluationPeriods (${alarm.evaluationPeriods})`]]
        : [],
  })),
  ...ALARM_KINDS.map((kind): Check => ({
    needs: [`alarms.${kind}.evaluationPeriods`, "alarms.periodSeconds"],
    problems: ({ alarms: { periodSeconds, [kind]: alarm } }) => {
      const most = Math.floor(86_400 / periodSeconds);
      return alarm.evaluationPeriods > most
        ? [
            [
              `alarms.${kind}.evaluationPeriods`,
              `at most ${most}: CloudWatch looks back one day, in periods of ${periodSeconds} s`,
            ],
          ]
        : [];
    },
  })),
  {
    needs: ["delivery.strategy"],
    problems: ({ delivery }) => {
      const shape = shapeOf(delivery.strategy);
      if (shape.type !== "linear") return [];
      const waits = Math.ceil(100 / shape.percentage) - 1;
      return waits * shape.intervalMinutes > MAX_DEPLOYMENT_MINUTES
        ? [
            [
              "delivery.strategy",
              `over within ${MAX_DEPLOYMENT_MINUTES} minutes: ${waits} waits of ${shape.intervalMinutes} are more`,
            ],
          ]
        : [];
    },
  },
  ...ALARM_KINDS.map((kind): Check => ({
    needs: [
      "delivery.strategy",
      "alarms.periodSeconds",
      `alarms.${kind}.evaluationPeriods`,
      `alarms.${kind}.datapointsToAlarm`,
    ],
    problems: ({ alarms: { periodSeconds, [kind]: alarm }, delivery }) => {
      const shape = shapeOf(delivery.strategy);
      if (shape.type !== "canary" || alarm.datapointsToAlarm > alarm.evaluationPeriods) return [];
      const needed = secondsToFire(periodSeconds, alarm.datapointsToAlarm);
      return needed > shape.intervalMinutes * 60
        ? [
            {
              path: ["delivery", "strategy"],
              text:
                `the canary waits ${shape.intervalMinutes * 60} s, but alarms.${kind} needs up to ${needed} s to fire ` +
                `(${alarm.datapointsToAlarm} × ${periodSeconds} s, and ${needed - alarm.datapointsToAlarm * periodSeconds} s until ` +
                `CloudWatch has seen them): everything would move before it could stop it; ` +
                `use a longer interval, fewer datapointsToAlarm or a shorter period`,
            },
          ]
        : [];
    },
  })),
];

/** Seconds from a fault's begin until an alarm of so many breaching periods has fired for certain. */
export function secondsToFire(periodSeconds: number, datapointsToAlarm: number): number {
  return ALARM_LAG.alignment + datapointsToAlarm * periodSeconds + ALARM_LAG.metricDelay + ALARM_LAG.evaluation;
}

/**
 * What is wrong between values that are right each in itself.
 * @param found problems found before; a check that needs one of their values is left out
 */
export function combinationProblems(config: Config, found: readonly Problem[]): Problem[] {
  const wrong = found.map(({ path }) => path.join("."));
  const touches = (need: string) =>
    wrong.some((path) => path === need || need.startsWith(`${path}.`) || path.startsWith(`${need}.`));
  return CHECKS.filter(({ needs }) => !needs.some(touches))
    .flatMap(({ problems }) => problems(config))
    .map((problem) => ("text" in problem ? problem : notAllowed(config, problem[0].split("."), problem[1])));
}

function variable(name: string): Problem[] {
  const problem = (text: string) => [{ path: ["service", "environment", name], text }];
  if (RESERVED_VARIABLES.includes(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)))
    return problem(
      `reserved: ${RESERVED_VARIABLES.join(", ")} and names that start with ${RESERVED_PREFIXES.join(" or ")} are set for the container; choose another name`,
    );
  if (!/^[A-Za-z_]\w*$/.test(name))
    return problem("not a variable's name; must be letters, digits and _, not starting with a digit");
  return [];
}

function tagProblems(tags: Readonly<Record<string, string>>): Problem[] {
  const names = Object.keys(tags);
  const problems = names.flatMap((name, index): Problem[] => {
    const problem = (text: string) => [{ path: ["tags", name], text }];
    const lower = name.toLowerCase();
    if (lower.startsWith("aws:"))
      return problem("reserved: only AWS sets tags that start with aws:; choose another name");
    if (OWN_TAGS.includes(lower))
      return problem(`reserved: ${OWN_TAGS.join(", ")} are set by the stacks; choose another name`);
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(name))
      return problem("not a tag's name; must be 1 to 128 letters, digits, spaces and _ . : / = + - @");
    // IAM tells tag names apart without their case.
    if (names.slice(0, index).some((other) => other.toLowerCase() === lower))
      return problem("there twice, but for its case; keep one");
    return [];
  });
  if (names.length > MAX_TAGS)
    problems.push({
      path: ["tags"],
      text: `${names.length} tags are too many; must be at most ${MAX_TAGS}, AWS takes 50 with ours`,
    });
  return problems;
}

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}
