import { ARGUMENT_OPTIONS, isGiven, type ReleaseArguments } from "./arguments";

/** The command that attaches to a deployment again. Pure. */
export function attachCommand(environment: string): (deploymentId: string) => string {
  return (deploymentId) => `npm run release -- --environment ${environment} --attach ${deploymentId}`;
}

/** The command that continues a deployment which waits for a person. Pure. */
export function continueCommand(environment: string): (deploymentId: string) => string {
  return (deploymentId) => `npm run release -- --environment ${environment} --continue ${deploymentId}`;
}

/**
 * The command for the same release, quoted for a POSIX shell. Pure.
 *
 * @param environment the chosen one, by option or by default
 */
export function releaseCommand(asked: ReleaseArguments, environment: string): string {
  const names = Object.keys(ARGUMENT_OPTIONS) as (keyof ReleaseArguments)[];
  const repeated = names.flatMap((name) => {
    const { option, decides } = ARGUMENT_OPTIONS[name];
    return decides === "release" && isGiven(asked[name]) ? optionWords(option, asked[name]) : [];
  });
  const words = ["--environment", environment, ...repeated];
  return `npm run release -- ${words.map(quoted).join(" ")}`;
}

/** An option with its value, as words of a command line. */
function optionWords(option: string, value: ReleaseArguments[keyof ReleaseArguments]): readonly string[] {
  if (value === true) return [option];
  if (typeof value !== "object") return [option, String(value)];
  return value.flatMap((one) => [option, typeof one === "string" ? one : `${one.name}=${one.value}`]);
}

/** The word, in quotes where a POSIX shell needs them. Pure. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
