import { messageOf } from "../command/error-message";
import { Alarms } from "./alarms/alarms";
import type { AlarmTransition } from "./alarms/part";
import type { CloudParts } from "./aws/operation";
import { AwsServer } from "./aws/server";
import type { Clock } from "./clock";
import { CodeDeploy } from "./codedeploy/codedeploy";
import { initialListeners } from "./codedeploy/forward";
import type { InvokeHook } from "./codedeploy/hook-call";
import type { Deployment } from "./codedeploy/part";
import { startDynamo } from "./dynamodb/dynamo";
import { Ecs } from "./ecs/ecs";
import { Faults, type InjectedFault } from "./faults";
import { Functions } from "./functions/functions";
import { LoadBalancer } from "./load-balancer/load-balancer";
import type { Answer, ForwardChange } from "./load-balancer/part";
import { Metrics } from "./metrics/metrics";
import { checkPort, PortError } from "./port";
import { type CloudSettings, DEFAULT_SETTINGS } from "./settings";
import { type Observable, Subject } from "./subject";
import { type ImagePush, Images } from "./tasks/images";
import type { Image, RuntimeName } from "./tasks/part";
import { createRuntime } from "./tasks/runtimes";
import type { Template } from "./template";
import { rejectOnAbort } from "../command/abort";

/** The options of `createCloud`. */
export interface CloudOptions {
  readonly template: Template;
  readonly clock: Clock;
  /** Default: DEFAULT_SETTINGS. */
  readonly settings?: CloudSettings;
  /**
   * The first version. It replaces the image that the stacks build and push, because the local cloud builds no images.
   */
  readonly image: ImagePush;
  /** How tasks run; default: as processes. */
  readonly runtime?: RuntimeName;
  /** Port of the AWS endpoint; default 0: any free port. */
  readonly port?: number;
  /** Local values of the task definition's secrets, by variable name; other secrets are not set. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Variables of every task, over those of the task definition and its secrets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with every line of a task's output. */
  readonly onTaskLine?: (taskId: string, line: string) => void;
  /** Called once for each setting of a task definition that the runtime does not support, before the task starts. */
  readonly onNotice?: (notice: string) => void;
  /** Whether the hooks of an appspec succeed without their function; default: their functions are called. */
  readonly skipHooks?: boolean;
  /** Called with every line of a Lambda function's output. */
  readonly onFunctionLine?: (functionName: string, line: string) => void;
  /** Gives numbers in [0, 1), which choose the requests that faults and background errors affect; default: Math.random. */
  readonly random?: () => number;
}

/** The local cloud of one environment, on loopback addresses. */
export interface LocalCloud {
  readonly template: Template;
  readonly clock: Clock;
  readonly settings: CloudSettings;
  /** The image of the first version, as the registry has it. */
  readonly image: Image;
  /** Base URL of AWS's APIs. Like `productionUrl` and `parts`, it throws while the cloud does not run. */
  readonly endpoint: string;
  /** Base URL of the first production listener. */
  readonly productionUrl: string;
  /**
   * The Host that requests to `productionUrl` need, when the listener is shared and routes to the service by host. It
   * fits the first host of the rule, e.g. `orders.example.com`; undefined when any host does.
   */
  readonly productionHost: string | undefined;
  readonly parts: CloudParts;
  /** Rejects when the cloud can't continue, e.g. because its database exited; never resolves. */
  readonly broken: Promise<never>;
  /**
   * Starts everything; resolves when the first version serves requests.
   * @param signal aborts the start
   * @throws the signal's reason, or the error of a part that did not start; everything is stopped before
   */
  start(signal?: AbortSignal): Promise<void>;
  /**
   * Stops everything; resolves when all processes have ended and all ports are free. May be called at any time.
   * @throws AggregateError with the errors of parts that did not stop, after all others have
   */
  stop(): Promise<void>;
  /** Pushes an image. @throws AwsError when one of its tags exists */
  push(image: ImagePush): Image;
  /**
   * Plays a fault for every task of an image, from now on, whatever its service is written in. It replaces an earlier
   * fault of that image. May be called before `start`.
   * @throws RangeError when no such image was pushed, or for a value that the fault does not take
   */
  injectFault(injected: InjectedFault): void;
  /**
   * Answers a share of the requests to any target with status 500 from now on, beside the faults of images. May be called
   * before `start`.
   * @param share 0: none
   * @throws RangeError for a share that is not from 0 to below 1
   */
  setBackgroundErrors(share: number): void;
  /**
   * Every answer of the load balancer, before the client can get it: by trace id, with the target and the image of the
   * task behind it. So it is known which version answered, whatever the service sends.
   */
  readonly answers: Observable<Answer>;
  /** Every change of a listener's forward that a deployment makes. */
  readonly forwardChanges: Observable<ForwardChange>;
  /** Every change of an alarm's state. */
  readonly alarmTransitions: Observable<AlarmTransition>;
  /** A deployment after each of its changes; rollbacks are deployments too. */
  readonly deploymentChanges: Observable<Deployment>;
}

/** Creates a local cloud; nothing runs before `start`. */
export function createCloud(options: CloudOptions): LocalCloud {
  return new ComposedCloud(options);
}

interface Running {
  readonly parts: CloudParts;
  readonly server: AwsServer;
}

class ComposedCloud implements LocalCloud {
  readonly template: Template;
  readonly clock: Clock;
  readonly settings: CloudSettings;
  readonly image: Image;
  readonly broken: Promise<never>;
  private fail: (error: Error) => void = () => undefined;
  private readonly images: Images;
  private readonly faults = new Faults();
  // The rooms exist from `start` on; observers may subscribe before.
  readonly answers = new Subject<Answer>();
  readonly forwardChanges = new Subject<ForwardChange>();
  readonly alarmTransitions = new Subject<AlarmTransition>();
  readonly deploymentChanges = new Subject<Deployment>();
  /** Functions that stop the parts which have started, newest last. */
  private readonly stops: (() => void | Promise<void>)[] = [];
  private running: Running | undefined;
  private starting: Promise<void> | undefined;
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: CloudOptions) {
    this.clock = options.clock;
    const { settings = DEFAULT_SETTINGS, template } = options;
    const { idleTimeoutSeconds = settings.idleTimeoutSeconds } = template.loadBalancer;
    this.settings = { ...settings, idleTimeoutSeconds };
    this.images = new Images(this.clock);
    this.image = this.images.push(options.image);
    this.template = template;
    this.broken = new Promise<never>((_, reject) => (this.fail = reject));
    this.broken.catch(() => undefined); // Callers may ignore it.
  }

  get parts(): CloudParts {
    return this.started().parts;
  }

  get endpoint(): string {
    return this.started().server.endpoint;
  }

  get productionUrl(): string {
    const [listener] = this.template.deploymentGroup.productionListenerArns;
    if (listener === undefined) throw new Error("the deployment group has no production listener");
    return this.parts.loadBalancer.url(listener);
  }

  get productionHost(): string | undefined {
    const { listeners, deploymentGroup, targetGroups } = this.template;
    const pair = targetGroups.filter(({ name }) => deploymentGroup.targetGroupNames.includes(name));
    const [production] = deploymentGroup.productionListenerArns;
    const listener = listeners.find(({ arn }) => arn === production);
    const rules = (listener?.rules ?? []).filter(({ forward }) =>
      forward.some(({ targetGroupArn }) => pair.some(({ arn }) => arn === targetGroupArn)),
    );
    const [first] = rules.sort((a, b) => a.priority - b.priority);
    return first?.conditions.hosts?.[0]?.replaceAll("*", "local").replaceAll("?", "x");
  }

  async start(signal?: AbortSignal): Promise<void> {
    try {
      this.starting = this.startParts();
      await Promise.race([this.starting, rejectOnAbort(signal)]);
    } catch (error) {
      await this.stop().catch((left: unknown) => {
        throw new AggregateError([error, left], `${messageOf(error)}; ${messageOf(left)}`);
      });
      throw error;
    }
  }

  stop(): Promise<void> {
    this.stopped ??= this.stopParts();
    return this.stopped;
  }

  push(image: ImagePush): Image {
    return this.images.push(image);
  }

  injectFault(injected: InjectedFault): void {
    if (!this.images.all().some(({ digest }) => digest === injected.imageDigest))
      throw new RangeError(`no image with the digest ${injected.imageDigest} was pushed: push it before its fault`);
    this.faults.inject(injected);
  }

  setBackgroundErrors(share: number): void {
    this.faults.setBackground(share);
  }

  private async startParts(): Promise<void> {
    const { template, clock, settings, images, faults } = this;
    const { runtime: runtimeName = "process", port = 0, secrets, environment } = this.options;
    const { onTaskLine, onNotice, onFunctionLine, skipHooks = false, random } = this.options;
    await checkPort(port);
    const startedAt = clock.now();
    const dynamoEndpoint = template.tables.length > 0 ? await this.startTables(template.tables) : undefined;

    const metrics = new Metrics({ clock, settings });
    const listeners = initialListeners(template);
    const loadBalancer = new LoadBalancer({
      template: { ...template, listeners },
      clock,
      metrics,
      settings,
      faults,
      ...(random && { random }),
    });
    loadBalancer.answers.subscribe((answer) => this.answers.notify(answer));
    loadBalancer.forwardChanges.subscribe((change) => this.forwardChanges.notify(change));
    this.stops.push(() => loadBalancer.stop());
    await loadBalancer.start();
    this.refuseIfStopped();

    const alarms = new Alarms({ clock, metrics, templates: template.alarms, settings });
    alarms.transitions.subscribe((transition) => this.alarmTransitions.notify(transition));
    alarms.start();
    this.stops.push(() => alarms.stop());

    const runtime = createRuntime(runtimeName, {
      clock,
      region: template.region,
      environment: {
        ...(dynamoEndpoint !== undefined && { AWS_ENDPOINT_URL_DYNAMODB: dynamoEndpoint }),
        ...environment,
      },
      ...(onTaskLine && { onLine: onTaskLine }),
      ...(secrets && { secrets }),
      ...(onNotice && { onNotice }),
    });
    this.stops.push(() => runtime.close());
    const initialImage = `${this.image.repository}@${this.image.digest}`;
    const ecs = new Ecs({ template, clock, settings, loadBalancer, images, runtime, faults, initialImage });
    this.stops.push(() => ecs.close());
    ecs.start();
    await ecs.ready();
    this.refuseIfStopped();

    const functions = new Functions({
      clock,
      templates: template.functions,
      region: template.region,
      environment: () => ({ AWS_ENDPOINT_URL: this.endpoint, ...testUrl(template, loadBalancer) }),
      ...(onFunctionLine && { onLine: onFunctionLine }),
    });
    this.stops.push(() => functions.close());
    const invokeHook: InvokeHook = async (reference, event) => {
      if (!skipHooks) return functions.invoke(reference, event);
      // CodeDeploy knows the hook only after this call.
      await Promise.resolve();
      const { DeploymentId: deploymentId, LifecycleEventHookExecutionId: executionId } = event;
      codeDeploy.putHookStatus({ deploymentId, executionId, status: "Succeeded" });
    };
    const codeDeploy: CodeDeploy = new CodeDeploy({ template, clock, settings, ecs, loadBalancer, alarms, invokeHook });
    codeDeploy.changes.subscribe((deployment) => this.deploymentChanges.notify(deployment));
    codeDeploy.start();
    this.stops.push(() => codeDeploy.close());

    const parts: CloudParts = { loadBalancer, metrics, alarms, images, ecs, codeDeploy };
    const database = dynamoEndpoint !== undefined && { dynamoEndpoint };
    const server = new AwsServer({ template, clock, parts, settings, startedAt, ...database });
    await this.opened(listen(server, port), () => server.stop());
    this.running = { parts, server };
  }

  /** Starts an empty DynamoDB with the tables; gives its address. */
  private async startTables(tables: Template["tables"]): Promise<string> {
    const dynamo = await this.opened(startDynamo({ tables }), (opened) => opened.stop());
    void dynamo.exited.then((lines) => {
      this.fail(new Error(`the embedded DynamoDB exited unexpectedly:\n${lines.join("\n")}`));
    });
    return dynamo.endpoint;
  }

  /** Waits until a part is open, and registers its closing. */
  private async opened<Part>(opening: Promise<Part>, close: (part: Part) => Promise<void>): Promise<Part> {
    const part = await opening;
    this.stops.push(() => close(part));
    this.refuseIfStopped();
    return part;
  }

  private refuseIfStopped(): void {
    if (this.stopped) throw new Error("the local cloud was stopped while it started");
  }

  private async stopParts(): Promise<void> {
    const failures: unknown[] = [];
    const stopStarted = async () => {
      for (let stop = this.stops.pop(); stop; stop = this.stops.pop()) {
        // One part that does not stop must not keep the others running.
        await Promise.resolve()
          .then(stop)
          .catch((error: unknown) => failures.push(error));
      }
    };
    await stopStarted();
    // A part that was still starting throws after its start, because the cloud is stopped; it is stopped below.
    await this.starting?.catch(() => undefined);
    await stopStarted();
    if (failures.length === 0) return;
    throw new AggregateError(failures, `the local cloud did not stop cleanly: ${failures.map(messageOf).join("; ")}`);
  }

  private started(): Running {
    if (!this.running || this.stopped) throw new Error("the local cloud does not run: call start() first");
    return this.running;
  }
}

/** The variable TEST_URL of a Lambda function: the local address of the test listener. */
function testUrl({ deploymentGroup }: Template, loadBalancer: LoadBalancer): Readonly<Record<string, string>> {
  const [listener] = deploymentGroup.testListenerArns;
  return listener === undefined ? {} : { TEST_URL: loadBalancer.url(listener) };
}

/** @throws PortError when the port can't be used */
async function listen(server: AwsServer, port: number): Promise<void> {
  try {
    await server.start(port);
  } catch (error) {
    throw new PortError(port, error as NodeJS.ErrnoException);
  }
}
