import type { Check } from "./check";
import { VARIABLE_NAME } from "./service-checks";
import { notAllowed, type ConfigProblem } from "./problems";

/** Checks what has to fit together in `rehearsal`. */
export const rehearsalChecks: readonly Check[] = [
  (config, isValid) => {
    if (!isValid("rehearsal.requests", "rehearsal.module")) return [];
    const { requests, module } = config.rehearsal;
    return requests === undefined || module === undefined
      ? []
      : [notAllowed(config, "rehearsal.module", "left out with rehearsal.requests: either plans the traffic")];
  },
  (config, isValid) =>
    isValid("rehearsal.environment")
      ? variableProblems(config.rehearsal.environment, ["rehearsal", "environment"])
      : [],
  (config, isValid) => {
    if (!isValid("rehearsal.before")) return [];
    return config.rehearsal.before.flatMap((step, index): ConfigProblem[] => {
      const path = ["rehearsal", "before", index];
      const without = (key: "environment" | "readyTimeoutSeconds", other: "command" | "ready") =>
        step[key] !== undefined && step[other] === undefined
          ? [notAllowed(config, [...path, key], `left out without ${other}`)]
          : [];
      if (step.command === undefined && step.ready === undefined) {
        return [{ path, text: "must have a command, an address that gets ready, or both" }];
      }
      return [
        ...without("environment", "command"),
        ...without("readyTimeoutSeconds", "ready"),
        ...variableNameProblems(step.environment ?? {}, [...path, "environment"]),
      ];
    });
  },
];

function variableProblems(variables: object, path: readonly PropertyKey[]): ConfigProblem[] {
  const port = Object.hasOwn(variables, "PORT")
    ? [{ path: [...path, "PORT"], text: "set by the rehearsal; leave it out" }]
    : [];
  return [...port, ...variableNameProblems(variables, path)];
}

function variableNameProblems(variables: object, path: readonly PropertyKey[]): ConfigProblem[] {
  return Object.keys(variables)
    .filter((name) => !VARIABLE_NAME.pattern.test(name))
    .map((name) => ({ path: [...path, name], text: VARIABLE_NAME.problem }));
}
