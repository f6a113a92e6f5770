import type { Tag, TaskDefinition } from "@aws-sdk/client-ecs";
import { callOf } from "../command/aws-calls";
import { ANSWER_LIMITS, requestHandlerOf, withAnswerLimits } from "../command/aws-answers";
import {
  AWS_OPERATIONS,
  awsName,
  type AwsPort,
  type Operation,
  type RawTaskDefinition,
  type Sdk,
  type TaskDefinitionAnswer,
} from "./aws-port";
import { keepAnswer, sendBody } from "./aws-raw";
import { differences } from "./differences";
import { stringifyExact } from "./exact-json";

/**
 * Connects to AWS with the SDK. Endpoint, credentials and profiles come from the same settings that AWS's tools read. The
 * SDK is loaded here, so that a wrong option is reported without loading it.
 *
 * The SDK sends each call once; the callers retry (retrying-aws.ts, poller.ts, create-deployment.ts, stop.ts). With hidden
 * retries, an error of the second attempt would tell nothing about the first, which may have succeeded.
 *
 * @param fallbackRegion used when neither AWS_REGION, AWS_DEFAULT_REGION nor the profile names one
 * @param limits how long an answer may take
 */
export async function connectToAws(fallbackRegion: string, limits = ANSWER_LIMITS): Promise<AwsPort> {
  // The SDK's notice about Node versions would appear in the middle of a release, on a version that this project supports.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [sts, ecs, ecr, cloudwatch, elb, codedeploy] = await Promise.all([
    import("@aws-sdk/client-sts"),
    import("@aws-sdk/client-ecs"),
    import("@aws-sdk/client-ecr"),
    import("@aws-sdk/client-cloudwatch"),
    import("@aws-sdk/client-elastic-load-balancing-v2"),
    import("@aws-sdk/client-codedeploy"),
  ]);
  // An empty AWS_REGION means none, as in AWS's other tools. The SDK would use it as a region.
  if (process.env.AWS_REGION === "") delete process.env.AWS_REGION;
  const named = process.env.AWS_REGION ?? (process.env.AWS_DEFAULT_REGION || undefined);
  const region = named ?? (await regionOfProfile(new sts.STSClient({}), fallbackRegion));
  const settings = { region, maxAttempts: 1, requestHandler: requestHandlerOf(limits) };

  const packages: Sdk = { sts, ecs, ecr, cloudwatch, elb, codedeploy };
  const containers = withAnswerLimits(new ecs.ECSClient(settings), limits);
  const clients = {
    sts: withAnswerLimits(new sts.STSClient(settings), limits),
    ecs: containers,
    ecr: withAnswerLimits(new ecr.ECRClient(settings), limits),
    cloudwatch: withAnswerLimits(new cloudwatch.CloudWatchClient(settings), limits),
    elb: withAnswerLimits(new elb.ElasticLoadBalancingV2Client(settings), limits),
    codedeploy: withAnswerLimits(new codedeploy.CodeDeployClient(settings), limits),
  };
  // A client with its own connection: one that stayed open during a long build may be dead.
  const create = withAnswerLimits(new codedeploy.CodeDeployClient(settings), limits);
  const calls = Object.entries(AWS_OPERATIONS).flatMap(([name, operations]) =>
    Object.keys(operations).map((operation) => {
      const service = name as keyof Sdk;
      return [operation, callOf(packages[service], clients[service], awsName(operation as Operation))];
    }),
  );
  return {
    ...(Object.fromEntries(calls) as AwsPort),
    region,
    describeTaskDefinition: async (input) => {
      const command = new ecs.DescribeTaskDefinitionCommand(input);
      const raw = keepAnswer(command.middlewareStack, containers.config);
      return wholeAnswer(await containers.send(command), raw());
    },
    registerTaskDefinition: async (input) => {
      // The SDK would send only the members that it knows, so the complete body replaces the SDK's.
      const command = new ecs.RegisterTaskDefinitionCommand({ family: input.family, containerDefinitions: [] });
      sendBody(command.middlewareStack, stringifyExact(input));
      const raw = keepAnswer(command.middlewareStack, containers.config);
      return wholeAnswer(await containers.send(command), raw());
    },
    createDeployment: (input) => create.send(new codedeploy.CreateDeploymentCommand(input)),
  };
}

/** The region of the profile, or `fallback`: the SDK throws when the profile has none. */
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

/** The complete response of ECS, with the paths of the fields that the SDK doesn't know. */
function wholeAnswer(
  read: { readonly taskDefinition?: TaskDefinition | undefined; readonly tags?: readonly Tag[] | undefined },
  raw: Readonly<Record<string, unknown>> = {},
): TaskDefinitionAnswer {
  // The SDK has parsed the same JSON without an error, so the shapes are right.
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

/** The value as its JSON would be parsed: times become texts. */
function plainJson(value: object = {}): unknown {
  return JSON.parse(JSON.stringify(value));
}
