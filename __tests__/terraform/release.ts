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
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type Action,
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
 * primary task set with it behind the other target group, and all listeners and rules of the service pointing there.
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
    await pointListeners(elb, TargetGroups[0]?.LoadBalancerArns?.[0], [
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
  LoadBalancerArn: string | undefined,
  TargetGroups: readonly { readonly TargetGroupArn: string | undefined; readonly Weight: number }[],
): Promise<void> {
  const groups = TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn);
  // A rule of another service, or one that only redirects, is none of CodeDeploy's business.
  const isMoved = ({ ForwardConfig, TargetGroupArn }: Action) =>
    groups.includes(TargetGroupArn) || ForwardConfig?.TargetGroups?.some((one) => groups.includes(one.TargetGroupArn));
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  for (const { ListenerArn } of Listeners) {
    const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
    for (const { RuleArn, IsDefault, Actions: [action] = [] } of Rules) {
      if (!action || !isMoved(action)) continue;
      const moved = { Type: action.Type, ForwardConfig: { ...action.ForwardConfig, TargetGroups: [...TargetGroups] } };
      await (IsDefault === true
        ? elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions: [moved] }))
        : elb.send(new ModifyRuleCommand({ RuleArn, Actions: [moved] })));
    }
  }
}
