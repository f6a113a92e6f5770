import type { LocalCloud } from "../cloud/cloud";
import type { IgnoredResources } from "../cloud/loader/ignored-resources";

/** Prints the events of the cloud, one line each: alarms, traffic weights, deployments. For `--verbose`. */
export function logCloudEvents(cloud: LocalCloud, print: (line: string) => void): void {
  const { clock, template } = cloud;
  const startedAt = clock.now();
  const log = (text: string) => print(`  [${((clock.now() - startedAt) / 1000).toFixed(0).padStart(4)} s] ${text}`);
  const nameOf = (arn: string) => template.targetGroups.find((group) => group.arn === arn)?.name ?? arn;
  const portOf = (arn: string) => template.listeners.find((listener) => listener.arn === arn)?.port ?? arn;
  cloud.alarmTransitions.subscribe(({ alarmName, from, to, reason }) =>
    log(`alarm ${alarmName}: ${from} → ${to}. ${reason}`),
  );
  cloud.forwardChanges.subscribe(({ listenerArn, forward }) =>
    log(
      `listener ${portOf(listenerArn)}: ${forward.map((one) => `${nameOf(one.targetGroupArn)} ${one.weight}`).join(", ")}`,
    ),
  );
  let previous = "";
  cloud.deploymentChanges.subscribe(({ id, status, target }) => {
    const events = target?.lifecycleEvents.map((event) => `${event.name} ${event.status}`).join(", ");
    const line = `deployment ${id}: ${status}${events === undefined ? "" : ` (${events})`}`;
    if (line !== previous) log(line);
    previous = line;
  });
}

/** Returns callbacks that print the output of the image's build, of what runs before the service, of tasks and of functions. */
export function processLoggers(print: (line: string) => void) {
  return {
    onBuildLine: (line: string) => print(`  build: ${line}`),
    onPrerequisiteLine: (line: string) => print(`  before: ${line}`),
    onTaskLine: (taskId: string, line: string) => print(`  task ${taskId.slice(0, 8)}: ${line}`),
    onFunctionLine: (functionName: string, line: string) => print(`  function ${functionName}: ${line}`),
  };
}

/** Lists the resources of the stacks that the local cloud ignores, one line per stack. */
export function ignoredLines(ignored: readonly IgnoredResources[]): string[] {
  if (ignored.length === 0) return [];
  return [
    "Resources that the local cloud ignores:",
    ...ignored.map(({ stack, resources }) => `  ${stack}: ${resources.join(", ")}`),
  ];
}
