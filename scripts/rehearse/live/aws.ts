import type * as cloudwatch from "@aws-sdk/client-cloudwatch";
import type * as codedeploy from "@aws-sdk/client-codedeploy";
import type * as ecs from "@aws-sdk/client-ecs";
import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { ANSWER_LIMITS, requestHandlerOf, withAnswerLimits } from "../../command/aws-answers";
import { callOf, type CallOf } from "../../command/aws-calls";

/**
 * What is read of a live service: operations of AWS that only read. Each is named as the action of IAM that it needs, which is
 * the service and the operation.
 */
const LIVE_ACTIONS = [
  "ecs:DescribeServices",
  "ecs:DescribeTaskDefinition",
  "ecs:DescribeClusters",
  "codedeploy:GetDeploymentGroup",
  "codedeploy:GetDeploymentConfig",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetGroupAttributes",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "cloudwatch:DescribeAlarms",
] as const;

/** The SDK's package of each service. */
interface Sdk {
  readonly ecs: typeof ecs;
  readonly codedeploy: typeof codedeploy;
  readonly elasticloadbalancing: typeof elb;
  readonly cloudwatch: typeof cloudwatch;
}

/** An action of IAM that reading a live service needs. */
export type LiveAction = (typeof LIVE_ACTIONS)[number];

/** One function for each action, with AWS's inputs and outputs. */
export type LiveAws = {
  readonly [Action in LiveAction]: Action extends `${infer Service extends keyof Sdk}:${infer Operation}`
    ? CallOf<Sdk[Service][`${Operation}Command` & keyof Sdk[Service]]>
    : never;
};

/** Input of an action. */
export type LiveInput<Action extends LiveAction> = Parameters<LiveAws[Action]>[0];
/** Output of an action. */
export type LiveOutput<Action extends LiveAction> = Awaited<ReturnType<LiveAws[Action]>>;

/** A connection to AWS that only reads. */
export interface LiveConnection {
  readonly aws: LiveAws;
  readonly close: () => void;
}

/**
 * Connects to AWS with the SDK, which reads the same settings as AWS's own tools (AWS_PROFILE, AWS_ENDPOINT_URL) and tries each
 * call up to three times. The SDK is loaded here, so that a usage error is reported without loading it.
 * @param region of the service
 * @param signal ends every call
 * @param limits how long an answer may take
 */
export async function connectToLiveAws(
  region: string,
  signal: AbortSignal,
  limits = ANSWER_LIMITS,
): Promise<LiveConnection> {
  // The SDK would print a deprecation warning for a Node version that this project supports.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [ecs, codedeploy, elasticloadbalancing, cloudwatch] = await Promise.all([
    import("@aws-sdk/client-ecs"),
    import("@aws-sdk/client-codedeploy"),
    import("@aws-sdk/client-elastic-load-balancing-v2"),
    import("@aws-sdk/client-cloudwatch"),
  ]);
  const sdk: Sdk = { ecs, codedeploy, elasticloadbalancing, cloudwatch };
  const settings = { region, requestHandler: requestHandlerOf(limits) };
  const clients = {
    ecs: withAnswerLimits(new ecs.ECSClient(settings), limits),
    codedeploy: withAnswerLimits(new codedeploy.CodeDeployClient(settings), limits),
    elasticloadbalancing: withAnswerLimits(new elasticloadbalancing.ElasticLoadBalancingV2Client(settings), limits),
    cloudwatch: withAnswerLimits(new cloudwatch.CloudWatchClient(settings), limits),
  };
  const calls = LIVE_ACTIONS.map((action) => {
    const [service, operation] = action.split(":") as [keyof Sdk, string];
    return [action, callOf(sdk[service], clients[service], operation, signal)];
  });
  return {
    aws: Object.fromEntries(calls) as LiveAws,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
