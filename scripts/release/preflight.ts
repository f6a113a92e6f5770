import type { DeploymentGroupInfo, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import type { Config } from "../../stacks/config";
import { predefinedConfigName } from "../../stacks/config/strategies";
import { messageOf } from "../command/error-message";
import { watchedBy, type AlarmChoice } from "./alarm-selection";
import { describeAlarms } from "./alarms";
import { NO_HOOK, unsetByTemplate } from "./appspec";
import type { AppSpecTemplate } from "./appspec-template";
import type { AwsPort } from "./aws-port";
import {
  clusterProblem,
  groupProblems,
  missingAlarmProblems,
  runningProblems,
  serviceProblems,
  templateProblems,
  rollbackWarnings,
} from "./checks";
import { attachCommand, continueCommand } from "./next-commands";
import { runningDeployments } from "./deployment-list";
import { checkGate, type GateFacts, type GateInput } from "./gate-check";
import { checkImageOfService, checkImageOfStacks, platformOf } from "./image-check";
import { beyondAppSpec, liveService, type LiveService } from "./live-service";
import { liveTasks } from "./live-tasks";
import type { Revision } from "./family";
import { shortRevision, type RequestedChanges } from "./plan";
import { readProbePlan, type ProbePlan } from "./probe-plan";
import { Problems, type SomeProblems } from "./problem";
import { keepAliveWarnings, readyWaitWarnings } from "./ready-wait";
import type { EcrRepository } from "./repository";
import type { StartingPoint } from "./starting-point";
import { startingRevision } from "./starting-revision";
import type { ReleaseTarget } from "./target";
import { revisionRemarks, requestedChangeProblems } from "./requested-changes";

/** Input of the preflight. */
export interface PreflightInput extends RequestedChanges {
  readonly config: Config;
  readonly target: ReleaseTarget;
  /** Whether the configuration names the folder to build (deps.ts). */
  readonly isSourceGiven: boolean;
  /** `--image`; absent when the image will be built. */
  readonly image?: string | undefined;
  /** `--task-definition`: revision to start from, or `latest`; absent for the live one. */
  readonly taskDefinition?: string | undefined;
  readonly template: AppSpecTemplate;
  /** `--alarms`. */
  readonly alarms: AlarmChoice;
  /** `--accept-blind-gate`. */
  readonly acceptBlindGate: boolean;
  /** This command with other options. */
  readonly commands: GateInput["commands"];
}

/** Results of the checks, from which the release continues. */
export interface Facts extends StartingPoint, Pick<GateFacts, "gate" | "selection" | "canary"> {
  readonly account: string;
  readonly identity: string;
  readonly service: LiveService;
  /** Where the image is, or will be pushed; absent for an image that can't be checked. */
  readonly repository?: EcrRepository;
  /** The image of `--image`, as a full reference. */
  readonly image?: string;
  /** Docker's name of the platform the service runs on. */
  readonly platform: string;
  /** Notes about the gate for the final report. */
  readonly gateNotes: readonly string[];
  readonly group: DeploymentGroupInfo;
  readonly routing: TrafficRoutingConfig | undefined;
  /** The requests that the release sends by itself; absent when it sends none. */
  readonly probes?: ProbePlan;
}

/** The facts, or all problems. */
export type Preflight =
  { readonly ok: true; readonly facts: Facts } | { readonly ok: false; readonly problems: SomeProblems };

/** Checks everything that could make the release fail. It changes nothing and reports all problems at once. */
export async function preflight(aws: AwsPort, input: PreflightInput): Promise<Preflight> {
  const { target, config } = input;
  const problems = new Problems();
  const identity = await problems.ask("sts:GetCallerIdentity", aws.getCallerIdentity({}));
  // Without credentials every other call fails for the same reason.
  if (!identity) return { ok: false, problems: problems.some };
  if (config.account !== undefined && identity.Account !== config.account) {
    problems.add({
      what: `these credentials are for account ${identity.Account ?? "?"}, environment ${config.environment} is in ${config.account}`,
      where: `account in cdktf.json; identity ${identity.Arn ?? "?"}`,
      next: "choose another AWS_PROFILE or --environment",
    });
    // Results of further checks in the wrong account would mislead.
    return { ok: false, problems: problems.some };
  }

  const elsewhere = clusterProblem(target, identity, aws.region);
  if (elsewhere) {
    problems.add(elsewhere);
    return { ok: false, problems: problems.some };
  }

  const { image: asked, isSourceGiven } = input;
  const imageInput = { image: asked, isSourceGiven, owner: target.owner, account: identity.Account };
  const checkingService = checkService(aws, input, problems);
  const [live, delivery, image] = await Promise.all([
    checkingService,
    checkDelivery(aws, input, problems),
    target.stacks
      ? checkImageOfStacks(aws, target.stacks, imageInput, problems)
      : checkingService.then((found) => found && checkImageOfService(aws, liveImage(found), imageInput, problems)),
  ]);
  const { alarms: choice, acceptBlindGate: accept, commands } = input;
  const gate = live && delivery && (await checkGate(aws, { ...live, ...delivery, target, choice, accept, commands }));
  gate?.problems.forEach((problem) => problems.add(problem));
  if (problems.all.length > 0 || !live || !delivery || !image || !gate) return { ok: false, problems: problems.some };

  const { platform, isCertain } = platformOf(live.base, target, config);
  const isOther = image.platforms !== undefined && !image.platforms.includes(platform);
  const platforms = (image.platforms ?? []).join(", ");
  if (isOther && isCertain) {
    problems.add({
      what: `the image was built for ${platforms}, the service runs on ${platform}`,
      where: `image ${input.image ?? "?"}, task definition ${live.base.definition.taskDefinitionArn ?? live.service.taskDefinition}`,
      next: `build it with docker build --platform=${platform}`,
    });
    return { ok: false, problems: problems.some };
  }
  const warnings = [...live.warnings, ...delivery.warnings, ...image.warnings, ...gate.warnings];
  if (isOther) {
    warnings.push(
      `the image was built for ${platforms}; not checked that the service's instances can run it, ` +
        "because its task definition names no platform",
    );
  }
  if (image.image !== undefined && image.repository && !image.platforms) {
    warnings.push(
      `not checked that the image is for ${platform}, which the service runs on: neither its manifest nor its configuration names a platform`,
    );
  }
  const probes = config.gate.lowTraffic === "probe" ? await readProbePlan(aws, config, delivery.group) : undefined;
  warnings.push(...(probes?.warnings ?? []));
  if (aws.region !== config.region) {
    warnings.push(`using region ${aws.region}, while cdktf.json has ${config.region}`);
  }
  return {
    ok: true,
    facts: {
      account: identity.Account ?? "?",
      identity: identity.Arn ?? "?",
      ...live,
      ...delivery,
      gate: gate.gate,
      selection: gate.selection,
      canary: gate.canary,
      gateNotes: gate.notes,
      notes: [...live.notes, ...(probes?.notes ?? [])],
      ...(probes?.plan && { probes: probes.plan }),
      ...(image.repository && { repository: image.repository }),
      ...(image.image !== undefined && { image: image.image }),
      platform,
      warnings,
    },
  };
}

async function checkService(aws: AwsPort, input: PreflightInput, problems: Problems) {
  const { target } = input;
  const answer = await problems.ask(
    "ecs:DescribeServices",
    aws.describeServices({ cluster: target.cluster, services: [target.service] }),
    {
      ClusterNotFoundException: {
        what: `there is no cluster ${target.cluster}`,
        where: `ECS, region ${aws.region}`,
        next: target.owner.create("service"),
      },
    },
  );
  if (!answer) return undefined;
  const service: Service | undefined = answer.services?.[0];
  const found = serviceProblems(service, target, aws.region);
  found.forEach((problem) => problems.add(problem));
  if (!service || found.length > 0) return undefined;

  let live: LiveService;
  try {
    live = liveService(service, target.stacks?.container);
  } catch (error) {
    problems.add({
      what: messageOf(error),
      where: `service ${target.service}`,
      next: target.owner.correct("service"),
    });
    return undefined;
  }
  const { problems: inTemplate, hook } = templateProblems(input.template, live, target);
  inTemplate.forEach((problem) => problems.add(problem));

  const start = await startingRevision(
    aws,
    {
      family: target.stacks?.family ?? familyIn(live.taskDefinition),
      group: { application: target.application, group: target.deploymentGroup },
      liveArn: live.taskDefinition,
      owner: target.owner,
      container: live.container,
      environment: input.variables,
      taskDefinition: input.taskDefinition,
    },
    problems,
  );
  if (!start) return undefined;
  const unfit = requestedChangeProblems(start.base, live.container, input);
  unfit.forEach((problem) => problems.add(problem));
  if (unfit.length > 0) return undefined;
  const { notes, warnings } = revisionRemarks(start, live.container, input);
  return {
    service: live,
    tasks: liveTasks(service),
    hook,
    ...start,
    notes: [
      ...start.notes,
      ...notes,
      ...(target.stacks ? [] : otherContainers(start.base, live.container, input.containers)),
      ...(hook || target.stacks ? [] : [NO_HOOK]),
    ],
    warnings: [
      ...start.warnings,
      ...warnings,
      ...unsetByTemplate(input.template.text, live),
      ...beyondAppSpec(service),
    ],
  };
}

async function checkDelivery(aws: AwsPort, input: PreflightInput, problems: Problems) {
  const { target, config } = input;
  const missing = {
    next: target.owner.create("delivery"),
    where: `CodeDeploy, region ${aws.region}`,
  };
  const answer = await problems.ask(
    "codedeploy:GetDeploymentGroup",
    aws.getDeploymentGroup({ applicationName: target.application, deploymentGroupName: target.deploymentGroup }),
    {
      ApplicationDoesNotExistException: { what: `there is no application ${target.application}`, ...missing },
      DeploymentGroupDoesNotExistException: {
        what: `application ${target.application} has no deployment group ${target.deploymentGroup}`,
        ...missing,
      },
    },
  );
  if (!answer) return undefined;
  const group = answer.deploymentGroupInfo;
  if (!group) {
    problems.add({
      what: "CodeDeploy answered without the deployment group",
      where: `codedeploy:GetDeploymentGroup, group ${target.deploymentGroup}`,
      next: "check AWS_ENDPOINT_URL and any proxy, then try again",
    });
    return undefined;
  }
  groupProblems(group, target).forEach((problem) => problems.add(problem));

  const alarmNames = watchedBy(group.alarmConfiguration);
  const strategyName = group.deploymentConfigName ?? predefinedConfigName("ECSAllAtOnce");
  const [others, alarms, strategy] = await Promise.all([
    problems.ask(
      "codedeploy:ListDeployments, codedeploy:BatchGetDeployments",
      runningDeployments(aws, { application: target.application, group: target.deploymentGroup }),
    ),
    problems.ask("cloudwatch:DescribeAlarms", describeAlarms(aws, alarmNames)),
    problems.ask("codedeploy:GetDeploymentConfig", aws.getDeploymentConfig({ deploymentConfigName: strategyName }), {
      DeploymentConfigDoesNotExistException: { what: `there is no deployment config ${strategyName}`, ...missing },
    }),
  ]);
  if (others) runningProblems(others, attachCommand(config.environment)).forEach((problem) => problems.add(problem));
  if (alarms) {
    missingAlarmProblems(alarmNames, alarms, target.owner).forEach((problem) => problems.add(problem));
  }

  const warnings = [
    ...rollbackWarnings(group, target),
    ...readyWaitWarnings(group, continueCommand(config.environment)),
    ...keepAliveWarnings(group),
  ];
  if (target.stacks && strategyName !== target.stacks.deploymentConfig) {
    warnings.push(
      `the group releases with ${strategyName}, while cdktf.json has ${target.stacks.deploymentConfig}: deploy the stacks`,
    );
  }
  return {
    group,
    alarms: alarms ?? [],
    routing: strategy?.deploymentConfigInfo?.trafficRoutingConfig,
    warnings,
  };
}

/**
 * Says which container gets the new image when there are several: a load balancer may reach a proxy beside the program. Pure.
 */
function otherContainers({ definition }: Revision, released: string, also: readonly string[]): readonly string[] {
  const names = (definition.containerDefinitions ?? []).flatMap(({ name }) => name ?? []);
  const others = names.filter((name) => name !== released && !also.includes(name));
  if (others.length === 0) return [];
  return [
    `the load balancer reaches the container ${released}, so ${released} gets the new image; unchanged: ${others.join(", ")}`,
  ];
}

/** The image of the live container, which names the repository of a service that another tool made. */
function liveImage({ live, service }: { readonly live: Revision; readonly service: LiveService }) {
  const container = live.definition.containerDefinitions?.find(({ name }) => name === service.container);
  return {
    image: container?.image ?? "",
    where: `container ${service.container} of ${shortRevision(service.taskDefinition)}`,
  };
}

/** The family of a revision, from its ARN. */
function familyIn(taskDefinition: string): string {
  return shortRevision(taskDefinition).replace(/:\d+$/, "");
}
