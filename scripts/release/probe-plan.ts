import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { Listener, LoadBalancer, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Config } from "../../stacks/config";
import { matcherOf } from "../../stacks/config/matcher";
import type { ProbeStep } from "../../stacks/config/request-schema";
import { filledText, isExpectedStatus, referencesIn } from "../../stacks/config/request-templates";
import type { AwsPort } from "./aws-port";
import { explain } from "./failure";
import { elsewhere } from "./listener-rules";
import { rulesOfListener } from "./load-balancer";

/** A listener of the load balancer, as the report names it. */
export type ProbeListener = "testListener" | "production";

/** A GET request that a release sends by itself. */
export interface PlannedProbe {
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether an answer with this status is a good one. */
  readonly isExpected: (status: number) => boolean;
}

/** Where the requests of a listener go. */
export interface ProbeTarget {
  readonly protocol: "http:" | "https:";
  /** DNS name of the load balancer, to which the connection goes. */
  readonly hostname: string;
  readonly port: number;
  /** The Host header, and with HTTPS the name that the certificate must have; absent: the load balancer's, and any certificate's. */
  readonly host?: string;
  /** At least one. They are sent in turn. */
  readonly requests: readonly [PlannedProbe, ...PlannedProbe[]];
}

/** The requests that a release sends by itself. A listener is absent when nothing can be sent through it. */
export interface ProbePlan extends Readonly<Partial<Record<ProbeListener, ProbeTarget>>> {
  /** The most requests in all. */
  readonly maxRequests: number;
}

/** The plan, and what people should know about it. */
export interface ProbeFacts {
  /** Absent when nothing can be sent. */
  readonly plan?: ProbePlan;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** How people call a listener. */
export const LISTENER_WORDS: Readonly<Record<ProbeListener, string>> = {
  testListener: "the test listener",
  production: "the production listener",
};

const ONLY_WARNS = "as with gate.lowTraffic warn";

/**
 * Finds out where a release can send requests of its own: which address the listeners have, and which requests their rules send to
 * the service. Never throws: what can't be read or sent becomes a warning, and the release goes on as with `warn`.
 */
export async function readProbePlan(
  aws: Pick<AwsPort, "describeListeners" | "describeLoadBalancers" | "describeRules" | "describeTargetGroups">,
  config: Pick<Config, "gate" | "delivery" | "loadBalancer">,
  group: DeploymentGroupInfo,
): Promise<ProbeFacts> {
  const pair = group.loadBalancerInfo?.targetGroupPairInfoList?.[0];
  const names = (pair?.targetGroups ?? []).flatMap(({ name }) => name ?? []);
  const arns: Readonly<Record<ProbeListener, string | undefined>> = {
    testListener: pair?.testTrafficRoute?.listenerArns?.[0],
    production: pair?.prodTrafficRoute?.listenerArns?.[0],
  };
  const given = Object.values(arns).flatMap((arn) => arn ?? []);
  if (names.length === 0 || given.length === 0) {
    return none("the deployment group names no target groups or no listener");
  }
  let read;
  try {
    read = await readListeners(aws, names, [...new Set(given)]);
  } catch (error) {
    const { type, message } = explain(error);
    return none(`${type}: ${message}`);
  }
  const [targetGroup] = read.targetGroups;
  if (!targetGroup) return none("the target groups of the deployment group were not found");
  const { requests, leftOut } = requestsOf(targetGroup, config.delivery.probe);
  const context = { ...read, requests, hosts: hostsOf(config) };
  const testListener = targetOf(context, "testListener", arns.testListener);
  const production = targetOf(context, "production", arns.production);
  const warnings = [...leftOut, ...testListener.warnings, ...production.warnings];
  if (!testListener.target && !production.target) {
    return { notes: [], warnings: [...warnings, `this release sends no requests of its own, ${ONLY_WARNS}`] };
  }
  const maxRequests = config.gate.probeRequests;
  return {
    plan: {
      maxRequests,
      ...(testListener.target && { testListener: testListener.target }),
      ...(production.target && { production: production.target }),
    },
    notes: [
      `gate.lowTraffic is "probe": this release sends at most ${maxRequests} requests of its own, also to production`,
      ...noteOf("testListener", testListener.target),
      ...noteOf("production", production.target),
    ],
    warnings,
  };
}

function none(why: string): ProbeFacts {
  return { notes: [], warnings: [`this release sends no requests of its own, ${ONLY_WARNS}: ${why}`] };
}

/** Requests as people read them, such as `GET /health, GET /orders`. */
export function askedIn({ requests }: Pick<ProbeTarget, "requests">): string {
  return [...new Set(requests.map(({ path }) => `GET ${path}`))].join(", ");
}

function noteOf(listener: ProbeListener, target: ProbeTarget | undefined): readonly string[] {
  if (!target) return [];
  const { protocol, hostname, port, host } = target;
  const when = listener === "testListener" ? "before traffic shifts" : "during the canary";
  const as = host === undefined ? "" : ` as ${host}`;
  return [`${when}, to ${protocol}//${hostname}:${port}${as}: ${askedIn(target)}`];
}

async function readListeners(
  aws: Parameters<typeof readProbePlan>[0],
  names: readonly string[],
  listenerArns: readonly string[],
) {
  const [{ TargetGroups = [] }, { Listeners = [] }, ...rules] = await Promise.all([
    aws.describeTargetGroups({ Names: [...names] }),
    aws.describeListeners({ ListenerArns: [...listenerArns] }),
    ...listenerArns.map(async (arn) => ({ arn, rules: await rulesOfListener(aws, arn) })),
  ]);
  const balancers = new Set(Listeners.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []));
  const { LoadBalancers = [] } =
    balancers.size === 0 ? {} : await aws.describeLoadBalancers({ LoadBalancerArns: [...balancers] });
  return { targetGroups: TargetGroups, listeners: Listeners, loadBalancers: LoadBalancers, rules };
}

/** The health check, and the requests of `delivery.probe` that are sent as they are. */
function requestsOf({ HealthCheckPath = "/", Matcher }: TargetGroup, steps: readonly ProbeStep[]) {
  const isHealthy = matcherOf(Matcher?.HttpCode ?? "200");
  const health: PlannedProbe = {
    path: HealthCheckPath,
    headers: {},
    isExpected: (status) => isHealthy?.(status) ?? isExpectedStatus(status, undefined),
  };
  const usable = steps.filter(
    ({ method, path, headers = {}, body }) =>
      method === "GET" && body === undefined && [path, ...Object.values(headers)].every(hasNoTemplate),
  );
  const own = usable.map(({ path, headers = {}, expect }): PlannedProbe => ({
    path: unescaped(path),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, unescaped(value)])),
    isExpected: (status) => isExpectedStatus(status, expect),
  }));
  const others = steps.length - usable.length;
  const leftOut =
    others === 0
      ? []
      : [
          `${others} of the requests in delivery.probe ${others === 1 ? "is" : "are"} not sent to judge traffic: only GET requests without templates and bodies are`,
        ];
  return { requests: [health, ...own], leftOut };
}

function hasNoTemplate(text: string): boolean {
  return referencesIn(text).length === 0;
}

/** The text with `$${…}` as `${…}`. */
function unescaped(text: string): string {
  return filledText(text, () => "");
}

/** The names of the service that the configuration knows, without wildcards. */
function hostsOf({ loadBalancer: { existing, https } }: Pick<Config, "loadBalancer">): readonly string[] {
  if (existing) return (existing.rule.hosts ?? []).filter(isExact);
  return https ? [https.domainName] : [];
}

function isExact(host: string): boolean {
  return !/[*?]/.test(host);
}

interface Context {
  readonly targetGroups: readonly TargetGroup[];
  readonly listeners: readonly Listener[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly rules: readonly { readonly arn: string; readonly rules: Awaited<ReturnType<typeof rulesOfListener>> }[];
  readonly requests: readonly PlannedProbe[];
  readonly hosts: readonly string[];
}

/** Where the requests of a listener go, when they reach the service there. */
function targetOf(
  context: Context,
  name: ProbeListener,
  arn: string | undefined,
): { readonly target?: ProbeTarget; readonly warnings: readonly string[] } {
  const words = LISTENER_WORDS[name];
  const no = (why: string) => ({ warnings: [`this release sends no requests of its own through ${words}: ${why}`] });
  if (arn === undefined) return no("the deployment group has none");
  const listener = context.listeners.find(({ ListenerArn }) => ListenerArn === arn);
  const balancer = context.loadBalancers.find(({ LoadBalancerArn }) => LoadBalancerArn === listener?.LoadBalancerArn);
  if (listener?.Port === undefined || balancer?.DNSName === undefined)
    return no("its port or its address is not known");
  const { Protocol = "?" } = listener;
  if (Protocol !== "HTTP" && Protocol !== "HTTPS") return no(`its protocol is ${Protocol}`);

  const rules = context.rules.find((one) => one.arn === arn)?.rules ?? [];
  const pair = context.targetGroups.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []);
  const hosts = [...context.hosts, ...ownHosts(rules, pair), undefined];
  const tries = hosts.map((host) => {
    const judged = context.requests.map((request) => {
      const [path = ""] = request.path.split("?");
      return { request, why: elsewhere(rules, { host: host ?? balancer.DNSName ?? "", path }, pair) };
    });
    return { host, judged };
  });
  const [first] = tries;
  const chosen = tries.find(({ judged }) => judged.some(({ why }) => why === undefined)) ?? first;
  const judged = chosen?.judged ?? [];
  const missing = judged.flatMap(({ request, why }) =>
    why === undefined ? [] : [`not sent through ${words}: GET ${request.path}: ${why}`],
  );
  const [request, ...others] = judged.flatMap((one) => (one.why === undefined ? [one.request] : []));
  if (!request) return { warnings: missing };
  const isUnnamed = Protocol === "HTTPS" && chosen?.host === undefined;
  return {
    target: {
      protocol: Protocol === "HTTPS" ? "https:" : "http:",
      hostname: balancer.DNSName,
      port: listener.Port,
      ...(chosen?.host !== undefined && { host: chosen.host }),
      requests: [request, ...others],
    },
    warnings: [
      ...missing,
      ...(isUnnamed
        ? [`the service's name is not known: ${words}'s certificate must be valid, but its name is not compared`]
        : []),
    ],
  };
}

/** The hosts, without wildcards, of the rules that forward to these target groups. */
function ownHosts(rules: Context["rules"][number]["rules"], pair: readonly string[]): readonly string[] {
  return rules
    .filter(({ Actions = [] }) =>
      Actions.some(({ TargetGroupArn, ForwardConfig }) =>
        [TargetGroupArn, ...(ForwardConfig?.TargetGroups ?? []).map((one) => one.TargetGroupArn)].some(
          (arn) => arn !== undefined && pair.includes(arn),
        ),
      ),
    )
    .flatMap(({ Conditions = [] }) =>
      Conditions.flatMap(({ Field, HostHeaderConfig, Values = [] }) =>
        Field === "host-header" ? (HostHeaderConfig?.Values ?? Values) : [],
      ),
    )
    .filter(isExact);
}
