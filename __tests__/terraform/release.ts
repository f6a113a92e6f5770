import {
  CreateTaskSetCommand,
  DeleteTaskSetCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServicePrimaryTaskSetCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Names } from "../../stacks/names";
import type { EmulatedAccount } from "./emulated-account";

/** What a release leaves behind, as AWS shows it. */
export interface Swapped {
  readonly before: { readonly taskDefinition: string; readonly targetGroup: string };
  readonly after: { readonly taskDefinition: string; readonly targetGroup: string };
}

/**
 * Does to the account what a release of CodeDeploy does to it in the end: a new revision of the task definition, a
 * primary task set with it behind the other target group, and all listeners pointing there.
 */
export async function swapColours(names: Names, { client }: EmulatedAccount): Promise<Swapped> {
  // A second try of a call that failed half-way would find its own leavings.
  const ecs = new ECSClient({ ...client, maxAttempts: 1 });
  const elb = new ElasticLoadBalancingV2Client({ ...client, maxAttempts: 1 });
  try {
    const before = await describe(ecs, names);
    const live = before.loadBalancers?.[0]?.targetGroupArn;
    const Names = Object.values(names.targetGroups);
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({ Names }));
    const idle = TargetGroups.find(({ TargetGroupArn }) => TargetGroupArn !== live)?.TargetGroupArn;
    const revision = await registerNext(ecs, names.family);

    const [old] = before.taskSets ?? [];
    const { taskSet } = await ecs.send(
      new CreateTaskSetCommand({
        cluster: names.cluster,
        service: names.service,
        taskDefinition: revision,
        externalId: "d-ABCDEFGH1",
        launchType: "FARGATE",
        loadBalancers: [{ ...before.loadBalancers?.[0], targetGroupArn: idle }],
        networkConfiguration: before.networkConfiguration,
        scale: { value: 100, unit: "PERCENT" },
      }),
    );
    await pointListeners(elb, names, [
      { TargetGroupArn: live, Weight: 0 },
      { TargetGroupArn: idle, Weight: 100 },
    ]);
    const service = { cluster: names.cluster, service: names.service };
    await ecs.send(new UpdateServicePrimaryTaskSetCommand({ ...service, primaryTaskSet: taskSet?.taskSetArn }));
    if (old) await ecs.send(new DeleteTaskSetCommand({ ...service, taskSet: old.id }));
    return { before: stateOf(before), after: stateOf(await describe(ecs, names)) };
  } finally {
    ecs.destroy();
    elb.destroy();
  }
}

async function describe(ecs: ECSClient, { cluster, service }: Names): Promise<Service> {
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
  if (!services[0]) throw new Error(`no service ${service}`);
  return services[0];
}

function stateOf({ taskDefinition = "", loadBalancers = [] }: Service) {
  return { taskDefinition, targetGroup: loadBalancers[0]?.targetGroupArn ?? "" };
}

async function registerNext(ecs: ECSClient, family: string): Promise<string | undefined> {
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: family }));
  const containerDefinitions = taskDefinition?.containerDefinitions?.map((container) => ({
    ...container,
    image: `${container.image?.split("@")[0]}@sha256:${"b".repeat(64)}`,
    // moto counts the memory of containers when it places tasks, and finds none in those that have the task's.
    memoryReservation: 128,
  }));
  const { taskDefinition: next } = await ecs.send(
    new RegisterTaskDefinitionCommand({ ...taskDefinition, family, containerDefinitions }),
  );
  return next?.taskDefinitionArn;
}

async function pointListeners(
  elb: ElasticLoadBalancingV2Client,
  names: Names,
  TargetGroups: readonly { readonly TargetGroupArn: string | undefined; readonly Weight: number }[],
): Promise<void> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: [names.loadBalancer] }));
  const { Listeners = [] } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn }),
  );
  // A listener that only redirects is none of CodeDeploy's business.
  for (const { ListenerArn, DefaultActions } of Listeners.filter(
    (one) => one.DefaultActions?.[0]?.Type === "forward",
  )) {
    const [action] = DefaultActions ?? [];
    await elb.send(
      new ModifyListenerCommand({
        ListenerArn,
        DefaultActions: [
          { Type: action?.Type, ForwardConfig: { ...action?.ForwardConfig, TargetGroups: [...TargetGroups] } },
        ],
      }),
    );
  }
}
