import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AwsError } from "../aws-error";
import type { Cancel, Clock } from "../clock";
import { defaultRuleArn } from "../derived-ids";
import { Faults } from "../faults";
import type { MetricsPart } from "../metrics/part";
import type { CloudSettings } from "../settings";
import { type Observable, Subject } from "../subject";
import type { ListenerTemplate, Template, WeightedTargetGroup } from "../template";
import { sendErrorResponse, sendRawErrorResponse } from "./error-response";
import { Exchange, type ExchangeTools, MAX_HEADER_BYTES, type RequestEvent } from "./exchange";
import { type Trace, TraceIds, traceOf } from "./headers";
import {
  FIXED_RESPONSE_STATUS,
  type Answer,
  type ForwardChange,
  type ListenerRule,
  type LoadBalancerPart,
  type Target,
  type TargetHealth,
} from "./part";
import { httpProbe, type Probe } from "./probe";
import { Publisher } from "./publisher";
import { conditionsMatcher, type RuledRequest } from "./rule-conditions";
import { TargetGroup } from "./target-group";
import { WeightedChoice } from "./weighted-choice";

const HOST = "127.0.0.1";

/** How often the host counts are published, beside each change of them, in simulated milliseconds. */
const HOST_SAMPLE_MS = 10_000;

/** How often idle exchanges are searched for, in simulated milliseconds. */
const EXPIRY_CHECK_MS = 1_000;

/**
 * Shortest idle timeout of an exchange, in wall milliseconds. The cloud's clock may run much faster than the targets
 * respond: at speed 20, a timeout of 60 s is 3 s on this machine.
 */
const MIN_IDLE_WALL_MS = 10_000;

/**
 * After how many simulated milliseconds in which no byte moves the load balancer answers in the place of a target.
 * @param speed simulated milliseconds in one wall millisecond
 */
export function idleTimeoutMs(
  { idleTimeoutSeconds }: Pick<CloudSettings, "idleTimeoutSeconds">,
  speed: number,
): number {
  return Math.max(idleTimeoutSeconds * 1_000, MIN_IDLE_WALL_MS * speed);
}

interface Rule extends ListenerRule {
  readonly fits: (request: RuledRequest) => boolean;
  forward: readonly WeightedTargetGroup[];
  choice: WeightedChoice<TargetGroup>;
}

interface Listener {
  readonly template: ListenerTemplate;
  /** By priority; the default rule is the last. */
  readonly rules: readonly Rule[];
  server?: Server;
}

/** A request that has arrived, and the response to it. */
interface Arrived {
  readonly listener: Listener;
  readonly response: ServerResponse;
  readonly trace: Trace;
}

/** An Application Load Balancer: a real HTTP proxy in front of the targets on this machine. */
export class LoadBalancer implements LoadBalancerPart {
  private readonly clock: Clock;
  private readonly idleMs: number;
  private readonly idleConnectionMs: number;
  private readonly publisher: Publisher;
  private readonly tools: ExchangeTools;
  private readonly traceIds: TraceIds;
  private readonly groups: ReadonlyMap<string, TargetGroup>;
  private readonly listeners: ReadonlyMap<string, Listener>;
  private readonly requestSubject = new Subject<RequestEvent>();
  private readonly answerSubject = new Subject<Answer>();
  private readonly forwardSubject = new Subject<ForwardChange>();
  private timers: Cancel[] = [];
  private starting: Promise<void> | undefined;
  /** Every request, when it is over. */
  readonly requests: Observable<RequestEvent> = this.requestSubject;
  /** Every answer to a request, before the client can get it. Connections without a valid HTTP request have none. */
  readonly answers: Observable<Answer> = this.answerSubject;
  /** Every change of a rule's forward, after it is made. */
  readonly forwardChanges: Observable<ForwardChange> = this.forwardSubject;

  /**
   * @param input `template` has the target groups and listeners; `faults` are those that targets play; `probe` replaces the
   *   real health check in tests, and `random` (numbers in [0, 1)) the choice of the requests that a fault affects
   */
  constructor(input: {
    readonly template: Pick<Template, "loadBalancer" | "targetGroups" | "listeners">;
    readonly clock: Clock;
    readonly metrics: MetricsPart;
    readonly settings: CloudSettings;
    readonly faults?: Pick<Faults, "of" | "backgroundShare">;
    readonly probe?: Probe;
    readonly random?: () => number;
  }) {
    const { template, clock, metrics, settings } = input;
    const { faults = new Faults(), probe = httpProbe(clock), random = Math.random } = input;
    this.clock = clock;
    this.idleMs = idleTimeoutMs(settings, clock.speed);
    // An unused connection of a client counts wall time: Node closes it, not the simulation.
    this.idleConnectionMs = settings.idleTimeoutSeconds * 1_000;
    this.publisher = new Publisher(metrics, template.loadBalancer.arnSuffix, settings);
    const { realResponseMs } = settings;
    this.traceIds = new TraceIds(clock);
    this.tools = { clock, realResponseMs, requests: this.requestSubject, answers: this.answerSubject };
    const groupTools = { clock, probe, faults, random };
    this.groups = new Map(
      template.targetGroups.map((group) => [
        group.arn,
        new TargetGroup(group, this.publisher.forTargetGroup(group.arnSuffix), groupTools),
      ]),
    );
    this.listeners = new Map(
      template.listeners.map((listener) => [listener.arn, { template: listener, rules: this.rulesOf(listener) }]),
    );
  }

  /** Listens on free ports of the loopback interface. When it fails, `stop` closes what listens already. */
  start(): Promise<void> {
    this.starting = this.startListening();
    return this.starting;
  }

  private async startListening(): Promise<void> {
    for (const listener of this.listeners.values()) listener.server = await this.listen(listener);
    this.timers = [
      this.clock.every(HOST_SAMPLE_MS, () => {
        for (const group of this.groups.values()) group.publishHosts();
      }),
      this.clock.every(EXPIRY_CHECK_MS, () => {
        const now = this.clock.now();
        for (const group of this.groups.values()) group.expire(now, this.idleMs);
      }),
    ];
  }

  /** Closes all connections, ends all health checks and removes all targets; after the start when that is under way. */
  async stop(): Promise<void> {
    await this.starting?.catch(() => undefined);
    for (const cancel of this.timers) cancel();
    this.timers = [];
    for (const group of this.groups.values()) group.close();
    await Promise.all([...this.listeners.values()].map(close));
  }

  url(listenerArn: string): string {
    const address = this.listener(listenerArn).server?.address() as AddressInfo | null | undefined;
    if (!address) throw new Error(`the listener ${listenerArn} does not listen: start the load balancer first`);
    return `http://${HOST}:${address.port}`;
  }

  rules(listenerArn: string): readonly ListenerRule[] {
    return this.listener(listenerArn).rules.map(({ arn, priority, conditions, forward }) => ({
      arn,
      priority,
      conditions,
      forward,
    }));
  }

  setForward(ruleArn: string, forward: readonly WeightedTargetGroup[]): void {
    for (const [listenerArn, { rules }] of this.listeners) {
      const rule = rules.find(({ arn }) => arn === ruleArn);
      if (!rule) continue;
      rule.choice = this.choiceOf(forward);
      rule.forward = [...forward];
      this.forwardSubject.notify({ listenerArn, ruleArn, forward: rule.forward });
      return;
    }
    throw new AwsError("RuleNotFound", `Rules '${ruleArn}' not found`);
  }

  register(targetGroupArn: string, target: Target): void {
    this.group(targetGroupArn).register(target);
  }

  async deregister(targetGroupArn: string, targetId: string): Promise<void> {
    await this.group(targetGroupArn).deregister(targetId);
  }

  health(targetGroupArn: string): readonly TargetHealth[] {
    return this.group(targetGroupArn).health();
  }

  private rulesOf(listener: ListenerTemplate): readonly Rule[] {
    const sorted = [...(listener.rules ?? [])].sort((a, b) => a.priority - b.priority);
    const { arn, forward } = listener;
    const all = [...sorted, { arn: defaultRuleArn(arn), priority: "default" as const, conditions: {}, forward }];
    return all.map((rule) => ({
      ...rule,
      fits: conditionsMatcher(rule.conditions),
      choice: this.choiceOf(rule.forward),
    }));
  }

  private choiceOf(forward: readonly WeightedTargetGroup[]): WeightedChoice<TargetGroup> {
    return new WeightedChoice(
      forward.map(({ targetGroupArn, weight }) => ({ value: this.group(targetGroupArn), weight })),
    );
  }

  private group(arn: string): TargetGroup {
    const group = this.groups.get(arn);
    if (!group) throw new AwsError("TargetGroupNotFound", `Target groups '${arn}' not found`);
    return group;
  }

  private listener(arn: string): Listener {
    const listener = this.listeners.get(arn);
    if (!listener) throw new AwsError("ListenerNotFound", `Listeners '${arn}' not found`);
    return listener;
  }

  private listen(listener: Listener): Promise<Server> {
    const server = createServer(
      // Node would itself respond to a request without a host, and not as a load balancer does.
      { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: this.idleConnectionMs, requireHostHeader: false },
      (request, response) => this.handle(listener, request, response),
    );
    server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) =>
      this.refuse({ listener, response, trace: traceOf(request, this.traceIds) }, 417),
    );
    server.on("connect", (_, socket) => {
      this.publisher.loadBalancerResponse(405);
      sendRawErrorResponse(socket, 405);
    });
    server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      if (!socket.writable || error.code === "ECONNRESET") {
        socket.destroy();
        return;
      }
      const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
      this.publisher.loadBalancerResponse(status);
      sendRawErrorResponse(socket, status);
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, HOST, () => {
        server.off("error", reject);
        resolve(server);
      });
    });
  }

  private handle(listener: Listener, request: IncomingMessage, response: ServerResponse): void {
    const trace = traceOf(request, this.traceIds);
    const arrived = { listener, response, trace };
    if (request.method === "TRACE") {
      this.refuse(arrived, 405);
      return;
    }
    if (request.httpVersion === "1.1" && request.headers.host === undefined) {
      this.refuse(arrived, 400);
      return;
    }
    // The default rule, the last one, has no conditions.
    const rule = listener.rules.find(({ fits }) => fits(request));
    if (!rule || rule.forward.length === 0) {
      this.respond(arrived, FIXED_RESPONSE_STATUS);
      return;
    }
    const group = rule.choice.next();
    const entry = group?.next();
    if (!group || !entry) {
      this.refuse(arrived, 503, group);
      return;
    }
    const exchange = new Exchange(
      this.tools,
      {
        listenerArn: listener.template.arn,
        listenerPort: String(listener.template.port),
        targetGroupArn: group.template.arn,
        publisher: group.publisher,
        target: entry.target,
        effect: group.effectOn(entry, request.url ?? ""),
        trace,
        agent: entry.agent,
        onEnd: (ended) => group.exchangeEnded(entry, ended),
      },
      request,
      response,
    );
    entry.inFlight.add(exchange);
    exchange.start();
  }

  /** Responds to a request that is not forwarded to a target. */
  private refuse(arrived: Arrived, status: number, group?: TargetGroup): void {
    (group?.publisher ?? this.publisher).loadBalancerResponse(status);
    this.send(arrived, status, group);
  }

  /** Gives the fixed response of a listener's default action. */
  private respond(arrived: Arrived, status: number): void {
    this.publisher.fixedResponse();
    this.send(arrived, status);
  }

  private send({ listener, response, trace }: Arrived, status: number, group?: TargetGroup): void {
    const at = this.clock.now();
    const { arn } = listener.template;
    this.answerSubject.notify({
      traceId: trace.id,
      listenerArn: arn,
      arrivedAt: at,
      status,
      source: "load-balancer",
    });
    sendErrorResponse(response, status);
    const targetGroupArn = group?.template.arn;
    this.requestSubject.notify({
      at,
      listenerArn: arn,
      targetGroupArn,
      status,
      durationMs: 0,
      source: "load-balancer",
    });
  }
}

async function close(listener: Listener): Promise<void> {
  const { server } = listener;
  listener.server = undefined;
  if (!server) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
