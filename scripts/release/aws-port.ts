import type { DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import type {
  BatchGetDeploymentsCommandInput,
  BatchGetDeploymentsCommandOutput,
  CreateDeploymentCommandInput,
  CreateDeploymentCommandOutput,
  GetDeploymentCommandInput,
  GetDeploymentCommandOutput,
  GetDeploymentConfigCommandInput,
  GetDeploymentConfigCommandOutput,
  GetDeploymentGroupCommandInput,
  GetDeploymentGroupCommandOutput,
  GetDeploymentTargetCommandInput,
  GetDeploymentTargetCommandOutput,
  ListDeploymentsCommandInput,
  ListDeploymentsCommandOutput,
  ContinueDeploymentCommandInput,
  ContinueDeploymentCommandOutput,
  StopDeploymentCommandInput,
  StopDeploymentCommandOutput,
} from "@aws-sdk/client-codedeploy";
import type {
  BatchGetImageCommandInput,
  BatchGetImageCommandOutput,
  DescribeImagesCommandInput,
  DescribeImagesCommandOutput,
  DescribeRepositoriesCommandInput,
  DescribeRepositoriesCommandOutput,
  GetAuthorizationTokenCommandOutput,
  GetDownloadUrlForLayerCommandInput,
  GetDownloadUrlForLayerCommandOutput,
} from "@aws-sdk/client-ecr";
import type {
  DeregisterTaskDefinitionCommandInput,
  DeregisterTaskDefinitionCommandOutput,
  DescribeServicesCommandInput,
  DescribeServicesCommandOutput,
  DescribeTaskDefinitionCommandInput,
  DescribeTasksCommandInput,
  DescribeTasksCommandOutput,
  ListTaskDefinitionsCommandInput,
  ListTaskDefinitionsCommandOutput,
  ListTasksCommandInput,
  ListTasksCommandOutput,
  RegisterTaskDefinitionRequest,
  Tag,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import type {
  DescribeRulesCommandInput,
  DescribeRulesCommandOutput,
  DescribeTargetGroupsCommandInput,
  DescribeTargetGroupsCommandOutput,
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthCommandOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";

/** Response of AWS, without the metadata of the SDK. */
type Answer<Output> = Promise<Omit<Output, "$metadata">>;

/** Members that the SDK doesn't know: AWS may add some that the pinned version of the SDK lacks. */
interface Unknown {
  readonly [member: string]: unknown;
}

/** A task definition with all the members that ECS sent. Its times, such as `registeredAt`, are numbers as in the JSON. */
export type RawTaskDefinition = Omit<TaskDefinition, "registeredAt" | "deregisteredAt" | "deleteRequestedAt"> & Unknown;

/** Input of RegisterTaskDefinition, including members that the SDK would leave out. */
export type RawRegistration = RegisterTaskDefinitionRequest & Unknown;

/** Response of ECS about a revision. */
export interface TaskDefinitionAnswer {
  readonly taskDefinition?: RawTaskDefinition;
  readonly tags?: readonly Tag[];
  /** Paths of the fields that the SDK doesn't know, e.g. `containerDefinitions[api].newField`. */
  readonly unknown?: readonly string[];
}

/**
 * The AWS operations that a release needs. The command reaches AWS only through this port. Inputs, outputs and errors are
 * those of AWS, so a test can script them as AWS would respond.
 */
export interface AwsPort {
  /** Region of all calls. */
  readonly region: string;
  readonly getCallerIdentity: () => Answer<GetCallerIdentityCommandOutput>;

  readonly describeServices: (input: DescribeServicesCommandInput) => Answer<DescribeServicesCommandOutput>;
  readonly describeTaskDefinition: (input: DescribeTaskDefinitionCommandInput) => Promise<TaskDefinitionAnswer>;
  readonly listTaskDefinitions: (input: ListTaskDefinitionsCommandInput) => Answer<ListTaskDefinitionsCommandOutput>;
  readonly registerTaskDefinition: (input: RawRegistration) => Promise<TaskDefinitionAnswer>;
  readonly deregisterTaskDefinition: (
    input: DeregisterTaskDefinitionCommandInput,
  ) => Answer<DeregisterTaskDefinitionCommandOutput>;
  readonly listTasks: (input: ListTasksCommandInput) => Answer<ListTasksCommandOutput>;
  readonly describeTasks: (input: DescribeTasksCommandInput) => Answer<DescribeTasksCommandOutput>;

  readonly describeRepositories: (input: DescribeRepositoriesCommandInput) => Answer<DescribeRepositoriesCommandOutput>;
  readonly describeImages: (input: DescribeImagesCommandInput) => Answer<DescribeImagesCommandOutput>;
  readonly batchGetImage: (input: BatchGetImageCommandInput) => Answer<BatchGetImageCommandOutput>;
  readonly getDownloadUrlForLayer: (
    input: GetDownloadUrlForLayerCommandInput,
  ) => Answer<GetDownloadUrlForLayerCommandOutput>;
  readonly getAuthorizationToken: () => Answer<GetAuthorizationTokenCommandOutput>;

  readonly describeAlarms: (input: DescribeAlarmsCommandInput) => Answer<DescribeAlarmsCommandOutput>;

  readonly describeTargetGroups: (input: DescribeTargetGroupsCommandInput) => Answer<DescribeTargetGroupsCommandOutput>;
  readonly describeTargetHealth: (input: DescribeTargetHealthCommandInput) => Answer<DescribeTargetHealthCommandOutput>;
  readonly describeRules: (input: DescribeRulesCommandInput) => Answer<DescribeRulesCommandOutput>;

  readonly getDeploymentGroup: (input: GetDeploymentGroupCommandInput) => Answer<GetDeploymentGroupCommandOutput>;
  readonly getDeploymentConfig: (input: GetDeploymentConfigCommandInput) => Answer<GetDeploymentConfigCommandOutput>;
  readonly listDeployments: (input: ListDeploymentsCommandInput) => Answer<ListDeploymentsCommandOutput>;
  readonly batchGetDeployments: (input: BatchGetDeploymentsCommandInput) => Answer<BatchGetDeploymentsCommandOutput>;
  readonly getDeployment: (input: GetDeploymentCommandInput) => Answer<GetDeploymentCommandOutput>;
  readonly getDeploymentTarget: (input: GetDeploymentTargetCommandInput) => Answer<GetDeploymentTargetCommandOutput>;
  readonly createDeployment: (input: CreateDeploymentCommandInput) => Answer<CreateDeploymentCommandOutput>;
  readonly continueDeployment: (input: ContinueDeploymentCommandInput) => Answer<ContinueDeploymentCommandOutput>;
  readonly stopDeployment: (input: StopDeploymentCommandInput) => Answer<StopDeploymentCommandOutput>;
}
