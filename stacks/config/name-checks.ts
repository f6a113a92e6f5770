import { namesOf } from "../names";
import type { Check } from "./check";
import { DEFAULTS } from "./defaults";
import { notAllowed } from "./problems";

/**
 * The longest name of a target group (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html).
 * All names of an environment have one prefix, and of all of them, those of the target groups reach their limit first.
 */
const MAX_TARGET_GROUP_NAME = 32;

/** Checks the length of the derived names. */
export const nameChecks: readonly Check[] = [
  (config, isValid) => {
    if (!isValid("project")) return [];
    const { project, environment } = config;
    const name = namesOf({ ...DEFAULTS, project, environment }).targetGroups["1"];
    const excess = name.length - MAX_TARGET_GROUP_NAME;
    if (excess <= 0) return [];
    const why = `${name} would be the name of a target group, and AWS allows ${MAX_TARGET_GROUP_NAME}`;
    return environment.startsWith(`${project}-`)
      ? [{ path: ["project"], text: `${why}; shorten the environment's name` }]
      : [notAllowed(config, "project", `at most ${project.length - excess} characters: ${why}`)];
  },
];
