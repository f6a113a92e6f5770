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
 * The command line that asks for the same release, and for more: to be pasted into a shell of the POSIX kind. Pure.
 *
 * @param environment the one that was chosen, however it was
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

/** A word as a POSIX shell takes it for one. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
