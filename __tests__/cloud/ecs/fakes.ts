import type { SteppedClock } from "../../../scripts/cloud/clock";
import { Ecs, type EcsOptions } from "../../../scripts/cloud/ecs/ecs";
import type { LoadBalancerPart, Target, TargetHealth } from "../../../scripts/cloud/load-balancer/part";
import { DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import type { Image, ImagesPart, RunningContainer, TaskRuntime } from "../../../scripts/cloud/tasks/part";

/** A container that does what the test says. */
class FakeContainer implements RunningContainer {
  readonly listening: Promise<{ host: string; port: number }>;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  readonly stops: number[] = [];
  private resolveListening: (address: { host: string; port: number }) => void = () => undefined;
  private rejectListening: (error: Error) => void = () => undefined;
  private resolveExited: (exit: { code: number | null; signal: string | null }) => void = () => undefined;

  constructor(readonly input: Parameters<TaskRuntime["start"]>[0]) {
    this.listening = new Promise((resolve, reject) => {
      this.resolveListening = resolve;
      this.rejectListening = reject;
    });
    this.listening.catch(() => undefined);
    this.exited = new Promise((resolve) => {
      this.resolveExited = resolve;
    });
  }

  listen(): void {
    this.resolveListening({ host: "127.0.0.1", port: 40_000 });
  }

  exit(code: number | null, signal: string | null = null): void {
    this.rejectListening(new Error("exited"));
    this.resolveExited({ code, signal });
  }

  lastLogLines(): readonly string[] {
    return ["the last line"];
  }

  kill(): void {
    this.exit(null, "SIGKILL");
  }

  async stop(timeoutSeconds: number): Promise<void> {
    this.stops.push(timeoutSeconds);
    this.exit(0);
    await this.exited;
  }
}

/** Starts fake containers; `onStart` says what each does. */
class FakeRuntime implements TaskRuntime {
  readonly containers: FakeContainer[] = [];
  onStart: (container: FakeContainer) => void = (container) => container.listen();

  start(input: Parameters<TaskRuntime["start"]>[0]): RunningContainer {
    const container = new FakeContainer(input);
    this.containers.push(container);
    this.onStart(container);
    return container;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A load balancer whose targets are healthy until the test says otherwise, and drain for `drainMs`. */
class FakeLoadBalancer implements LoadBalancerPart {
  private readonly groups = new Map<string, Map<string, TargetHealth>>();
  drainMs = 0;

  constructor(private readonly clock: SteppedClock) {}

  url(): string {
    return "http://127.0.0.1:1";
  }

  rules(): [] {
    return [];
  }

  setForward(): void {
    throw new Error("ECS does not move traffic");
  }

  register(targetGroupArn: string, target: Target): void {
    const group = this.groups.get(targetGroupArn) ?? new Map<string, TargetHealth>();
    this.groups.set(targetGroupArn, group.set(target.id, { target, state: "healthy" }));
  }

  async deregister(targetGroupArn: string, targetId: string): Promise<void> {
    this.mark(targetGroupArn, targetId, { state: "draining" });
    if (this.drainMs > 0) await this.clock.sleep(this.drainMs);
    this.groups.get(targetGroupArn)?.delete(targetId);
  }

  health(targetGroupArn: string): readonly TargetHealth[] {
    return [...(this.groups.get(targetGroupArn)?.values() ?? [])];
  }

  mark(targetGroupArn: string, targetId: string, health: Omit<TargetHealth, "target">): void {
    const group = this.groups.get(targetGroupArn);
    const known = group?.get(targetId);
    if (group && known) group.set(targetId, { target: known.target, ...health });
  }
}

export const GROUP_1 = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/tasks-1/1";
export const GROUP_2 = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/tasks-2/2";

const IMAGE: Image = {
  repository: "registry/carts-api",
  digest: `sha256:${"0".repeat(64)}`,
  tags: ["v1"],
  pushedAt: 0,
  sizeBytes: 0,
  platform: { os: "linux", architecture: "amd64" },
  command: ["node", "server.js"],
  environment: {},
};

const images: ImagesPart = {
  all: () => [IMAGE],
  find: (reference) => (reference === "registry/carts-api:v1" ? IMAGE : undefined),
};

const template: EcsOptions["template"] = {
  region: "eu-central-1",
  accountId: "123456789012",
  targetGroups: [],
  cluster: { name: "cluster", arn: "arn:aws:ecs:eu-central-1:123456789012:cluster/cluster", capacityProviders: [] },
  taskDefinition: {
    family: "tasks",
    containerDefinitions: [
      {
        name: "api",
        image: "registry/carts-api:v1",
        environment: [{ name: "TABLE", value: "tasks" }],
        portMappings: [{ containerPort: 8080 }],
        stopTimeout: 45,
      },
    ],
  },
  service: {
    name: "service",
    arn: "arn:aws:ecs:eu-central-1:123456789012:service/cluster/service",
    desiredCount: 2,
    deploymentController: "CODE_DEPLOY",
    healthCheckGracePeriodSeconds: 60,
    loadBalancers: [{ targetGroupArn: GROUP_1, containerName: "api", containerPort: 8080 }],
    networkConfiguration: {
      awsvpcConfiguration: { subnets: [], securityGroups: [], assignPublicIp: "DISABLED" },
    },
  },
};

/** An Ecs among fakes, not started. */
export function ecsAmongFakes(clock: SteppedClock, options: Partial<EcsOptions> = {}) {
  const runtime = new FakeRuntime();
  const loadBalancer = new FakeLoadBalancer(clock);
  const ecs = new Ecs({ template, clock, settings: DEFAULT_SETTINGS, loadBalancer, runtime, images, ...options });
  return { ecs, runtime, loadBalancer };
}
