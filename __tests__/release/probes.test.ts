import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Config } from "../../stacks/config";
import type { AwsPort } from "../../scripts/release/aws-port";
import type { ReleaseEvent } from "../../scripts/release/events";
import { elsewhere } from "../../scripts/release/listener-rules";
import { readProbePlan, type ProbePlan } from "../../scripts/release/probe-plan";
import { ListenerUnreachable, sendProbe, type ProbeRequest, type SendProbe } from "../../scripts/release/probe-request";
import { probeSentences, Probes } from "../../scripts/release/probes";
import type { Snapshot } from "../../scripts/release/snapshot";
import {
  always,
  awsError,
  config,
  fakeAws,
  forwardRule,
  LISTENER,
  LOAD_BALANCER_INFO,
  SleepingClock,
  snapshot,
  target,
  TARGET_GROUPS,
} from "./fakes";

const TEST_LISTENER = LISTENER.replace(/l1$/, "l2");
const [PAIR] = LOAD_BALANCER_INFO.targetGroupPairInfoList ?? [];
const group = {
  loadBalancerInfo: {
    targetGroupPairInfoList: [{ ...PAIR, testTrafficRoute: { listenerArns: [TEST_LISTENER] } }],
  },
};
const toUs: Rule = { ...forwardRule(100, 0), Priority: "default", IsDefault: true };
const rule = (Priority: string, Conditions: Rule["Conditions"], changes: Rule = forwardRule(100, 0)): Rule => ({
  ...{ Priority, Conditions, IsDefault: false },
  ...changes,
});
const host = (...Values: string[]) => ({ Field: "host-header", HostHeaderConfig: { Values } });
const paths = (...Values: string[]) => ({ Field: "path-pattern", PathPatternConfig: { Values } });
const foreign: Rule = { Actions: [{ Type: "forward", TargetGroupArn: "arn:other" }] };
const redirect: Rule = { Actions: [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301" } }] };

describe("the rules of a listener", () => {
  const asked = { host: "shop.example.com", path: "/health" };

  it.each<readonly [string, readonly Rule[]]>([
    ["its default action", [toUs]],
    ["a rule for its host, in any case", [foreignDefault(), rule("5", [host("SHOP.example.com")])]],
    ["a rule with wildcards", [foreignDefault(), rule("5", [host("*.example.com"), paths("/heal?h", "/x")])]],
    ["a rule for GET", [foreignDefault(), rule("5", [method("GET")])]],
    ["a rule before one that doesn't fit", [rule("20", [host("shop.example.com")], foreign), rule("3", [])]],
    ["a rule after one for another path", [toUs, rule("1", [paths("/admin/*"), { Field: "source-ip" }], foreign)]],
  ])("send a request to the service by %s", (_, rules) => {
    expect(elsewhere(rules, asked, TARGET_GROUPS)).toBeUndefined();
  });

  it.each<readonly [string, readonly Rule[], RegExp]>([
    ["another service's rule comes first", [toUs, rule("7", [paths("/h*")], foreign)], /its rule 7 sends it elsewhere/],
    ["the default action is another's", [foreignDefault()], /its default action sends it elsewhere/],
    ["it is redirected", [{ ...redirect, IsDefault: true }], /its default action sends it elsewhere/],
    ["one of two target groups is another's", [twoGroups()], /sends it elsewhere/],
    ["a login comes first", [rule("1", [], login())], /its rule 1 sends it elsewhere/],
    ["a condition can't be checked", [toUs, rule("2", [{ Field: "source-ip" }], foreign)], /its rule 2 may send/],
    ["a condition is a regular expression", [toUs, rule("2", [regex()], foreign)], /its rule 2 may send it elsewhere/],
    ["there are none", [], /no rule of the listener/],
  ])("may not send it there when %s", (_, rules, why) => {
    expect(elsewhere(rules, asked, TARGET_GROUPS)).toMatch(why);
  });

  function foreignDefault(): Rule {
    return { ...foreign, IsDefault: true, Priority: "default" };
  }
  function method(...Values: string[]) {
    return { Field: "http-request-method", HttpRequestMethodConfig: { Values } };
  }
  function regex() {
    return { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/h"] } };
  }
  function login(): Rule {
    return { Actions: [{ Type: "authenticate-oidc" }, ...forwardRule(100, 0).Actions] };
  }
  function twoGroups(): Rule {
    const groups = [...TARGET_GROUPS, "arn:other"].map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 }));
    return { IsDefault: true, Actions: [{ Type: "forward", ForwardConfig: { TargetGroups: groups } }] };
  }
});

describe("the plan of a release's own requests", () => {
  const read = (
    aws: Partial<AwsPort> = {},
    changes: Partial<Pick<Config, "delivery" | "loadBalancer">> = {},
    of = group,
  ) => readProbePlan(fakeAws({ describeRules: always({ Rules: [toUs] }), ...aws }), { ...config, ...changes }, of);

  it("asks the health check's path through both listeners, and says so", async () => {
    const describeTargetGroups = always({
      TargetGroups: TARGET_GROUPS.map((TargetGroupArn) => ({
        ...{ TargetGroupArn, HealthCheckPath: "/ready", Matcher: { HttpCode: "204" } },
      })),
    });
    const { plan, notes, warnings } = await read({ describeTargetGroups });
    const address = { protocol: "http:", hostname: "lb.elb.example", requests: [{ path: "/ready", headers: {} }] };
    expect(plan).toMatchObject({
      maxRequests: 200,
      testListener: { ...address, port: 9090 },
      production: { ...address, port: 80 },
    });
    expect(plan?.production).not.toHaveProperty("host");
    expect(plan?.production?.requests[0].isExpected(204)).toBe(true);
    expect(plan?.production?.requests[0].isExpected(200)).toBe(false);
    expect(warnings).toEqual([]);
    expect(notes.join("\n")).toMatch(/at most 200 requests .* also to production\nbefore .*:9090: GET \/ready\nduring/);
  });

  it("adds the requests of delivery.probe that are GET, without templates and bodies", async () => {
    const probe: Config["delivery"]["probe"] = [
      { method: "GET", path: "/orders?a=$${b}", headers: { accept: "text/html" }, expect: [401, 403] },
      { method: "GET", path: "/orders/${uuid}" },
      { method: "GET", path: "/orders", headers: { "x-id": "${uuid}" } },
      { method: "GET", path: "/orders", body: {} },
      { method: "POST", path: "/orders" },
    ];
    const { plan, warnings } = await read({}, { delivery: { ...config.delivery, probe } });
    expect(plan?.production?.requests).toMatchObject([
      { path: "/" },
      { path: "/orders?a=${b}", headers: { accept: "text/html" } },
    ]);
    expect(plan?.production?.requests[1]?.isExpected(403)).toBe(true);
    expect(warnings.join()).toMatch(/4 of the requests in delivery\.probe are not sent/);
  });

  const https = { describeListeners: listening("HTTPS") };
  const named = (domainName: string) => ({ ...config.loadBalancer, https: { domainName } });

  it("asks as the service's own name with HTTPS", async () => {
    const { plan, warnings } = await read(https, { loadBalancer: named("shop.example.com") });
    expect(plan?.production).toMatchObject({
      protocol: "https:",
      hostname: "lb.elb.example",
      host: "shop.example.com",
    });
    expect(warnings).toEqual([]);
  });

  it("says that a certificate's name isn't compared when the service's name isn't known", async () => {
    const { plan, warnings } = await read(https);
    expect(plan?.production).not.toHaveProperty("host");
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).toMatch(/certificate must be valid, but its name is not compared/);
  });

  it("asks as a host of the service's own rule, without wildcards", async () => {
    const rules = [{ ...foreign, IsDefault: true }, rule("9", [host("*.example.com", "shop.example.com")])];
    const { plan } = await read({ describeRules: always({ Rules: rules }) });
    expect(plan?.production).toMatchObject({ host: "shop.example.com" });
  });

  it("leaves out what another service would get, and says so", async () => {
    const probe: Config["delivery"]["probe"] = [{ method: "GET", path: "/admin/x?y=1" }];
    const describeRules = always({ Rules: [toUs, rule("3", [paths("/admin/*")], foreign)] });
    const { plan, warnings } = await read({ describeRules }, { delivery: { ...config.delivery, probe } });
    expect(plan?.production?.requests.map(({ path }) => path)).toEqual(["/"]);
    expect(warnings).toContainEqual(
      "not sent through the production listener: GET /admin/x?y=1: its rule 3 sends it elsewhere",
    );
  });

  it("has no production part, or no test part, when only that can't be reached", async () => {
    const describeRules: AwsPort["describeRules"] = ({ ListenerArn }) =>
      Promise.resolve({ Rules: ListenerArn === LISTENER ? [{ ...redirect, IsDefault: true }] : [toUs] });
    expect((await read({ describeRules })).plan).toMatchObject({ testListener: {} });
    expect((await read({ describeRules })).plan).not.toHaveProperty("production");
    const { plan, warnings } = await read({}, {}, { loadBalancerInfo: LOAD_BALANCER_INFO } as typeof group);
    expect(plan).not.toHaveProperty("testListener");
    expect(warnings.join()).toMatch(/through the test listener: the deployment group has none/);
  });

  it.each<readonly [string, Partial<AwsPort>, RegExp]>([
    [
      "a permission is missing",
      { describeListeners: always<never>(awsError("AccessDenied", "no")) },
      /AccessDenied: no/,
    ],
    ["the rules can't be read", { describeRules: always<never>(awsError("Throttling", "slow")) }, /Throttling: slow/],
    ["only others' rules fit", { describeRules: always({ Rules: [{ ...foreign, IsDefault: true }] }) }, /elsewhere/],
    ["there are no listeners", { describeListeners: always({ Listeners: [] }) }, /port or its address is not known/],
    ["there is no load balancer", { describeLoadBalancers: always({ LoadBalancers: [] }) }, /address is not known/],
    ["it isn't HTTP", { describeListeners: listening("TLS") }, /its protocol is TLS/],
    ["there are no target groups", { describeTargetGroups: always({ TargetGroups: [] }) }, /were not found/],
  ])("is none, with a warning, when %s", async (_, aws, why) => {
    const { plan, notes, warnings } = await read(aws);
    expect(plan).toBeUndefined();
    expect(notes).toEqual([]);
    expect(warnings.join("\n")).toMatch(why);
    expect(warnings.join("\n")).toMatch(/sends no requests of its own, as with gate\.lowTraffic warn/);
  });

  it("is none for a group without listeners", async () => {
    expect(await read({}, {}, { loadBalancerInfo: {} } as typeof group)).not.toHaveProperty("plan");
  });

  function listening(Protocol: "HTTPS" | "TLS"): AwsPort["describeListeners"] {
    return async (input) => {
      const { Listeners = [] } = await fakeAws().describeListeners(input);
      return { Listeners: Listeners.map((one) => ({ ...one, Protocol })) };
    };
  }
});

const listener = (port: number, ...asked: string[]) => {
  const [path = "/health", ...others] = asked;
  const request = (one: string) => ({ path: one, headers: {}, isExpected: (status: number) => status === 200 });
  return {
    ...{ protocol: "http:" as const, hostname: "lb", port },
    requests: [request(path), ...others.map(request)] as const,
  };
};
const PLAN: ProbePlan = { maxRequests: 10, testListener: listener(9090), production: listener(80) };
const seen = (state: Partial<Snapshot>, at = 1_700_000_000_000) => snapshot({ at, awsTime: at, ...state });
const TESTING = { target: target({ AllowTestTraffic: "Succeeded", AllowTraffic: "Pending" }, 0) };
const canary = (share: number) => ({
  target: target({ AllowTestTraffic: "Succeeded", AllowTraffic: "InProgress" }, share),
});

/** Probes on a clock that a test moves in steps of 10 ms. */
function probing(answer: SendProbe = () => Promise.resolve(200), plan = PLAN, shiftMinutes = 5) {
  const clock = new SleepingClock();
  const events: ReleaseEvent[] = [];
  const sent: { readonly at: number; readonly port: number; readonly path: string; readonly signal: AbortSignal }[] =
    [];
  const send: SendProbe = (probe) => {
    sent.push({ at: clock.now(), port: probe.target.port, path: probe.request.path, signal: probe.signal });
    return answer(probe);
  };
  const probes = new Probes({ send, clock, emit: (event) => events.push(event) }, plan, shiftMinutes);
  const pass = async (ms: number) => {
    for (const end = clock.now() + ms; clock.now() < end;) {
      clock.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const see = (state: Partial<Snapshot>) => probes.see(seen(state, clock.now()));
  const warnings = () => events.flatMap((event) => (event.type === "warning" ? [event.text] : []));
  return { clock, probes, pass, see, sent, events, warnings };
}

describe("the requests of a release", () => {
  it("go through the test listener before traffic shifts, half of them, and through production in the canary", async () => {
    const { probes, pass, see, sent } = probing();
    see({});
    see({ target: target({ AllowTestTraffic: "InProgress", AllowTraffic: "Pending" }) });
    await pass(100);
    expect(sent).toHaveLength(0);
    see(TESTING);
    await pass(2_000);
    expect(sent.map(({ port }) => port)).toEqual(Array(5).fill(9090));
    see(canary(10));
    await pass(290_000);
    expect(sent.slice(5).map(({ port }) => port)).toEqual(Array(5).fill(80));
    probes.cancel();
    expect(probes.report).toEqual({
      testListener: { sent: 5, failed: 0, unanswered: 0, statuses: { 200: 5 } },
      production: { sent: 5, failed: 0, unanswered: 0, statuses: { 200: 5 } },
    });
    expect(probeSentences(probes.report)).toEqual([
      "this release sent 5 requests of its own through the test listener: 5 answered 200",
      "this release sent 5 requests of its own through the production listener: 5 answered 200",
    ]);
  });

  it("all go through production when the test phase is not seen, spread over the part of the canary that is judged", async () => {
    const { pass, see, sent, clock } = probing();
    const from = clock.now();
    see(canary(10));
    await pass(290_000);
    expect(sent).toHaveLength(10);
    expect(Math.max(...sent.map(({ at }) => at - from))).toBeLessThan(105_000);
    expect((sent[9]?.at ?? 0) - from).toBeGreaterThan(60_000);
  });

  it("are never faster than 20 a second, over both listeners, nor more than their number", async () => {
    const { pass, see, sent } = probing(undefined, { ...PLAN, maxRequests: 10_000 });
    see(TESTING);
    await pass(3_000);
    see(canary(10));
    await pass(290_000);
    const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
    expect(sent.length).toBeGreaterThan(500);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(50);
  });

  it("ask each path in turn", async () => {
    const { pass, see, sent } = probing(undefined, {
      maxRequests: 4,
      testListener: listener(9090, "/health", "/orders"),
    });
    see(TESTING);
    await pass(1_000);
    expect(sent.map(({ path }) => path)).toEqual(["/health", "/orders", "/health", "/orders"]);
  });

  it.each<readonly [string, Partial<Snapshot>]>([
    ["all traffic has moved", canary(100)],
    ["the deployment has ended", { deployment: { id: "d-1", status: "Stopped" } }],
    ["a rollback is under way", { rollback: { id: "d-2", status: "InProgress" } }],
  ])("end at once when %s", async (_, state) => {
    const { probes, pass, see, sent } = probing(() => new Promise(() => undefined), { ...PLAN, maxRequests: 1_000 });
    see(canary(10));
    await pass(100);
    expect(sent).toHaveLength(1);
    see({ ...canary(10), ...state });
    expect(sent[0]?.signal.aborted).toBe(true);
    see(canary(10));
    await pass(10_000);
    expect(sent).toHaveLength(1);
    expect(probes.report.production).toMatchObject({ sent: 1, failed: 0, unanswered: 1 });
  });

  it("pause while the weights can't be read, and in a shift", async () => {
    const { pass, see, sent } = probing();
    see({ ...canary(10), unread: [{ part: "steps", why: "throttled" }] });
    see(canary(0));
    await pass(1_000);
    expect(sent).toHaveLength(0);
  });

  it("leave nothing open after ten without an answer", async () => {
    let count = 0;
    const { pass, see, sent } = probing(
      () => ((count += 1) === 1 ? Promise.resolve(200) : new Promise(() => undefined)),
      { ...PLAN, maxRequests: 1_000 },
    );
    see(TESTING);
    await pass(5_000);
    expect(sent).toHaveLength(11);
  });

  it("end for a listener that can't be reached, which is said once; the other one gets its own", async () => {
    const { probes, pass, see, sent, warnings } = probing(({ target: { port } }) =>
      port === 9090 ? Promise.reject(new ListenerUnreachable("connect ETIMEDOUT")) : Promise.resolve(200),
    );
    see(TESTING);
    await pass(1_000);
    see(TESTING);
    see(canary(10));
    await pass(290_000);
    probes.cancel();
    expect(sent.map(({ port }) => port)).toEqual([9090, ...Array<number>(10).fill(80)]);
    expect(warnings()).toEqual([
      "the test listener can't be reached from here (connect ETIMEDOUT): no requests are sent through it, as with gate.lowTraffic warn",
    ]);
    expect(probes.report.testListener.sent).toBe(0);
  });

  it.each<readonly [string, SendProbe, string]>([
    ["with the wrong status", () => Promise.resolve(503), "5 answered 503"],
    ["not at all", () => Promise.reject(new Error("socket hang up")), "5 unanswered"],
  ])("are told when all are answered %s, and decide nothing", async (_, answer, words) => {
    const { probes, pass, see, warnings } = probing(answer);
    see(TESTING);
    await pass(2_000);
    probes.cancel();
    expect(warnings()).toEqual([
      `this release sent 5 requests of its own through the test listener: ${words}; none was answered as expected, and the alarms alone decide`,
    ]);
  });

  it("count for the new version with its share of the traffic when they were sent", async () => {
    const { probes, pass, see, clock } = probing();
    const minute = Math.floor(clock.now() / 60_000) * 60_000;
    see(TESTING);
    await pass(1_000);
    see(canary(20));
    await pass(200_000);
    const all = [0, 1, 2, 3, 4].map((index) => probes.own.reachedIn(minute + index * 60_000));
    expect(all.reduce((sum, one) => sum + one, 0)).toBeCloseTo(5 + 5 * 0.2, 6);
    expect(probes.own.asked).toBe("GET /health");
  });
});

describe("a request of a release", () => {
  const served = async (answer: RequestListener, action: (port: number) => Promise<void>) => {
    const server = createServer(answer);
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      await action((server.address() as AddressInfo).port);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };
  const request = (port: number, rest: Partial<ProbeRequest> = {}): ProbeRequest => ({
    target: { protocol: "http:", hostname: "localhost", port, host: "shop.example.com" },
    request: { path: "/health?x=1", headers: { Accept: "text/html" } },
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    ...rest,
  });

  it("is a GET with its headers and the service's name, and follows no redirect", async () => {
    const asked: object[] = [];
    const answer: RequestListener = ({ method, url, headers }, response) => {
      asked.push({ method, url, host: headers.host, accept: headers.accept, agent: headers["user-agent"] });
      response.writeHead(302, { location: "/elsewhere" }).end("moved");
    };
    await served(answer, async (port) => {
      expect(await sendProbe(request(port))).toBe(302);
    });
    expect(asked).toEqual([
      ...[{ method: "GET", url: "/health?x=1", host: "shop.example.com", accept: "text/html", agent: "release-probe" }],
    ]);
  });

  it("can't reach a listener that refuses the connection, or speaks no TLS", async () => {
    await expect(sendProbe(request(9))).rejects.toThrow(ListenerUnreachable);
    await served(
      (_, response) => response.end(),
      async (port) => {
        const { target: http } = request(port);
        await expect(sendProbe(request(port, { target: { ...http, protocol: "https:" } }))).rejects.toThrow(
          ListenerUnreachable,
        );
      },
    );
  });

  it.each<readonly [string, RequestListener]>([
    ["no answer comes back", ({ socket }) => socket.destroy()],
    [
      "a part of one comes back",
      (_, response) => {
        response.writeHead(200, { "content-length": "10" });
        response.write("half", () => response.destroy());
      },
    ],
  ])("is unanswered when the connection is made and %s", async (_, answer) => {
    await served(answer, async (port) => {
      const error: unknown = await sendProbe(request(port)).catch((reason: unknown) => reason);
      expect(error).toHaveProperty("message");
      expect(error).not.toBeInstanceOf(ListenerUnreachable);
    });
  });

  it("ends after its timeout", async () => {
    await served(
      () => undefined,
      async (port) => {
        await expect(sendProbe(request(port, { timeoutMs: 1 }))).rejects.toThrow("no answer within 0.001 s");
      },
    );
  });

  it("ends when it is told to", async () => {
    const end = new AbortController();
    await served(
      () => end.abort(),
      async (port) => {
        await expect(sendProbe(request(port, { signal: end.signal }))).rejects.toThrow();
      },
    );
  });
});
