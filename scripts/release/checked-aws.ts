import { UnreadableAnswer } from "../command/aws-answers";
import { messageOf } from "../command/error-message";
import { awsName, type AwsPort, type Operation } from "./aws-port";
import { MismatchedAnswer } from "./failure";

type Input<K extends Operation> = Parameters<AwsPort[K]>[0];
type Output<K extends Operation> = Awaited<ReturnType<AwsPort[K]>>;

/** Throws unless the response belongs to the request. */
type Check<K extends Operation> = (answer: Output<K>, asked: Input<K>) => void;

/**
 * Required members of each response, and members that must match the request. Only members that AWS always returns are
 * required, according to the API reference of each operation.
 */
const CHECKS: { readonly [K in Operation]: Check<K> } = {
  getCallerIdentity: ({ Account }) => requireText("account", Account),

  describeServices: ({ services, failures }, { cluster, services: asked = [] }) => {
    if (!Array.isArray(services)) requireList("services", failures);
    for (const service of services ?? []) {
      requireOneOf("service", service.serviceName, asked.map(lastPart));
      if (service.clusterArn !== undefined) requireSame("cluster", lastPart(service.clusterArn), cluster);
    }
  },
  describeTaskDefinition: ({ taskDefinition }, { taskDefinition: asked = "" }) => {
    const arn = requireText("task definition", taskDefinition?.taskDefinitionArn);
    const [family = "", revision] = lastPart(asked).split(":");
    const [gotFamily, gotRevision] = lastPart(arn).split(":");
    requireSame("task definition family", gotFamily, family);
    if (revision !== undefined) requireSame(`revision of ${family}`, gotRevision, revision);
  },
  listTaskDefinitions: ({ taskDefinitionArns }, { familyPrefix }) => {
    for (const arn of requireList("task definitions", taskDefinitionArns)) {
      requireSame("task definition family", lastPart(arn).split(":")[0], familyPrefix);
    }
  },
  registerTaskDefinition: ({ taskDefinition }, { family }) => {
    const arn = requireText("task definition", taskDefinition?.taskDefinitionArn);
    requireSame("task definition family", lastPart(arn).split(":")[0], family);
  },
  deregisterTaskDefinition: ({ taskDefinition }, { taskDefinition: asked = "" }) => {
    const arn = requireText("task definition", taskDefinition?.taskDefinitionArn);
    requireSame("task definition", lastPart(arn), lastPart(asked));
  },
  listTasks: ({ taskArns }) => requireList("tasks", taskArns).forEach((arn) => requireText("task", arn)),
  describeTasks: ({ tasks }, { tasks: asked = [] }) => {
    const ids = asked.map(lastPart);
    for (const { taskArn } of requireList("tasks", tasks)) requireOneOf("task", taskArn && lastPart(taskArn), ids);
  },

  describeRepositories: ({ repositories }, { repositoryNames = [] }) => {
    for (const { repositoryName, repositoryUri } of requireList("repositories", repositories)) {
      requireText("repository address", repositoryUri);
      requireOneOf("repository", repositoryName, repositoryNames);
    }
  },
  describeImages: ({ imageDetails }, { repositoryName, imageIds = [] }) => {
    const digests = imageIds.flatMap(({ imageDigest }) => imageDigest ?? []);
    const tags = imageIds.flatMap(({ imageTag }) => imageTag ?? []);
    for (const image of requireList("images", imageDetails)) {
      requireText("image digest", image.imageDigest);
      if (image.repositoryName !== undefined) requireSame("repository", image.repositoryName, repositoryName);
      if (digests.length > 0) requireOneOf("image", image.imageDigest, digests);
      if (tags.length > 0 && image.imageTags && !image.imageTags.some((tag) => tags.includes(tag))) {
        requireOneOf("image tag", image.imageTags.join(", "), tags);
      }
    }
  },
  batchGetImage: ({ images }, { imageIds = [] }) => {
    const digests = imageIds.flatMap(({ imageDigest }) => imageDigest ?? []);
    for (const { imageId } of requireList("images", images)) {
      // An image that was asked for by its tag may have any digest.
      if (imageId?.imageDigest !== undefined && digests.length > 0) {
        requireOneOf("image", imageId.imageDigest, digests);
      }
    }
  },
  getDownloadUrlForLayer: ({ downloadUrl }) => requireText("address", downloadUrl),
  getAuthorizationToken: ({ authorizationData }) => requireList("login", authorizationData),

  describeAlarms: ({ MetricAlarms, CompositeAlarms }, { AlarmNames = [] }) => {
    if (!Array.isArray(MetricAlarms)) requireList("alarms", CompositeAlarms);
    for (const { AlarmName, StateValue } of [...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])]) {
      requireOneOf("alarm", AlarmName, AlarmNames);
      requireText(`state of alarm ${String(AlarmName)}`, StateValue);
    }
  },
  getMetricData: ({ MetricDataResults }, { MetricDataQueries = [] }) => {
    const ids = MetricDataQueries.map(({ Id = "" }) => Id);
    for (const { Id, Timestamps, Values } of requireList("metric data", MetricDataResults)) {
      requireOneOf("metric", Id, ids);
      if (Timestamps?.length !== Values?.length)
        throw new UnreadableAnswer("with another number of values than of times");
    }
  },

  describeTargetGroups: ({ TargetGroups }, { TargetGroupArns, Names }) => {
    for (const { TargetGroupArn, TargetGroupName } of requireList("target groups", TargetGroups)) {
      requireText("target group", TargetGroupArn);
      if (TargetGroupArns) requireOneOf("target group", TargetGroupArn, TargetGroupArns);
      if (Names && TargetGroupName !== undefined) requireOneOf("target group", TargetGroupName, Names);
    }
  },
  describeTargetHealth: ({ TargetHealthDescriptions }) => {
    requireList("targets", TargetHealthDescriptions);
  },
  describeRules: ({ Rules }) => {
    requireList("rules", Rules);
  },
  describeListeners: ({ Listeners }, { ListenerArns = [] }) => {
    for (const { ListenerArn } of requireList("listeners", Listeners)) {
      requireOneOf("listener", ListenerArn, ListenerArns);
    }
  },
  describeLoadBalancers: ({ LoadBalancers }, { LoadBalancerArns = [] }) => {
    for (const { LoadBalancerArn } of requireList("load balancers", LoadBalancers)) {
      requireOneOf("load balancer", LoadBalancerArn, LoadBalancerArns);
    }
  },

  getDeploymentGroup: ({ deploymentGroupInfo: group }, asked) => {
    requireSame("application", requireText("deployment group", group?.applicationName), asked.applicationName);
    requireSame("deployment group", group?.deploymentGroupName, asked.deploymentGroupName);
  },
  getDeploymentConfig: ({ deploymentConfigInfo }, asked) =>
    requireSame("deployment config", deploymentConfigInfo?.deploymentConfigName, asked.deploymentConfigName),
  listDeployments: ({ deployments }) =>
    requireList("deployments", deployments).forEach((id) => requireText("deployment id", id)),
  batchGetDeployments: ({ deploymentsInfo }, { deploymentIds = [] }) => {
    for (const { deploymentId } of requireList("deployments", deploymentsInfo)) {
      requireOneOf("deployment", deploymentId, deploymentIds);
    }
  },
  getDeployment: ({ deploymentInfo }, { deploymentId }) => {
    requireSame("deployment", requireText("deployment", deploymentInfo?.deploymentId), deploymentId);
    requireText("status", deploymentInfo?.status);
  },
  getDeploymentTarget: ({ deploymentTarget }, { deploymentId, targetId }) => {
    const target = deploymentTarget?.ecsTarget;
    requireSame("deployment", requireText("ECS target", target?.deploymentId), deploymentId);
    requireSame("target", target?.targetId, targetId);
    requireList("lifecycle events", target?.lifecycleEvents);
  },
  createDeployment: ({ deploymentId }) => requireText("deployment id", deploymentId),
  // The response is empty; the deployment's status shows whether it was continued (continue.ts).
  continueDeployment: () => undefined,
  stopDeployment: ({ status }) => requireText("status", status),
};

/**
 * The same port with checked responses. A response without its main member throws UnreadableAnswer, one about another
 * resource throws MismatchedAnswer. Of a deployment only the id is checked; its callers check the rest (identity.ts).
 */
export function checkedAws(aws: AwsPort): AwsPort {
  const checked = Object.entries(CHECKS).map(([name, check]) => [name, checkedCall(aws, name as Operation, check)]);
  return { ...aws, ...(Object.fromEntries(checked) as Omit<AwsPort, "region">) };
}

/** An operation of the port with its check. */
function checkedCall(aws: AwsPort, name: Operation, check: (answer: never, asked: never) => void) {
  return async (input: never) => {
    const answer = await (aws[name] as (input: never) => Promise<object>)(input);
    try {
      check(Object(answer) as never, input);
    } catch (error) {
      throw about(name, error);
    }
    return answer;
  };
}

/** The error with the operation's name. Any other error of a check means that a member has a wrong type. */
function about(name: Operation, error: unknown): Error {
  const operation = awsName(name);
  const words = messageOf(error);
  return error instanceof MismatchedAnswer
    ? new MismatchedAnswer(`${operation} ${words}`)
    : new UnreadableAnswer(`${operation} answered ${error instanceof UnreadableAnswer ? words : `nonsense: ${words}`}`);
}

function requireText(what: string, got: unknown): string {
  if (typeof got === "string" && got !== "") return got;
  throw new UnreadableAnswer(`without ${article(what)} ${what}`);
}

function requireList<T>(what: string, got: readonly T[] | undefined): readonly T[] {
  if (isWholeList(got)) return got;
  throw new UnreadableAnswer(`without a list of ${what}`);
}

function isWholeList<T>(got: readonly T[] | undefined): got is readonly T[] {
  return Array.isArray(got) && got.every((item) => item !== null && item !== undefined);
}

function requireSame(what: string, got: string | undefined, asked: string | undefined): void {
  requireOneOf(what, got, [asked ?? ""]);
}

function requireOneOf(what: string, got: string | undefined, asked: readonly string[]): void {
  const found = requireText(what, got);
  if (asked.includes(found)) return;
  throw new MismatchedAnswer(`was asked about the ${what} ${asked.join(", ")} and answered about ${found}`);
}

function article(what: string): string {
  return /^[aeiou]/i.test(what) ? "an" : "a";
}

/** The name at the end of an ARN; a text without a slash is the name itself. */
function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
