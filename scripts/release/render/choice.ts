import type { OutputMode } from "../arguments";

/** The environment variables that say what a terminal can show. */
type Environment = Readonly<Record<string, string | undefined>>;

/** How a release is shown when nobody says how: live for a person at a terminal, plain lines for all others. Pure. */
export function chooseOutput(isTerminal: boolean, environment: Environment): OutputMode {
  const isCi = environment["CI"] !== undefined && environment["CI"] !== "" && environment["CI"] !== "false";
  return isTerminal && !isCi && environment["TERM"] !== "dumb" ? "live" : "plain";
}

/** Whether to use colours: in a terminal, unless NO_COLOR is set (no-color.org: present and not empty). Pure. */
export function wantsColor(isTerminal: boolean, environment: Environment): boolean {
  const forbidden = environment["NO_COLOR"] !== undefined && environment["NO_COLOR"] !== "";
  const forced = environment["FORCE_COLOR"] !== undefined && environment["FORCE_COLOR"] !== "0";
  return !forbidden && (isTerminal || forced);
}
