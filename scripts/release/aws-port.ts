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
} from "@aws-sdk/client-ecr";
import type {
  DeregisterTaskDefinitionCommandInput,
  DeregisterTaskDefinitionCommandOutput,
  DescribeServicesCommandInput,
  DescribeServicesCommandOutput,
  DescribeTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandOutput,
  DescribeTasksCommandInput,
  DescribeTasksCommandOutput,
  ListTasksCommandInput,
  ListTasksCommandOutput,
  RegisterTaskDefinitionCommandInput,
  RegisterTaskDefinitionCommandOutput,
} from "@aws-sdk/client-ecs";
import type { GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";

/** What AWS answers, without the SDK's own record of the call. */
type Answer<Output> = Promise<Omit<Output, "$metadata">>;

/**
 * The AWS operations a release needs, and no others: the only way this command reaches AWS. Inputs, outputs and errors
 * are AWS's own, so that a test scripts them as AWS would answer.
 */
export interface AwsPort {
  /** Region that is talked to. */
  readonly region: string;
  getCallerIdentity(): Answer<GetCallerIdentityCommandOutput>;

  describeServices(input: DescribeServicesCommandInput): Answer<DescribeServicesCommandOutput>;
  describeTaskDefinition(input: DescribeTaskDefinitionCommandInput): Answer<DescribeTaskDefinitionCommandOutput>;
  registerTaskDefinition(input: RegisterTaskDefinitionCommandInput): Answer<RegisterTaskDefinitionCommandOutput>;
  deregisterTaskDefinition(input: DeregisterTaskDefinitionCommandInput): Answer<DeregisterTaskDefinitionCommandOutput>;
  listTasks(input: ListTasksCommandInput): Answer<ListTasksCommandOutput>;
  describeTasks(input: DescribeTasksCommandInput): Answer<DescribeTasksCommandOutput>;

  describeRepositories(input: DescribeRepositoriesCommandInput): Answer<DescribeRepositoriesCommandOutput>;
  describeImages(input: DescribeImagesCommandInput): Answer<DescribeImagesCommandOutput>;
  batchGetImage(input: BatchGetImageCommandInput): Answer<BatchGetImageCommandOutput>;
  getAuthorizationToken(): Answer<GetAuthorizationTokenCommandOutput>;

  describeAlarms(input: DescribeAlarmsCommandInput): Answer<DescribeAlarmsCommandOutput>;

  getDeploymentGroup(input: GetDeploymentGroupCommandInput): Answer<GetDeploymentGroupCommandOutput>;
  getDeploymentConfig(input: GetDeploymentConfigCommandInput): Answer<GetDeploymentConfigCommandOutput>;
  listDeployments(input: ListDeploymentsCommandInput): Answer<ListDeploymentsCommandOutput>;
  batchGetDeployments(input: BatchGetDeploymentsCommandInput): Answer<BatchGetDeploymentsCommandOutput>;
  getDeployment(input: GetDeploymentCommandInput): Answer<GetDeploymentCommandOutput>;
  getDeploymentTarget(input: GetDeploymentTargetCommandInput): Answer<GetDeploymentTargetCommandOutput>;
  createDeployment(input: CreateDeploymentCommandInput): Answer<CreateDeploymentCommandOutput>;
  stopDeployment(input: StopDeploymentCommandInput): Answer<StopDeploymentCommandOutput>;
}
