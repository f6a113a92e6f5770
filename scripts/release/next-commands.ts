import type { ReleaseArguments } from "./arguments";

/** The command that attaches to a deployment again. Pure. */
export function attachCommand(environment: string): (deploymentId: string) => string {
  return (deploymentId) => `npm run release -- --environment ${environment} --attach ${deploymentId}`;
}

/** The command that continues a deployment which waits for a person. Pure. */
export function continueCommand(environment: string): (deploymentId: string) => string {
  return (deploymentId) => `npm run release -- --environment ${environment} --continue ${deploymentId}`;
}

/**
 * The command for the same release with more options, quoted for a POSIX shell. Pure.
 *
 * @param environment the chosen one, by option or by default
 * @param more options to add
 */
export function releaseCommand(asked: ReleaseArguments, environment: string, more: readonly string[]): string {
  const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  const words = [
    ...["--environment", environment],
    ...option("--image", asked.image),
    ...asked.variables.flatMap(({ name, value }) => ["--env", `${name}=${value}`]),
    ...option("--task-definition", asked.taskDefinition),
    ...option("--description", asked.description),
    ...asked.containers.flatMap((name) => ["--container", name]),
    ...asked.leaveOut.flatMap((field) => ["--leave-out", field]),
    ...asked.withoutAlarms.flatMap((name) => ["--without-alarm", name]),
    ...(asked.acceptBlindGate ? ["--accept-blind-gate"] : []),
    ...(asked.force ? ["--force"] : []),
    ...more,
  ];
  return `npm run release -- ${words.map(quoted).join(" ")}`;
}

/** Quotes a word for a POSIX shell, when it needs quotes. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
