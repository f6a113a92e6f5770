import type { AlarmsPart, AlarmStateValue } from "../../../scripts/cloud/alarms/part";
import { type Clock, SteppedClock } from "../../../scripts/cloud/clock";
import { CodeDeploy, type CodeDeployOptions } from "../../../scripts/cloud/codedeploy/codedeploy";
import type { Deployment } from "../../../scripts/cloud/codedeploy/part";
import type { EcsPart, TaskDefinitionRecord, TaskSet } from "../../../scripts/cloud/ecs/part";
import type { ListenerRule, LoadBalancerPart } from "../../../scripts/cloud/load-balancer/part";
import { type CloudSettings, DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import type {
  AlarmTemplate,
  DeploymentGroupTemplate,
  Template,
  WeightedTargetGroup,
} from "../../../scripts/cloud/template";

export const PRODUCTION = "arn:listener/production";
export const TEST = "arn:listener/test";

/** The ARN of a listener's default rule. */
export const defaultRuleOf = (listenerArn: string): string => `${listenerArn}/default`;
export const ONE = "arn:targetgroup/1";
export const TWO = "arn:targetgroup/2";
export const OLD = "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:1";
export const NEW = "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:2";

/** Seconds that a fake task set takes to become steady, and to go away. */
const STEADY_SECONDS = 70;
const DRAIN_SECONDS = 30;

const group: DeploymentGroupTemplate = {
  name: "shop",
  arn: "arn:group",
  deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
  serviceRoleArn: "arn:role",
  clusterName: "shop",
  serviceName: "shop",
  alarms: { enabled: true, names: ["errors", "slow"], ignorePollAlarmFailure: false },
  autoRollback: {
    enabled: true,
    events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
  },
  triggers: [],
  terminationWaitMinutes: 5,
  targetGroupNames: ["shop-1", "shop-2"],
  productionListenerArns: [PRODUCTION],
  testListenerArns: [TEST],
};

const targetGroup = (name: string, arn: string) => ({
  name,
  arn,
  arnSuffix: arn,
  port: 8080,
  deregistrationDelay: 30,
  healthCheck: { path: "/", interval: 30, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3, matcher: "200" },
});

function templateWith(changes: Partial<DeploymentGroupTemplate>, service: Partial<Template["service"]>): Template {
  const taskDefinition = {
    family: "shop",
    containerDefinitions: [{ name: "api", image: "shop:1", portMappings: [{ containerPort: 8080 }] }],
  };
  return {
    region: "eu-central-1",
    accountId: "123456789012",
    loadBalancer: { name: "shop", arn: "arn:lb", arnSuffix: "app/shop/1", dnsName: "shop.test" },
    targetGroups: [targetGroup("shop-1", ONE), targetGroup("shop-2", TWO)],
    listeners: [],
    alarms: [],
    cluster: { name: "cluster", arn: "arn:cluster", capacityProviders: [] },
    taskDefinition,
    service: {
      name: "service",
      arn: "arn:service",
      desiredCount: 2,
      deploymentController: "CODE_DEPLOY",
      loadBalancers: [{ targetGroupArn: ONE, containerName: "api", containerPort: 8080 }],
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" },
      },
      ...service,
    },
    application: { name: "shop", computePlatform: "ECS" },
    deploymentGroup: { ...group, ...changes },
    deploymentConfigs: [
      { name: "shop-linear", routing: { type: "TimeBasedLinear", percentage: 40, intervalMinutes: 2 } },
    ],
    repository: { name: "shop", arn: "arn:repository", url: "shop" },
    tables: [],
    functions: [],
  };
}

/** ECS of one service, whose task sets become steady after a while; anything in `broken` throws. */
export class FakeEcs {
  readonly broken = new Map<string, string>();
  readonly deleted: string[] = [];
  steadySeconds = STEADY_SECONDS;
  private readonly draining = new Map<string, Promise<void>>();
  private sets: TaskSet[] = [];
  readonly definitions: TaskDefinitionRecord[];

  constructor(
    private readonly clock: Clock,
    template: Template,
  ) {
    this.definitions = [OLD, NEW].map((arn, i) => ({
      arn,
      family: "shop",
      revision: i + 1,
      status: "ACTIVE",
      registeredAt: 0,
      definition: template.taskDefinition,
    }));
    this.sets = [this.make("ecs-svc/1", OLD, ONE, { status: "PRIMARY", stability: "STEADY_STATE" })];
  }

  /** The methods that CodeDeploy uses; the others fail loudly. */
  part(): EcsPart {
    const unused = () => {
      throw new Error("not for CodeDeploy");
    };
    return {
      registerTaskDefinition: unused,
      deregisterTaskDefinition: unused,
      taskDefinitions: unused,
      desiredCount: unused,
      setDesiredCount: unused,
      tasks: unused,
      events: unused,
      taskDefinition: (reference) => this.definitions.find(({ arn }) => arn === reference),
      taskSets: () => this.sets,
      taskSet: (id) => this.sets.find((set) => set.id === id),
      createTaskSet: (input) => {
        this.check("createTaskSet");
        const set = this.make(
          `ecs-svc/${this.sets.length + this.deleted.length + 1}`,
          input.taskDefinitionArn,
          input.targetGroupArn,
          input,
        );
        this.sets.push(set);
        this.clock.after(this.steadySeconds * 1000, () =>
          this.change(set.id, { stability: "STEADY_STATE", runningCount: 2, pendingCount: 0 }),
        );
        return set;
      },
      setPrimary: (id) => {
        this.check("setPrimary");
        const was = (status: TaskSet["status"]) => (status === "PRIMARY" ? "ACTIVE" : status);
        this.sets = this.sets.map((set) => ({ ...set, status: set.id === id ? "PRIMARY" : was(set.status) }));
      },
      deleteTaskSet: (id) => {
        this.check("deleteTaskSet");
        this.change(id, { status: "DRAINING", scale: 0, desiredCount: 0, runningCount: 0 });
        this.draining.set(
          id,
          this.clock.sleep(DRAIN_SECONDS * 1000).then(() => this.remove(id)),
        );
      },
      taskSetGone: async (id) => this.draining.get(id),
    };
  }

  get primary(): TaskSet | undefined {
    return this.sets.find(({ status }) => status === "PRIMARY");
  }

  taskSet(id: string): TaskSet | undefined {
    return this.sets.find((set) => set.id === id);
  }

  all(): readonly TaskSet[] {
    return this.sets;
  }

  remove(id: string): void {
    this.deleted.push(id);
    this.sets = this.sets.filter((set) => set.id !== id);
  }

  /** Makes a task set stabilize again, for good. */
  unsteady(id: string): void {
    this.change(id, { stability: "STABILIZING" });
  }

  private change(id: string, changes: Partial<TaskSet>): void {
    this.sets = this.sets.map((set) => (set.id === id ? { ...set, ...changes } : set));
  }

  private check(method: string): void {
    const reason = this.broken.get(method);
    if (reason !== undefined) throw new Error(reason);
  }

  private make(id: string, taskDefinitionArn: string, targetGroupArn: string, changes: Partial<TaskSet>): TaskSet {
    const steady = changes.stability === "STEADY_STATE";
    return {
      id,
      arn: id,
      status: "ACTIVE",
      taskDefinitionArn,
      targetGroupArn,
      containerName: "api",
      containerPort: 8080,
      startedBy: "user",
      scale: 100,
      desiredCount: 2,
      pendingCount: steady ? 0 : 2,
      runningCount: steady ? 2 : 0,
      stability: "STABILIZING",
      stabilityAt: this.clock.now(),
      createdAt: this.clock.now(),
      updatedAt: this.clock.now(),
      settings: {},
      ...changes,
    };
  }
}

/** Forwards of two listeners, and every change of the production one. */
class FakeLoadBalancer {
  broken?: string;
  /** The rules beside the default ones; the ARN of each begins with that of its listener. */
  rules: readonly ListenerRule[] = [];
  readonly shifts: { readonly second: number; readonly percentOnTwo: number }[] = [];
  private readonly forwards = new Map<string, readonly WeightedTargetGroup[]>([
    [PRODUCTION, [{ targetGroupArn: ONE, weight: 1 }]],
    [TEST, [{ targetGroupArn: TWO, weight: 1 }]],
  ]);

  constructor(private readonly clock: Clock) {}

  part(): LoadBalancerPart {
    const unused = () => {
      throw new Error("not for CodeDeploy");
    };
    const start = this.clock.now();
    return {
      url: unused,
      register: unused,
      deregister: unused,
      health: unused,
      rules: (listener) => [
        ...this.rules.filter(({ arn }) => arn.startsWith(`${listener}/`)),
        { arn: defaultRuleOf(listener), priority: "default", conditions: {}, forward: this.forward(listener) },
      ],
      setForward: (ruleArn, forward) => {
        if (this.broken !== undefined) throw new Error(this.broken);
        this.rules = this.rules.map((rule) => (rule.arn === ruleArn ? { ...rule, forward } : rule));
        if (ruleArn.endsWith("/default")) this.forwards.set(ruleArn.slice(0, -"/default".length), forward);
        if (ruleArn !== defaultRuleOf(PRODUCTION)) return;
        this.shifts.push({
          second: Math.round((this.clock.now() - start) / 1000),
          percentOnTwo: this.percentOnTwo(PRODUCTION),
        });
      },
    };
  }

  /** Sets where a listener's default rule forwards to. */
  setDefault(listener: string, forward: readonly WeightedTargetGroup[]): void {
    this.forwards.set(listener, forward);
  }

  forward(listener: string): readonly WeightedTargetGroup[] {
    return this.forwards.get(listener) ?? [];
  }

  percentOnTwo(listener: string): number {
    return this.forward(listener).find(({ targetGroupArn }) => targetGroupArn === TWO)?.weight ?? 0;
  }
}

/** Alarms by name; one that is not there cannot be read. */
class FakeAlarms {
  reads = 0;
  readonly states = new Map<string, AlarmStateValue>([
    ["errors", "OK"],
    ["slow", "OK"],
  ]);

  part(): AlarmsPart {
    const unused = () => {
      throw new Error("not for CodeDeploy");
    };
    const template = {} as AlarmTemplate; // CodeDeploy reads the value alone
    return {
      all: unused,
      set: unused,
      put: unused,
      delete: unused,
      history: unused,
      state: (name) => {
        this.reads += 1;
        const value = this.states.get(name);
        return value && { template, configuredAt: 0, value, reason: "", updatedAt: 0, transitionedAt: 0 };
      },
    };
  }
}

/** An appspec for NEW, as JSON. */
export function appSpec(changes: Record<string, unknown> = {}, hooks?: readonly Record<string, string>[]): string {
  const Properties = {
    TaskDefinition: NEW,
    LoadBalancerInfo: { ContainerName: "api", ContainerPort: 8080 },
    ...changes,
  };
  return JSON.stringify({
    version: 0.0,
    Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties } }],
    ...(hooks && { Hooks: hooks }),
  });
}

function noHooks(functionArn: string): void {
  throw new Error(`no hook was expected, but ${functionArn} was called`);
}

export interface FakeCloudOptions {
  readonly group?: Partial<DeploymentGroupTemplate>;
  readonly service?: Partial<Template["service"]>;
  readonly settings?: Partial<CloudSettings>;
  readonly invokeHook?: CodeDeployOptions["invokeHook"];
}

/** CodeDeploy among fakes, on a clock that stands still until it is stepped. Version 1 serves from target group 1. */
export class FakeCloud {
  readonly clock = new SteppedClock();
  readonly template: Template;
  readonly ecs: FakeEcs;
  readonly loadBalancer = new FakeLoadBalancer(this.clock);
  readonly alarms = new FakeAlarms();
  readonly codeDeploy: CodeDeploy;
  readonly changes: Deployment[] = [];
  private readonly start = this.clock.now();

  constructor({ group: changes = {}, service = {}, settings = {}, invokeHook = noHooks }: FakeCloudOptions = {}) {
    this.template = templateWith(changes, service);
    this.ecs = new FakeEcs(this.clock, this.template);
    this.codeDeploy = new CodeDeploy({
      template: this.template,
      clock: this.clock,
      settings: { ...DEFAULT_SETTINGS, ...settings },
      ecs: this.ecs.part(),
      loadBalancer: this.loadBalancer.part(),
      alarms: this.alarms.part(),
      invokeHook,
    });
    this.codeDeploy.changes.subscribe((deployment) => this.changes.push(deployment));
    this.codeDeploy.start();
  }

  /** Simulated seconds since the cloud was made. */
  get second(): number {
    return (this.clock.now() - this.start) / 1000;
  }

  /** Steps time to a second since the cloud was made. */
  async until(second: number): Promise<void> {
    await this.clock.step((second - this.second) * 1000);
  }

  deploy(input: Partial<Parameters<CodeDeploy["create"]>[0]> = {}): string {
    return this.codeDeploy.create({ appSpec: { content: appSpec() }, ...input }).id;
  }

  deployment(id: string): Deployment {
    const deployment = this.codeDeploy.deployment(id);
    if (!deployment) throw new Error(`there is no deployment ${id}`);
    return deployment;
  }

  /** `name status` of each lifecycle event. */
  events(id: string): readonly string[] {
    return this.deployment(id).target?.lifecycleEvents.map(({ name, status }) => `${name} ${status}`) ?? [];
  }

  status(id: string, event: string): string | undefined {
    return this.deployment(id).target?.lifecycleEvents.find(({ name }) => name === event)?.status;
  }

  /** The rollback of a deployment. */
  rollback(id: string): Deployment | undefined {
    const rollbackId = this.deployment(id).rollbackInfo?.rollbackDeploymentId;
    return rollbackId === undefined ? undefined : this.codeDeploy.deployment(rollbackId);
  }

  /** Steps until a lifecycle event has a status, at most two simulated hours. */
  async untilEvent(id: string, event: string, status: string): Promise<void> {
    // An event without a hook takes half a second.
    for (let i = 0; i < 28_800 && this.status(id, event) !== status; i += 1) await this.clock.step(250);
    if (this.status(id, event) !== status)
      throw new Error(`${event} is ${String(this.status(id, event))}, never ${status}`);
  }
}
