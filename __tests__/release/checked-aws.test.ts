import type { AwsPort } from "../../scripts/release/aws-port";
import { checkedAws } from "../../scripts/release/checked-aws";
import { explain } from "../../scripts/release/failure";
import { ALARMS, always, DEPLOYMENT, deployment, digest, fakeAws, LIVE_REVISION, names, NEXT_REVISION } from "./fakes";

/** All but ContinueDeployment, whose answer is empty: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ContinueDeployment.html */
type Operation = Exclude<keyof AwsPort, "region" | "continueDeployment">;

const group = { applicationName: names.application, deploymentGroupName: names.deploymentGroup };
const target = { deploymentId: DEPLOYMENT, targetId: "cluster:service" };
const other = digest("9");

/** For each operation: a request, an answer to it, and answers to other requests. */
const OPERATIONS: { readonly [K in Operation]: { asked?: object; right: object; wrong: readonly object[] } } = {
  getCallerIdentity: { right: { Account: "123456789012" }, wrong: [] },
  describeServices: {
    asked: { cluster: "c", services: ["s"] },
    right: { services: [{ serviceName: "s", clusterArn: "arn:aws:ecs:eu-central-1:1:cluster/c" }] },
    wrong: [
      { services: [{ serviceName: "other" }] },
      { services: [{ serviceName: "s", clusterArn: "arn:aws:ecs:eu-central-1:1:cluster/other" }] },
    ],
  },
  describeTaskDefinition: {
    asked: { taskDefinition: LIVE_REVISION },
    right: { taskDefinition: { taskDefinitionArn: LIVE_REVISION } },
    wrong: [
      { taskDefinition: { taskDefinitionArn: NEXT_REVISION } },
      { taskDefinition: { taskDefinitionArn: LIVE_REVISION.replace(names.family, "other") } },
    ],
  },
  listTaskDefinitions: {
    asked: { familyPrefix: names.family },
    right: { taskDefinitionArns: [LIVE_REVISION, NEXT_REVISION] },
    wrong: [{ taskDefinitionArns: [LIVE_REVISION.replace(names.family, "other")] }],
  },
  registerTaskDefinition: {
    asked: { family: names.family },
    right: { taskDefinition: { taskDefinitionArn: NEXT_REVISION } },
    wrong: [{ taskDefinition: { taskDefinitionArn: NEXT_REVISION.replace(names.family, "other") } }],
  },
  deregisterTaskDefinition: {
    asked: { taskDefinition: NEXT_REVISION },
    right: { taskDefinition: { taskDefinitionArn: NEXT_REVISION } },
    wrong: [{ taskDefinition: { taskDefinitionArn: LIVE_REVISION } }],
  },
  listTasks: { asked: { cluster: "c" }, right: { taskArns: [] }, wrong: [] },
  describeTasks: {
    asked: { cluster: "c", tasks: ["arn:aws:ecs:eu-central-1:1:task/c/1"] },
    right: { tasks: [{ taskArn: "arn:aws:ecs:eu-central-1:1:task/c/1" }] },
    wrong: [{ tasks: [{ taskArn: "arn:aws:ecs:eu-central-1:1:task/c/2" }] }],
  },
  describeRepositories: {
    asked: { repositoryNames: ["r"] },
    right: { repositories: [{ repositoryName: "r", repositoryUri: "u/r" }] },
    wrong: [{ repositories: [{ repositoryName: "other", repositoryUri: "u/other" }] }],
  },
  describeImages: {
    asked: { repositoryName: "r", imageIds: [{ imageTag: "v2" }] },
    right: { imageDetails: [{ repositoryName: "r", imageDigest: digest("2"), imageTags: ["v1", "v2"] }] },
    wrong: [
      { imageDetails: [{ repositoryName: "other", imageDigest: digest("2") }] },
      { imageDetails: [{ imageDigest: digest("2"), imageTags: ["v1"] }] },
    ],
  },
  batchGetImage: {
    asked: { repositoryName: "r", imageIds: [{ imageDigest: digest("2") }] },
    right: { images: [{ imageId: { imageDigest: digest("2") }, imageManifest: "{}" }] },
    wrong: [{ images: [{ imageId: { imageDigest: other } }] }],
  },
  getDownloadUrlForLayer: { asked: {}, right: { downloadUrl: "https://layer" }, wrong: [] },
  getAuthorizationToken: { right: { authorizationData: [] }, wrong: [] },
  describeAlarms: {
    asked: { AlarmNames: ALARMS },
    right: { MetricAlarms: [{ AlarmName: ALARMS[0], StateValue: "OK" }] },
    wrong: [{ MetricAlarms: [{ AlarmName: "other", StateValue: "OK" }] }],
  },
  getMetricData: {
    asked: { MetricDataQueries: [{ Id: "requests" }] },
    right: { MetricDataResults: [{ Id: "requests", Timestamps: [1], Values: [1] }] },
    wrong: [{ MetricDataResults: [{ Id: "other", Timestamps: [], Values: [] }] }],
  },
  describeTargetGroups: {
    asked: { TargetGroupArns: ["arn:tg-1"] },
    right: { TargetGroups: [{ TargetGroupArn: "arn:tg-1" }] },
    wrong: [{ TargetGroups: [{ TargetGroupArn: "arn:tg-2" }] }],
  },
  describeTargetHealth: { asked: { TargetGroupArn: "arn:tg-1" }, right: { TargetHealthDescriptions: [] }, wrong: [] },
  describeRules: { asked: { ListenerArn: "arn:listener" }, right: { Rules: [] }, wrong: [] },
  describeListeners: {
    asked: { ListenerArns: ["arn:listener"] },
    right: { Listeners: [{ ListenerArn: "arn:listener" }] },
    wrong: [{ Listeners: [{ ListenerArn: "arn:other" }] }],
  },
  describeLoadBalancers: {
    asked: { LoadBalancerArns: ["arn:lb"] },
    right: { LoadBalancers: [{ LoadBalancerArn: "arn:lb" }] },
    wrong: [{ LoadBalancers: [{ LoadBalancerArn: "arn:other" }] }],
  },
  getDeploymentGroup: {
    asked: group,
    right: { deploymentGroupInfo: group },
    wrong: [
      { deploymentGroupInfo: { ...group, applicationName: "other" } },
      { deploymentGroupInfo: { ...group, deploymentGroupName: "other" } },
    ],
  },
  getDeploymentConfig: {
    asked: { deploymentConfigName: "c" },
    right: { deploymentConfigInfo: { deploymentConfigName: "c" } },
    wrong: [{ deploymentConfigInfo: { deploymentConfigName: "other" } }],
  },
  listDeployments: { asked: group, right: { deployments: [] }, wrong: [] },
  batchGetDeployments: {
    asked: { deploymentIds: [DEPLOYMENT] },
    right: { deploymentsInfo: [{ deploymentId: DEPLOYMENT }] },
    wrong: [{ deploymentsInfo: [{ deploymentId: "d-OTHER0001" }] }],
  },
  getDeployment: {
    asked: { deploymentId: DEPLOYMENT },
    right: deployment("InProgress"),
    wrong: [deployment("Succeeded", { deploymentId: "d-OTHER0001" })],
  },
  getDeploymentTarget: {
    asked: target,
    right: { deploymentTarget: { ecsTarget: { ...target, lifecycleEvents: [] } } },
    wrong: [
      { deploymentTarget: { ecsTarget: { ...target, deploymentId: "d-OTHER0001", lifecycleEvents: [] } } },
      { deploymentTarget: { ecsTarget: { ...target, targetId: "cluster:other", lifecycleEvents: [] } } },
    ],
  },
  createDeployment: { asked: group, right: { deploymentId: DEPLOYMENT }, wrong: [] },
  stopDeployment: { asked: { deploymentId: DEPLOYMENT }, right: { status: "Pending" }, wrong: [] },
};
const operations = Object.entries(OPERATIONS) as [Operation, (typeof OPERATIONS)[Operation]][];

/** The kind of failure of an answer, or that it is accepted. */
async function judge(operation: Operation, asked: object | undefined, answer: unknown): Promise<string> {
  const call = checkedAws(fakeAws({ [operation]: always(answer) }))[operation] as (input?: object) => Promise<unknown>;
  return call(asked).then(
    () => "taken",
    (error: unknown) => explain(error).kind,
  );
}

describe.each(operations)("the answer to %s", (operation, { asked, right, wrong }) => {
  it("is accepted when it belongs to the request", async () => {
    expect(await judge(operation, asked, right)).toBe("taken");
  });

  it.each([[{}], [null], [[]], [5], ["text"], [{ __type: "ThrottlingException", message: "slow" }]])(
    "is unreadable when it is %j",
    async (answer) => {
      expect(await judge(operation, asked, answer)).toBe("unreadable");
    },
  );

  it("is unreadable when its main member has another type", async () => {
    const [member] = Object.keys(right);
    for (const value of [null, "text", 5, [null], { 0: {} }]) {
      if (typeof value === "string" && typeof Object.values(right)[0] === "string") continue;
      expect([value, await judge(operation, asked, { [member ?? ""]: value })]).toEqual([value, "unreadable"]);
    }
  });

  if (wrong.length > 0) {
    it.each(wrong.map((answer) => [answer]))("is mismatched when it is %j", async (answer) => {
      expect(await judge(operation, asked, answer)).toBe("mismatched");
    });
  }
});

describe("answers that report a missing resource", () => {
  it.each<readonly [Operation, object, object]>([
    ["describeServices", { services: ["s"] }, { services: [], failures: [{ reason: "MISSING" }] }],
    ["describeServices", { services: ["s"] }, { failures: [{ reason: "MISSING" }] }],
    ["describeImages", { imageIds: [{ imageTag: "v2" }] }, { imageDetails: [] }],
    ["describeAlarms", { AlarmNames: ["one"] }, { MetricAlarms: [], CompositeAlarms: [] }],
    ["describeAlarms", { AlarmNames: ["one"] }, { CompositeAlarms: [{ AlarmName: "one", StateValue: "OK" }] }],
    ["batchGetDeployments", { deploymentIds: [DEPLOYMENT] }, { deploymentsInfo: [] }],
  ])("are accepted: %s of %j answered with %j", async (operation, asked, answer) => {
    expect(await judge(operation, asked, answer)).toBe("taken");
  });
});

describe("an error of the call", () => {
  it("is not changed by the check", async () => {
    const error = new Error("as it was");
    await expect(
      checkedAws(fakeAws({ getDeployment: always<never>(error) })).getDeployment({ deploymentId: "d-X" }),
    ).rejects.toBe(error);
  });
});
