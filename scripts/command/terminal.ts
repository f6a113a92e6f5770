/** Environment variables. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Whether standard output can be drawn over in place: a terminal with a person before it, so not in CI. Pure. */
export function isInteractive(isTerminal: boolean, environment: Environment): boolean {
  const isCi = isSet(environment["CI"]) && environment["CI"] !== "false";
  return isTerminal && !isCi && environment["TERM"] !== "dumb";
}

/** Whether to use colours: in a terminal, unless NO_COLOR is set, present and not empty (https://no-color.org). Pure. */
export function wantsColor(isTerminal: boolean, environment: Environment): boolean {
  const isForced = isSet(environment["FORCE_COLOR"]) && environment["FORCE_COLOR"] !== "0";
  return !isSet(environment["NO_COLOR"]) && (isTerminal || isForced);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
