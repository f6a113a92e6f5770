import { Alarms } from "../../cloud/alarms/alarms";
import { WallClock } from "../../cloud/clock";
import { routingOf } from "../../cloud/codedeploy/routing";
import { Metrics } from "../../cloud/metrics/metrics";
import { ABSENT } from "../../cloud/not-played";
import { DEFAULT_SETTINGS } from "../../cloud/settings";
import type { AlarmTemplate, Template } from "../../cloud/template";

/**
 * Why the local cloud can't evaluate an alarm, e.g. because of its statistic; undefined when it can.
 */
export function alarmProblem(alarm: AlarmTemplate): string | undefined {
  if ((alarm.metric === undefined) === (alarm.metrics === undefined)) return "needs either metric or metrics";
  if (alarm.datapointsToAlarm > alarm.evaluationPeriods) return "datapointsToAlarm is more than evaluationPeriods";
  const broken = alarm.metrics?.find(({ metric, expression }) => (metric === undefined) === (expression === undefined));
  if (broken) return `${broken.id} needs either a metric or an expression`;
  const clock = new WallClock(1);
  const settings = DEFAULT_SETTINGS;
  try {
    new Alarms({ clock, settings, metrics: new Metrics({ clock, settings }), templates: [alarm] });
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^alarm ".*?": /s, "");
  }
}

/**
 * What doesn't fit together in a template whose shape is right: names and ARNs that nothing has, alarms that can't be evaluated.
 * Pure.
 * @returns one line for each problem, beginning with its path
 */
export function templateProblems(template: Template): readonly string[] {
  const { service, deploymentGroup: group, taskDefinition, targetGroups, listeners, alarms, loadBalancer } = template;
  const groupArns = targetGroups.map(({ arn }) => arn);
  const pair = targetGroups.filter((one) => group.targetGroupNames.includes(one.name)).map(({ arn }) => arn);
  const containers = taskDefinition.containerDefinitions.map(({ name }) => name);
  const problems: string[] = [];
  const known = (path: string, value: string, among: readonly string[], list: string) => {
    if (!among.includes(value)) problems.push(`${path}: ${value} is not in ${list}`);
  };
  const different = (path: string, values: readonly string[]) => {
    const twice = values.find((value, at) => values.indexOf(value) !== at);
    if (twice !== undefined) problems.push(`${path}: ${twice} is there twice`);
  };

  different(
    "targetGroups",
    targetGroups.map(({ name }) => name),
  );
  different("targetGroups", groupArns);
  different(
    "listeners",
    listeners.map(({ arn }) => arn),
  );
  different(
    "alarms",
    alarms.map(({ name }) => name),
  );
  different("taskDefinition.containerDefinitions", containers);
  different("deploymentGroup.targetGroupNames", group.targetGroupNames);
  different("deploymentGroup.alarms.names", group.alarms.names);

  listeners.forEach(({ forward, rules = [] }, at) => {
    const path = `listeners.${at}`;
    forward.forEach(({ targetGroupArn }, index) =>
      known(`${path}.forward.${index}.targetGroupArn`, targetGroupArn, groupArns, "targetGroups"),
    );
    different(
      `${path}.rules`,
      rules.map(({ priority }) => `the priority ${priority}`),
    );
    rules.forEach((rule, number) =>
      rule.forward.forEach(({ targetGroupArn }, index) =>
        known(`${path}.rules.${number}.forward.${index}.targetGroupArn`, targetGroupArn, groupArns, "targetGroups"),
      ),
    );
    if (forward.length === 0 && rules.length === 0) problems.push(`${path}: forwards nowhere, and has no rules`);
  });
  service.loadBalancers.forEach(({ targetGroupArn, containerName, containerPort }, at) => {
    const path = `service.loadBalancers.${at}`;
    known(`${path}.targetGroupArn`, targetGroupArn, pair, "the target groups of deploymentGroup.targetGroupNames");
    known(`${path}.containerName`, containerName, containers, "taskDefinition.containerDefinitions");
    const container = taskDefinition.containerDefinitions.find(({ name }) => name === containerName);
    const ports = container?.portMappings?.map((mapping) => mapping.containerPort);
    if (container && !ports?.includes(containerPort))
      problems.push(`${path}.containerPort: ${containerPort} is no port of the container ${containerName}`);
  });
  group.targetGroupNames.forEach((name, at) =>
    known(
      `deploymentGroup.targetGroupNames.${at}`,
      name,
      targetGroups.map((one) => one.name),
      "targetGroups",
    ),
  );
  for (const route of ["productionListenerArns", "testListenerArns"] as const) {
    group[route].forEach((arn, at) =>
      known(
        `deploymentGroup.${route}.${at}`,
        arn,
        listeners.map((listener) => listener.arn),
        "listeners",
      ),
    );
  }
  if (group.productionListenerArns.some((arn) => group.testListenerArns.includes(arn)))
    problems.push("deploymentGroup.testListenerArns: is the production listener");
  group.alarms.names.forEach((name, at) =>
    known(
      `deploymentGroup.alarms.names.${at}`,
      name,
      alarms.map((alarm) => alarm.name),
      "alarms",
    ),
  );
  known("deploymentGroup.clusterName", group.clusterName, [template.cluster.name], "cluster.name");
  known("deploymentGroup.serviceName", group.serviceName, [service.name], "service.name");
  if (!routingOf(group.deploymentConfigName, template.deploymentConfigs))
    problems.push(
      `deploymentGroup.deploymentConfigName: ${group.deploymentConfigName} is neither predefined for ECS nor in deploymentConfigs`,
    );
  if (!loadBalancer.arn.endsWith(`:loadbalancer/${loadBalancer.arnSuffix}`))
    problems.push("loadBalancer.arnSuffix: is not the end of loadBalancer.arn, so no alarm would get data");
  targetGroups.forEach(({ arn, arnSuffix }, at) => {
    if (!arn.endsWith(`:${arnSuffix}`))
      problems.push(`targetGroups.${at}.arnSuffix: is not the end of its arn, so no alarm would get data`);
  });
  alarms.forEach((alarm, at) => {
    const problem = alarmProblem(alarm);
    if (problem !== undefined) problems.push(`alarms.${at}: ${problem}`);
  });
  if (taskDefinition["volumes"] !== undefined) problems.push(`taskDefinition.volumes: ${ABSENT.volumes}`);
  return problems;
}
