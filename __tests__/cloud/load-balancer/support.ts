import http, { createServer, type Agent, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { defaultRuleArn } from "../../../scripts/cloud/derived-ids";
import { Faults } from "../../../scripts/cloud/faults";
import type { RequestEvent } from "../../../scripts/cloud/load-balancer/exchange";
import type { CheckResult } from "../../../scripts/cloud/load-balancer/health";
import { LoadBalancer } from "../../../scripts/cloud/load-balancer/load-balancer";
import type { Answer, Target } from "../../../scripts/cloud/load-balancer/part";
import { Metrics } from "../../../scripts/cloud/metrics/metrics";
import { clockBoundaries } from "../../../scripts/cloud/metrics/periods";
import { type CloudSettings, DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import type { ListenerTemplate, TargetGroupTemplate, WeightedTargetGroup } from "../../../scripts/cloud/template";

export const PRODUCTION = "arn:listener/production";
export const TEST = "arn:listener/test";
export const ONE = "arn:targetgroup/one";
export const TWO = "arn:targetgroup/two";
export const START = 1_700_000_040_000;

const group = (arn: string, name: string): TargetGroupTemplate => ({
  name,
  arn,
  arnSuffix: `targetgroup/${name}/1`,
  port: 8080,
  deregistrationDelay: 30,
  healthCheck: {
    path: "/health",
    interval: 30,
    timeout: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    matcher: "200",
  },
});

/** Two target groups behind a production and a test listener, as the stacks have them. */
export const template = {
  loadBalancer: { name: "lb", arn: "arn:lb", arnSuffix: "app/lb/1", dnsName: "lb.example" },
  targetGroups: [group(ONE, "one"), group(TWO, "two")],
  listeners: [
    {
      arn: PRODUCTION,
      port: 80,
      protocol: "HTTP",
      forward: [
        { targetGroupArn: ONE, weight: 100 },
        { targetGroupArn: TWO, weight: 0 },
      ],
    },
    { arn: TEST, port: 9090, protocol: "HTTP", forward: [{ targetGroupArn: TWO, weight: 100 }] },
  ],
};

/** What a client got. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** What a client sends; a plain GET without. */
export interface Send {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string;
  readonly agent?: Agent;
}

/** Everything a test opened, closed in one go; see `world`. */
export class World {
  readonly clock = new SteppedClock(START);
  readonly metrics = new Metrics({ clock: this.clock, settings: DEFAULT_SETTINGS });
  readonly events: RequestEvent[] = [];
  readonly answers: Answer[] = [];
  /** What the health checks of a target find, by its id; 200 without. */
  readonly checks = new Map<string, CheckResult>();
  readonly faults = new Faults();
  /** What the choice of the requests that a fault affects draws. */
  random: () => number = () => 0;
  readonly balancer: LoadBalancer;
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private waiting: (() => void)[] = [];

  constructor(settings: Partial<CloudSettings> = {}, listeners: readonly ListenerTemplate[] = template.listeners) {
    this.balancer = new LoadBalancer({
      template: { ...template, listeners },
      clock: this.clock,
      metrics: this.metrics,
      settings: { ...DEFAULT_SETTINGS, ...settings },
      faults: this.faults,
      random: () => this.random(),
      probe: ({ target }) => Promise.resolve(this.checks.get(target.id) ?? { kind: "answered", status: 200 }),
    });
    this.balancer.answers.subscribe((answer) => this.answers.push(answer));
    this.balancer.requests.subscribe((event) => {
      this.events.push(event);
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  /** Where a listener's default rule forwards to. */
  forward(listenerArn: string): readonly WeightedTargetGroup[] {
    return this.balancer.rules(listenerArn).at(-1)?.forward ?? [];
  }

  /** Changes where a listener's default rule forwards to. */
  setForward(listenerArn: string, forward: readonly WeightedTargetGroup[]): void {
    this.balancer.setForward(defaultRuleArn(listenerArn), forward);
  }

  /** Resolves when the load balancer has notified of `count` requests. */
  async ended(count: number): Promise<readonly RequestEvent[]> {
    while (this.events.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.events;
  }

  /** Starts a target process and gives it an address in the cloud; it is registered nowhere yet. */
  async target(id: string, listener: RequestListener): Promise<Target> {
    return { id, port: 8080, address: await this.listen(createServer(listener)) };
  }

  /** A target that speaks plain TCP. */
  async rawTarget(id: string, listener: (socket: Socket) => void): Promise<Target> {
    return { id, port: 8080, address: await this.listen(createTcpServer(listener)) };
  }

  /** A target on a port where nothing listens. */
  async deadTarget(id: string): Promise<Target> {
    const server = createTcpServer();
    const address = await this.listen(server);
    await new Promise((resolve) => server.close(resolve));
    return { id, port: 8080, address };
  }

  /** Starts targets that answer with their id, registers them, and steps to their first health check. */
  async serve(targetGroupArn: string, ...ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const target = await this.target(id, (_, response) => void response.end(id));
      this.balancer.register(targetGroupArn, target);
    }
    await this.clock.step(1_000);
  }

  /** Sends a request through a listener. */
  send(listenerArn: string, { method = "GET", path = "/", headers = {}, body, agent }: Send = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const options = { method, headers: { ...length, ...headers }, agent };
      const request = http.request(`${this.balancer.url(listenerArn)}${path}`, options);
      request.on("error", reject);
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const { statusCode = 0, rawHeaders } = response;
          const text = Buffer.concat(chunks).toString();
          resolve({ status: statusCode, headers: response.headers, rawHeaders, body: text });
        });
      });
      request.end(body);
    });
  }

  /** Sum of a load balancer metric so far; with a target group's name, of that group. Undefined when it is missing. */
  async sum(metricName: string, targetGroup?: string): Promise<number | undefined> {
    return (await this.minutes(metricName, "Sum", targetGroup)).reduce<number | undefined>(
      (a, b) => (a ?? 0) + b,
      undefined,
    );
  }

  /** A statistic of a metric by minute, after stepping the clock until everything is published. */
  async minutes(metricName: string, statistic: string, targetGroup?: string): Promise<readonly number[]> {
    const to = this.clock.now() + 60_000;
    await this.clock.step(180_000);
    const dimensions = {
      LoadBalancer: "app/lb/1",
      ...(targetGroup === undefined ? {} : { TargetGroup: `targetgroup/${targetGroup}/1` }),
    };
    const query = { namespace: "AWS/ApplicationELB", metricName, dimensions, period: 60, statistic };
    return this.metrics.read(query, clockBoundaries(START, to, 60)).map(({ value }) => value);
  }

  async close(): Promise<void> {
    await this.balancer.stop();
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  private async listen(server: Server): Promise<{ readonly host: string; readonly port: number }> {
    server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.servers.push(server);
    return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  }
}

/** A promise and the function that resolves it. */
export function signal<T = void>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
