import type { Config } from "../../stacks/config";
import { readAlarms } from "../rehearse/live/alarms";
import { connectToLiveAws, type LiveAws, type LiveConnection } from "../rehearse/live/aws";
import { liveNames, readConfigs, readDelivery } from "../rehearse/live/delivery";
import { findTargetGroups } from "../rehearse/live/load-balancing";
import { LiveReads, NotPlayable, present } from "../rehearse/live/reads";
import { readTemplateFile } from "../rehearse/live/template-file";
import type { GateArguments } from "./arguments";
import type { Gate, GateTemplate, LeftOutAlarm } from "./gates";
import { simulatedPart } from "./subjects";

/** The name of the gate that a service has: no preset and no environment has a space in its name. */
const OWN_ALARMS = "own alarms";

/** The alarms that a service has, as a gate. */
export interface OwnGate {
  readonly gate: Gate;
  /** Where they come from, in words. */
  readonly source: string;
  /** What their figures don't show, one line for each. */
  readonly notices: readonly string[];
}

/** Reads the alarms that a service has. */
export interface OwnAlarms {
  /** @throws LiveReadError; NotPlayable */
  read(): Promise<OwnGate>;
}

/** What reading them needs. */
export interface OwnAlarmsInput {
  readonly config: Config;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
  readonly connect?: (region: string, signal: AbortSignal) => Promise<LiveConnection>;
}

/**
 * Finds out whose alarms the command line means: those of `--template`; with `--live`, those of the service in `existing`.
 * Reads a file, so that a wrong one is told before anything else is done.
 * @returns undefined: nobody's, only the gates of stacks are judged
 * @throws TemplateFileError
 */
export function openOwnAlarms(
  { template, history }: Pick<GateArguments, "template" | "history">,
  { config, onProgress, signal, connect = connectToLiveAws }: OwnAlarmsInput,
): OwnAlarms | undefined {
  if (template !== undefined) {
    const own = ownGateOfFile(template, config);
    return { read: () => Promise.resolve(own) };
  }
  if (history?.kind !== "live" || !config.existing) return undefined;
  return {
    async read() {
      onProgress("reading the alarms");
      const { aws, close } = await connect(config.region, signal);
      try {
        return await ownGateOfAws(aws, config);
      } finally {
        close();
      }
    },
  };
}

function ownGateOfFile(file: string, config: Config): OwnGate {
  const { template, notPlayed, leftOutAlarms, from, readAt } = readTemplateFile(file);
  const names = liveNames(config);
  const isOther = from.application !== names.application || from.deploymentGroup !== names.deploymentGroup;
  const isElsewhere = config.account !== undefined && from.account !== config.account;
  return ownGate(simulatedPart(template), leftOutOf(leftOutAlarms, notPlayed), {
    source: `${file}, read from AWS at ${readAt}`,
    notices: [
      ...(isOther
        ? [
            `${OWN_ALARMS}: ${file} is of the deployment group ${from.deploymentGroup} of ${from.application}, and the ` +
              `environment's is ${names.deploymentGroup} of ${names.application}`,
          ]
        : []),
      ...(isElsewhere
        ? [`${OWN_ALARMS}: ${file} is of the account ${from.account}, and the environment's is ${config.account}`]
        : []),
    ],
  });
}

/**
 * Reads the alarms of a live service, and what else its releases depend on. It changes nothing.
 * @throws LiveReadError when AWS can't be read; NotPlayable for what can't be a gate
 */
async function ownGateOfAws(aws: LiveAws, config: Config): Promise<OwnGate> {
  const reads = new LiveReads(aws);
  const { names, service, group } = await readDelivery(reads, config, config.region);
  const [deploymentConfigs, { loadBalancer, targetGroups }] = await Promise.all([
    readConfigs(reads, group.deploymentConfigName),
    readLoadBalancing(reads, group.targetGroupNames),
  ]);
  const { alarms, leftOut, notPlayed } = group.alarms.enabled
    ? await readAlarms(reads, group.alarms.names, { loadBalancer, targetGroups })
    : { alarms: [], leftOut: [], notPlayed: [] };
  const { desiredCount = 0, healthCheckGracePeriodSeconds } = service;
  const template: GateTemplate = {
    alarms,
    loadBalancer,
    targetGroups,
    deploymentGroup: { ...group, alarms: { ...group.alarms, names: alarms.map(({ name }) => name) } },
    deploymentConfigs,
    service: {
      desiredCount,
      ...(healthCheckGracePeriodSeconds !== undefined && { healthCheckGracePeriodSeconds }),
    },
  };
  const source = `the deployment group ${names.deploymentGroup} of ${names.application}, read from AWS`;
  return ownGate(template, leftOutOf(leftOut, notPlayed), { source, notices: [] });
}

/** Reads both target groups, which must belong to one load balancer. */
async function readLoadBalancing(
  reads: LiveReads,
  names: readonly [string, string],
): Promise<Pick<GateTemplate, "loadBalancer" | "targetGroups">> {
  const found = await findTargetGroups(reads, names);
  // A group that no listener names at the moment has no load balancer.
  const arns = [...new Set(found.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns))];
  const [arn] = arns;
  if (arn === undefined || arns.length > 1) {
    throw new NotPlayable(
      `the target groups ${names.join(" and ")} must belong to one load balancer, not ${arn === undefined ? "to none" : `to ${arns.join(" and ")}`}`,
    );
  }
  return { loadBalancer: { arnSuffix: arn.replace(/^.*:loadbalancer\//, "") }, targetGroups: found.map(targetGroupOf) };
}

type FoundGroup = Awaited<ReturnType<typeof findTargetGroups>>[number];

function targetGroupOf(group: FoundGroup): GateTemplate["targetGroups"][number] {
  const { name, arn } = group;
  const of = <Value>(value: Value | undefined, member: string) =>
    present(value, `${member} of the target group ${name}`);
  return {
    name,
    arnSuffix: arn.replace(/^.*:(?=targetgroup\/)/, ""),
    healthCheck: {
      path: group.HealthCheckPath ?? "/",
      interval: of(group.HealthCheckIntervalSeconds, "the interval of the health check"),
      timeout: of(group.HealthCheckTimeoutSeconds, "the timeout of the health check"),
      healthyThreshold: of(group.HealthyThresholdCount, "the healthy threshold"),
      unhealthyThreshold: of(group.UnhealthyThresholdCount, "the unhealthy threshold"),
      matcher: group.Matcher?.HttpCode ?? "200",
    },
  };
}

function ownGate(
  template: GateTemplate,
  leftOut: readonly LeftOutAlarm[],
  { source, notices }: Omit<OwnGate, "gate">,
): OwnGate {
  const whole = template.alarms.filter(({ metric, metrics = [] }) =>
    [metric, ...metrics.map((query) => query.metric)].some(
      (one) => one && one.dimensions["LoadBalancer"] !== undefined && one.dimensions["TargetGroup"] === undefined,
    ),
  );
  return {
    gate: { name: OWN_ALARMS, template, leftOut },
    source,
    notices: [
      ...notices,
      ...whole.map(
        ({ name }) =>
          `${OWN_ALARMS}: ${name} reads the whole load balancer; the figures are of one that serves this service only`,
      ),
    ],
  };
}

/** The alarms that were not read, with the sentence that says why. */
function leftOutOf(names: readonly string[], notPlayed: readonly string[]): readonly LeftOutAlarm[] {
  return names.map((alarm) => {
    const begin = `The alarm ${alarm} is not played: `;
    const sentence = notPlayed.find((one) => one.startsWith(begin));
    return { alarm, why: sentence?.slice(begin.length).replace(/\.$/, "") ?? "the file does not have it" };
  });
}
