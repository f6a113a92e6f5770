import type { DeploymentGroupInfo, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import type { Config } from "../../stacks/config";
import { predefinedConfigName } from "../../stacks/config/strategies";
import type { Names } from "../../stacks/names";
import { selectAlarms, selectionProblems, type AlarmSelection } from "./alarm-selection";
import { describeAlarms } from "./alarms";
import { unsetByTemplate } from "./appspec";
import type { AppSpecTemplate } from "./appspec-template";
import type { AwsPort } from "./aws-port";
import {
  alarmProblems,
  groupProblems,
  runningProblems,
  serviceProblems,
  templateProblems,
  rollbackWarnings,
} from "./checks";
import { attachCommand, continueCommand } from "./next-commands";
import { runningDeployments } from "./deployment-list";
import type { Gate } from "./gate";
import { checkGate } from "./gate-check";
import { digestOf, ImageError, parseImage, platformFor, platformsOf } from "./image";
import { beyondAppSpec, liveService, type LiveService } from "./live-service";
import { liveTasks } from "./live-tasks";
import type { RequestedChanges } from "./plan";
import { Problems, type SomeProblems } from "./problem";
import { readyWaitWarnings } from "./ready-wait";
import type { StartingPoint } from "./starting-point";
import { startingRevision } from "./starting-revision";
import { revisionRemarks, requestedChangeProblems } from "./requested-changes";

/** Input of the preflight. */
export interface PreflightInput extends RequestedChanges {
  readonly config: Config;
  readonly names: Names;
  /** `--image`; absent when the image will be built. */
  readonly image?: string | undefined;
  /** `--task-definition`: revision to start from, or `latest`; absent for the live one. */
  readonly taskDefinition?: string | undefined;
  readonly template: AppSpecTemplate;
  /** `--without-alarm`, by name. */
  readonly withoutAlarms: readonly string[];
  /** `--accept-blind-gate`. */
  readonly acceptBlindGate: boolean;
  /** This command with more options. */
  readonly command: (more: readonly string[]) => string;
}

/** Results of the checks, from which the release continues. */
export interface Facts extends StartingPoint {
  readonly account: string;
  readonly identity: string;
  readonly service: LiveService;
  readonly repositoryUrl: string;
  /** Digest of `--image`. */
  readonly digest?: string;
  /** Docker's name of the platform the service runs on. */
  readonly platform: string;
  /** Alarms that the deployment will watch, and those that it will not. */
  readonly selection: AlarmSelection;
  /** What will test the new version. */
  readonly gate: Gate;
  /** Notes about the gate for the final report. */
  readonly gateNotes: readonly string[];
  readonly group: DeploymentGroupInfo;
  readonly routing: TrafficRoutingConfig | undefined;
}

/** The facts, or all problems. */
export type Preflight =
  { readonly ok: true; readonly facts: Facts } | { readonly ok: false; readonly problems: SomeProblems };

/** Checks everything that could make the release fail. It changes nothing and reports all problems at once. */
export async function preflight(aws: AwsPort, input: PreflightInput): Promise<Preflight> {
  const { names, config } = input;
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

  const [live, delivery, image] = await Promise.all([
    checkService(aws, input, problems),
    checkDelivery(aws, input, problems),
    checkImage(aws, input, problems),
  ]);
  const acceptCommand = input.command(["--accept-blind-gate"]);
  const gate =
    live &&
    delivery &&
    (await checkGate(aws, { ...live, ...delivery, names, accept: input.acceptBlindGate, acceptCommand }));
  gate?.problems.forEach((problem) => problems.add(problem));
  if (problems.all.length > 0 || !live || !delivery || !image || !gate) return { ok: false, problems: problems.some };

  const architecture = live.base.definition.runtimePlatform?.cpuArchitecture ?? config.service.architecture;
  const platform = platformFor(architecture);
  if (image.platforms && !image.platforms.includes(platform)) {
    problems.add({
      what: `the image was built for ${image.platforms.join(", ")}, the service runs on ${platform}`,
      where: `image ${input.image ?? "?"}, task definition ${live.base.definition.taskDefinitionArn ?? live.service.taskDefinition}`,
      next: `build it with docker build --platform=${platform}`,
    });
    return { ok: false, problems: problems.some };
  }
  const warnings = [...live.warnings, ...delivery.warnings, ...gate.warnings];
  if (image.digest !== undefined && !image.platforms) {
    warnings.push(
      `not checked that the image is for ${platform}, which the service runs on: neither its manifest nor its configuration names a platform`,
    );
  }
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
      gateNotes: gate.notes,
      repositoryUrl: image.repositoryUrl,
      ...(image.digest !== undefined && { digest: image.digest }),
      platform,
      warnings,
    },
  };
}

async function checkService(aws: AwsPort, input: PreflightInput, problems: Problems) {
  const { names } = input;
  const answer = await problems.ask(
    "ecs:DescribeServices",
    aws.describeServices({ cluster: names.cluster, services: [names.service] }),
    {
      ClusterNotFoundException: {
        what: `there is no cluster ${names.cluster}`,
        where: `ECS, region ${aws.region}`,
        next: "deploy the stacks first (npm run deploy), or check the region and --environment",
      },
    },
  );
  if (!answer) return undefined;
  const service: Service | undefined = answer.services?.[0];
  const found = serviceProblems(service, names, aws.region);
  found.forEach((problem) => problems.add(problem));
  if (!service || found.length > 0) return undefined;

  let live: LiveService;
  try {
    live = liveService(service, names.container);
  } catch (error) {
    problems.add({
      what: messageOf(error),
      where: `service ${names.service}`,
      next: "deploy the service stack again (npm run deploy)",
    });
    return undefined;
  }
  const { problems: inTemplate, hook } = templateProblems(input.template, live, names);
  inTemplate.forEach((problem) => problems.add(problem));

  const start = await startingRevision(
    aws,
    {
      family: names.family,
      group: { application: names.application, group: names.deploymentGroup },
      liveArn: live.taskDefinition,
      container: names.container,
      environment: input.variables,
      taskDefinition: input.taskDefinition,
    },
    problems,
  );
  if (!start) return undefined;
  const unfit = requestedChangeProblems(start.base, names.container, input);
  unfit.forEach((problem) => problems.add(problem));
  if (unfit.length > 0) return undefined;
  const { notes, warnings } = revisionRemarks(start, names.container, input);
  return {
    service: live,
    tasks: liveTasks(service),
    hook,
    ...start,
    notes: [...start.notes, ...notes],
    warnings: [
      ...start.warnings,
      ...warnings,
      ...unsetByTemplate(input.template.text, live),
      ...beyondAppSpec(service),
    ],
  };
}

async function checkDelivery(aws: AwsPort, input: PreflightInput, problems: Problems) {
  const { names, config, withoutAlarms } = input;
  const missing = {
    next: "deploy the delivery stack first (npm run deploy), or check the region and --environment",
    where: `CodeDeploy, region ${aws.region}`,
  };
  const answer = await problems.ask(
    "codedeploy:GetDeploymentGroup",
    aws.getDeploymentGroup({ applicationName: names.application, deploymentGroupName: names.deploymentGroup }),
    {
      ApplicationDoesNotExistException: { what: `there is no application ${names.application}`, ...missing },
      DeploymentGroupDoesNotExistException: {
        what: `application ${names.application} has no deployment group ${names.deploymentGroup}`,
        ...missing,
      },
    },
  );
  if (!answer) return undefined;
  const group = answer.deploymentGroupInfo;
  if (!group) {
    problems.add({
      what: "CodeDeploy answered without the deployment group",
      where: `codedeploy:GetDeploymentGroup, group ${names.deploymentGroup}`,
      next: "check AWS_ENDPOINT_URL and any proxy, then try again",
    });
    return undefined;
  }
  groupProblems(group, names).forEach((problem) => problems.add(problem));

  selectionProblems(group, withoutAlarms, names.deploymentGroup).forEach((problem) => problems.add(problem));
  const selection = selectAlarms(group, withoutAlarms);
  const strategyName = group.deploymentConfigName ?? predefinedConfigName("ECSAllAtOnce");
  const [others, alarms, strategy] = await Promise.all([
    problems.ask(
      "codedeploy:ListDeployments, codedeploy:BatchGetDeployments",
      runningDeployments(aws, { application: names.application, group: names.deploymentGroup }),
    ),
    problems.ask("cloudwatch:DescribeAlarms", describeAlarms(aws, selection.watched)),
    problems.ask("codedeploy:GetDeploymentConfig", aws.getDeploymentConfig({ deploymentConfigName: strategyName }), {
      DeploymentConfigDoesNotExistException: { what: `there is no deployment config ${strategyName}`, ...missing },
    }),
  ]);
  if (others) runningProblems(others, attachCommand(config.environment)).forEach((problem) => problems.add(problem));
  if (alarms) {
    const views = alarms.map(({ view }) => view);
    const without = (firing: readonly string[]) => input.command(firing.flatMap((name) => ["--without-alarm", name]));
    alarmProblems(selection.watched, views, without).forEach((problem) => problems.add(problem));
  }

  const warnings = [
    ...rollbackWarnings(group, names),
    ...readyWaitWarnings(group, continueCommand(config.environment)),
  ];
  if (strategyName !== names.deploymentConfig) {
    warnings.push(
      `the group releases with ${strategyName}, while cdktf.json has ${names.deploymentConfig}: deploy the stacks`,
    );
  }
  return {
    group,
    selection,
    alarms: alarms ?? [],
    routing: strategy?.deploymentConfigInfo?.trafficRoutingConfig,
    warnings,
  };
}

/** Facts about the image and its repository. */
interface ImageFacts {
  readonly repositoryUrl: string;
  readonly digest?: string;
  readonly platforms?: readonly string[];
}

async function checkImage(aws: AwsPort, input: PreflightInput, problems: Problems): Promise<ImageFacts | undefined> {
  const repository = input.names.repository;
  const answer = await problems.ask(
    "ecr:DescribeRepositories",
    aws.describeRepositories({ repositoryNames: [repository] }),
    {
      RepositoryNotFoundException: {
        what: `there is no repository ${repository}`,
        where: `ECR, region ${aws.region}`,
        next: "deploy the registry stack first (npm run deploy), or check the region and --environment",
      },
    },
  );
  if (!answer) return undefined;
  const repositoryUrl = answer.repositories?.[0]?.repositoryUri;
  if (repositoryUrl === undefined) {
    problems.add({
      what: `ECR answered without the repository ${repository}`,
      where: "ecr:DescribeRepositories",
      next: "check AWS_ENDPOINT_URL and any proxy, then try again",
    });
    return undefined;
  }
  if (input.image === undefined) return { repositoryUrl };

  try {
    const id = parseImage(input.image, repositoryUrl);
    const digest = await problems.ask(
      "ecr:DescribeImages",
      digestOf(aws, repository, id).then((it) => it ?? null),
    );
    if (digest === undefined) return undefined;
    if (digest === null) {
      throw new ImageError(`there is no image ${input.image}`, "push it first, or leave --image out to build it");
    }
    const platforms = await problems.ask(
      "ecr:BatchGetImage",
      platformsOf(aws, repository, digest).then((it) => it ?? null),
    );
    return platforms === undefined ? undefined : { repositoryUrl, digest, ...(platforms && { platforms }) };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    problems.add({ what: error.message, where: `--image; repository ${repositoryUrl}`, next: error.next });
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
