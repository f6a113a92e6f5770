import type * as cloudwatch from "@aws-sdk/client-cloudwatch";
import type * as codedeploy from "@aws-sdk/client-codedeploy";
import type * as ecs from "@aws-sdk/client-ecs";
import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { ANSWER_LIMITS, requestHandlerOf, withAnswerLimits } from "../../command/aws-answers";

/**
 * What is read of a live service: operations of AWS that only read, with AWS's inputs and outputs. The keys are the actions of
 * IAM that they need.
 */
export interface LiveAws {
  "ecs:DescribeServices"(input: ecs.DescribeServicesRequest): Promise<ecs.DescribeServicesResponse>;
  "ecs:DescribeTaskDefinition"(input: ecs.DescribeTaskDefinitionRequest): Promise<ecs.DescribeTaskDefinitionResponse>;
  "ecs:DescribeClusters"(input: ecs.DescribeClustersRequest): Promise<ecs.DescribeClustersResponse>;
  "codedeploy:GetDeploymentGroup"(
    input: codedeploy.GetDeploymentGroupInput,
  ): Promise<codedeploy.GetDeploymentGroupOutput>;
  "codedeploy:GetDeploymentConfig"(
    input: codedeploy.GetDeploymentConfigInput,
  ): Promise<codedeploy.GetDeploymentConfigOutput>;
  "elasticloadbalancing:DescribeTargetGroups"(
    input: elb.DescribeTargetGroupsInput,
  ): Promise<elb.DescribeTargetGroupsOutput>;
  "elasticloadbalancing:DescribeTargetGroupAttributes"(
    input: elb.DescribeTargetGroupAttributesInput,
  ): Promise<elb.DescribeTargetGroupAttributesOutput>;
  "elasticloadbalancing:DescribeListeners"(input: elb.DescribeListenersInput): Promise<elb.DescribeListenersOutput>;
  "elasticloadbalancing:DescribeRules"(input: elb.DescribeRulesInput): Promise<elb.DescribeRulesOutput>;
  "elasticloadbalancing:DescribeLoadBalancers"(
    input: elb.DescribeLoadBalancersInput,
  ): Promise<elb.DescribeLoadBalancersOutput>;
  "elasticloadbalancing:DescribeLoadBalancerAttributes"(
    input: elb.DescribeLoadBalancerAttributesInput,
  ): Promise<elb.DescribeLoadBalancerAttributesOutput>;
  "cloudwatch:DescribeAlarms"(input: cloudwatch.DescribeAlarmsInput): Promise<cloudwatch.DescribeAlarmsOutput>;
}

/** An action of IAM that reading a live service needs. */
export type LiveAction = keyof LiveAws;

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
  const [ecsSdk, codedeploySdk, elbSdk, cloudwatchSdk] = await Promise.all([
    import("@aws-sdk/client-ecs"),
    import("@aws-sdk/client-codedeploy"),
    import("@aws-sdk/client-elastic-load-balancing-v2"),
    import("@aws-sdk/client-cloudwatch"),
  ]);
  const settings = { region, requestHandler: requestHandlerOf(limits) };
  const containers = withAnswerLimits(new ecsSdk.ECSClient(settings), limits);
  const deploy = withAnswerLimits(new codedeploySdk.CodeDeployClient(settings), limits);
  const balancers = withAnswerLimits(new elbSdk.ElasticLoadBalancingV2Client(settings), limits);
  const alarms = withAnswerLimits(new cloudwatchSdk.CloudWatchClient(settings), limits);
  const abortSignal = signal;
  return {
    aws: {
      "ecs:DescribeServices": (input) => containers.send(new ecsSdk.DescribeServicesCommand(input), { abortSignal }),
      "ecs:DescribeTaskDefinition": (input) =>
        containers.send(new ecsSdk.DescribeTaskDefinitionCommand(input), { abortSignal }),
      "ecs:DescribeClusters": (input) => containers.send(new ecsSdk.DescribeClustersCommand(input), { abortSignal }),
      "codedeploy:GetDeploymentGroup": (input) =>
        deploy.send(new codedeploySdk.GetDeploymentGroupCommand(input), { abortSignal }),
      "codedeploy:GetDeploymentConfig": (input) =>
        deploy.send(new codedeploySdk.GetDeploymentConfigCommand(input), { abortSignal }),
      "elasticloadbalancing:DescribeTargetGroups": (input) =>
        balancers.send(new elbSdk.DescribeTargetGroupsCommand(input), { abortSignal }),
      "elasticloadbalancing:DescribeTargetGroupAttributes": (input) =>
        balancers.send(new elbSdk.DescribeTargetGroupAttributesCommand(input), { abortSignal }),
      "elasticloadbalancing:DescribeListeners": (input) =>
        balancers.send(new elbSdk.DescribeListenersCommand(input), { abortSignal }),
      "elasticloadbalancing:DescribeRules": (input) =>
        balancers.send(new elbSdk.DescribeRulesCommand(input), { abortSignal }),
      "elasticloadbalancing:DescribeLoadBalancers": (input) =>
        balancers.send(new elbSdk.DescribeLoadBalancersCommand(input), { abortSignal }),
      "elasticloadbalancing:DescribeLoadBalancerAttributes": (input) =>
        balancers.send(new elbSdk.DescribeLoadBalancerAttributesCommand(input), { abortSignal }),
      "cloudwatch:DescribeAlarms": (input) =>
        alarms.send(new cloudwatchSdk.DescribeAlarmsCommand(input), { abortSignal }),
    },
    close: () => {
      for (const client of [containers, deploy, balancers, alarms]) client.destroy();
    },
  };
}
