import type { Tag, TaskDefinition } from "@aws-sdk/client-ecs";
import { ANSWER_LIMITS, requestHandlerOf, withAnswerLimits } from "../command/aws-answers";
import type { AwsPort, RawTaskDefinition, TaskDefinitionAnswer } from "./aws-port";
import { keepAnswer, sendBody } from "./aws-raw";
import { differences } from "./differences";
import { stringifyExact } from "./exact-json";

/**
 * Reaches AWS through its SDK, set up by what AWS's own tools read: AWS_ENDPOINT_URL, credentials, profiles. The SDK is
 * loaded here and not before, so that a wrong option is told without it.
 *
 * Each call is sent once. Who asks decides whether to ask again (retrying-aws.ts, poller.ts, create-deployment.ts, stop.ts):
 * a no to a repetition that nobody knows of says nothing about the call before it.
 *
 * @param fallbackRegion used when neither AWS_REGION, AWS_DEFAULT_REGION nor the profile names one
 * @param limits how long an answer may take
 */
export async function connectToAws(fallbackRegion: string, limits = ANSWER_LIMITS): Promise<AwsPort> {
  // Its notice of a coming Node version would be printed into the middle of every release on a Node this project supports.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [sts, ecs, ecr, cloudwatch, elb, codedeploy] = await Promise.all([
    import("@aws-sdk/client-sts"),
    import("@aws-sdk/client-ecs"),
    import("@aws-sdk/client-ecr"),
    import("@aws-sdk/client-cloudwatch"),
    import("@aws-sdk/client-elastic-load-balancing-v2"),
    import("@aws-sdk/client-codedeploy"),
  ]);
  // Set and empty is not set, as AWS's other tools have it; the SDK itself would take it for a region.
  if (process.env.AWS_REGION === "") delete process.env.AWS_REGION;
  const named = process.env.AWS_REGION ?? (process.env.AWS_DEFAULT_REGION || undefined);
  const region = named ?? (await regionOfProfile(new sts.STSClient({}), fallbackRegion));
  const settings = { region, maxAttempts: 1, requestHandler: requestHandlerOf(limits) };

  const identity = withAnswerLimits(new sts.STSClient(settings), limits);
  const containers = withAnswerLimits(new ecs.ECSClient(settings), limits);
  const registry = withAnswerLimits(new ecr.ECRClient(settings), limits);
  const watch = withAnswerLimits(new cloudwatch.CloudWatchClient(settings), limits);
  const loadBalancing = withAnswerLimits(new elb.ElasticLoadBalancingV2Client(settings), limits);
  const deploy = withAnswerLimits(new codedeploy.CodeDeployClient(settings), limits);
  // On a connection of its own, for one that was left open through a long build may be dead.
  const create = withAnswerLimits(new codedeploy.CodeDeployClient(settings), limits);
  return {
    region,
    getCallerIdentity: () => identity.send(new sts.GetCallerIdentityCommand({})),

    describeServices: (input) => containers.send(new ecs.DescribeServicesCommand(input)),
    describeTaskDefinition: async (input) => {
      const command = new ecs.DescribeTaskDefinitionCommand(input);
      const raw = keepAnswer(command.middlewareStack, containers.config);
      return wholeAnswer(await containers.send(command), raw());
    },
    listTaskDefinitions: (input) => containers.send(new ecs.ListTaskDefinitionsCommand(input)),
    registerTaskDefinition: async (input) => {
      // The SDK would send what it knows. The whole of it is put in its place.
      const command = new ecs.RegisterTaskDefinitionCommand({ family: input.family, containerDefinitions: [] });
      sendBody(command.middlewareStack, stringifyExact(input));
      const raw = keepAnswer(command.middlewareStack, containers.config);
      return wholeAnswer(await containers.send(command), raw());
    },
    deregisterTaskDefinition: (input) => containers.send(new ecs.DeregisterTaskDefinitionCommand(input)),
    listTasks: (input) => containers.send(new ecs.ListTasksCommand(input)),
    describeTasks: (input) => containers.send(new ecs.DescribeTasksCommand(input)),

    describeRepositories: (input) => registry.send(new ecr.DescribeRepositoriesCommand(input)),
    describeImages: (input) => registry.send(new ecr.DescribeImagesCommand(input)),
    batchGetImage: (input) => registry.send(new ecr.BatchGetImageCommand(input)),
    getDownloadUrlForLayer: (input) => registry.send(new ecr.GetDownloadUrlForLayerCommand(input)),
    getAuthorizationToken: () => registry.send(new ecr.GetAuthorizationTokenCommand({})),

    describeAlarms: (input) => watch.send(new cloudwatch.DescribeAlarmsCommand(input)),

    describeTargetGroups: (input) => loadBalancing.send(new elb.DescribeTargetGroupsCommand(input)),
    describeTargetHealth: (input) => loadBalancing.send(new elb.DescribeTargetHealthCommand(input)),
    describeRules: (input) => loadBalancing.send(new elb.DescribeRulesCommand(input)),

    getDeploymentGroup: (input) => deploy.send(new codedeploy.GetDeploymentGroupCommand(input)),
    getDeploymentConfig: (input) => deploy.send(new codedeploy.GetDeploymentConfigCommand(input)),
    listDeployments: (input) => deploy.send(new codedeploy.ListDeploymentsCommand(input)),
    batchGetDeployments: (input) => deploy.send(new codedeploy.BatchGetDeploymentsCommand(input)),
    getDeployment: (input) => deploy.send(new codedeploy.GetDeploymentCommand(input)),
    getDeploymentTarget: (input) => deploy.send(new codedeploy.GetDeploymentTargetCommand(input)),
    createDeployment: (input) => create.send(new codedeploy.CreateDeploymentCommand(input)),
    continueDeployment: (input) => deploy.send(new codedeploy.ContinueDeploymentCommand(input)),
    stopDeployment: (input) => deploy.send(new codedeploy.StopDeploymentCommand(input)),
  };
}

/** The profile's region; asking the SDK for it throws when there is none. */
async function regionOfProfile(
  client: { readonly config: { region(): Promise<string> } },
  fallback: string,
): Promise<string> {
  try {
    return await client.config.region();
  } catch {
    return fallback;
  }
}

/** What ECS wrote, and what of it the SDK doesn't know. */
function wholeAnswer(
  read: { readonly taskDefinition?: TaskDefinition | undefined; readonly tags?: readonly Tag[] | undefined },
  raw: Readonly<Record<string, unknown>> = {},
): TaskDefinitionAnswer {
  // The SDK has read both, so they have the shape they should have.
  const { taskDefinition, tags } = raw as { taskDefinition?: RawTaskDefinition | null; tags?: readonly Tag[] | null };
  return {
    ...(taskDefinition && {
      taskDefinition,
      unknown: differences(plainJson(read.taskDefinition), taskDefinition).flatMap(({ path, from }) =>
        from === undefined ? [path] : [],
      ),
    }),
    ...(tags && { tags }),
  };
}

/** As JSON would have it: times as texts. */
function plainJson(value: object = {}): unknown {
  return JSON.parse(JSON.stringify(value));
}
