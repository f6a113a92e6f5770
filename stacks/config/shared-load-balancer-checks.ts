import type { Check } from "./check";
import { valueAt } from "./merge";
import { matchesPattern } from "./patterns";
import { notAllowed, quotedList, type ConfigProblem } from "./problems";
import { partitionOf } from "./regions";
import { referencesIn } from "./request-templates";
import type { Config } from "./schema";
import type { SharedLoadBalancer } from "./shared-load-balancer-schema";

const EXISTING = "loadBalancer.existing";
/** Keys that describe a load balancer to create. They have no effect on an existing one. */
const KEYS_OF_A_NEW_ONE = [
  ...["productionPort", "testPort", "allowedCidrs", "testAllowedCidrs", "deletionProtection"],
  ...["accessLogs", "https", "waf"],
];

/**
 * Keys without effect beside `loadBalancer.existing`.
 * @param defaults `context.defaults`. Its keys count only when it names the existing load balancer itself: they may describe the
 *   new one of another environment
 * @param environment the environment's own settings
 */
export function unusedLoadBalancerKeys(defaults: unknown, environment: unknown): ConfigProblem[] {
  const isShared = (layer: unknown) => valueAt(layer, EXISTING.split(".")) !== undefined;
  const layers = isShared(defaults) ? [defaults, environment] : [environment].filter(isShared);
  const found = KEYS_OF_A_NEW_ONE.filter((key) =>
    layers.some((layer) => valueAt(layer, ["loadBalancer", key]) !== undefined),
  );
  return found.map((key) => ({
    path: ["loadBalancer", key],
    text: `has no effect with ${EXISTING}, whose owner decides about it; leave it out`,
  }));
}

/** What the partition, region or account of an ARN must be; undefined when it is right. */
function wrongPlace(arn: string, config: Config, isValid: (path: string) => boolean): string | undefined {
  const [, partition, , region, account] = arn.split(":");
  const { name } = partitionOf(config.region);
  if (isValid("region") && partition !== name) return `an ARN that begins with arn:${name}: (the partition of region)`;
  if (isValid("region") && region !== config.region) return `an ARN in ${config.region} (region)`;
  if (config.account !== undefined && isValid("account") && account !== config.account) {
    return `an ARN of the account ${config.account} (account)`;
  }
  return undefined;
}

/** The paths that must reach this service through the test listener, with the places where they stand. */
function probedPaths({ healthCheck, delivery, rehearsal }: Config): { readonly at: string; readonly path: string }[] {
  return [
    ...(delivery.hook ? [{ at: "healthCheck.path", path: healthCheck.path }] : []),
    ...(delivery.hook ? delivery.probe : []).map(({ path }, index) => ({ at: `delivery.probe.${index}.path`, path })),
    ...(rehearsal.requests ?? []).map(({ path }, index) => ({ at: `rehearsal.requests.${index}.path`, path })),
  ];
}

/** The path of a request's target, with a word for each template. */
function samplePath(target: string): string {
  const [path = ""] = target.split("?");
  return referencesIn(path).reduce((text, reference) => text.replace(`\${${reference}}`, "x"), path);
}

/** Checks what has to fit to an existing load balancer and an existing cluster. */
export const sharedLoadBalancerChecks: readonly Check[] = [
  (config, isValid) => {
    if (!isValid(EXISTING, "network.vpc")) return [];
    return config.loadBalancer.existing && !config.network.vpc
      ? [notAllowed(config, "network.vpc", `the VPC of the load balancer with ${EXISTING}`)]
      : [];
  },
  (config, isValid) => {
    const path = `${EXISTING}.arn`;
    if (!isValid(path) || !config.loadBalancer.existing) return [];
    const allowed = wrongPlace(config.loadBalancer.existing.arn, config, isValid);
    return allowed === undefined ? [] : [notAllowed(config, path, allowed)];
  },
  ...(["productionListenerArn", "testListenerArn"] as const).map((key): Check => (config, isValid) => {
    const path = `${EXISTING}.${key}`;
    if (!isValid(path, `${EXISTING}.arn`) || !config.loadBalancer.existing) return [];
    const { arn, [key]: listener } = config.loadBalancer.existing;
    return listener.startsWith(`${arn.replace(":loadbalancer/", ":listener/")}/`)
      ? []
      : [notAllowed(config, path, `a listener of ${EXISTING}.arn (${arn})`)];
  }),
  (config, isValid) => {
    const path = `${EXISTING}.testListenerArn`;
    if (!isValid(path, `${EXISTING}.productionListenerArn`) || !config.loadBalancer.existing) return [];
    const { productionListenerArn, testListenerArn } = config.loadBalancer.existing;
    const allowed = "another listener than productionListenerArn: users must not get a version that is not released";
    return testListenerArn === productionListenerArn ? [notAllowed(config, path, allowed)] : [];
  },
  (config, isValid) => {
    if (!isValid("cluster.existing")) return [];
    const { existing } = config.cluster;
    if (existing === undefined || !existing.startsWith("arn:")) return [];
    const balancer = isValid(EXISTING) ? config.loadBalancer.existing?.arn.split(":")[4] : undefined;
    const elsewhere =
      balancer !== undefined && existing.split(":")[4] !== balancer
        ? `an ARN of the account ${balancer}, which ${EXISTING} is in (account)`
        : undefined;
    const allowed = wrongPlace(existing, config, isValid) ?? elsewhere;
    return allowed === undefined ? [] : [notAllowed(config, "cluster.existing", allowed)];
  },
  (config, isValid) => {
    if (!isValid(EXISTING, "healthCheck.path", "delivery.hook", "delivery.probe", "rehearsal")) return [];
    const { paths } = config.loadBalancer.existing?.rule ?? {};
    if (!paths) return [];
    const allowed =
      `a path that ${EXISTING}.rule.paths matches (${quotedList(paths)}): ` +
      "other paths reach other services behind this load balancer";
    return probedPaths(config)
      .filter(({ path }) => !paths.some((pattern) => matchesPattern(pattern, samplePath(path))))
      .map(({ at }) => notAllowed(config, at, allowed));
  },
];

/** What is known of the load balancer of an environment, before its settings are checked. */
type Written = Pick<SharedLoadBalancer, "rule"> & { readonly listeners: readonly string[] };

/** The listeners and the rule in an environment's merged settings; undefined when they are missing or of another type. */
function writtenIn(settings: unknown): Written | undefined {
  const existing = valueAt(settings, EXISTING.split("."));
  const rule = valueAt(existing, ["rule"]);
  const priority = valueAt(rule, ["priority"]);
  const texts = (path: readonly string[]) => {
    const value = valueAt(rule, path);
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
  };
  const [hosts, paths] = [texts(["hosts"]), texts(["paths"])];
  const listeners = ["productionListenerArn", "testListenerArn"]
    .map((key) => valueAt(existing, [key]))
    .filter((arn) => typeof arn === "string");
  return typeof priority === "number" ? { listeners, rule: { priority, hosts, paths } } : undefined;
}

/** How the rules of two environments meet on a listener. */
interface Meeting {
  readonly refused: readonly ConfigProblem[];
  readonly warned: readonly ConfigProblem[];
}

/**
 * Finds rules of other environments that can't be beside this environment's rule on the same listener, or that take its requests.
 * @param settings this environment's merged settings
 * @param others those of the other environments, by name
 */
export function meetingRules(settings: unknown, others: Readonly<Record<string, unknown>>): Meeting {
  const own = writtenIn(settings);
  const refused: ConfigProblem[] = [];
  const warned: ConfigProblem[] = [];
  if (!own) return { refused, warned };
  const at = [...EXISTING.split("."), "rule"];
  for (const [name, other] of Object.entries(others)) {
    const written = writtenIn(other);
    if (!written?.listeners.some((arn) => own.listeners.includes(arn))) continue;
    if (written.rule.priority === own.rule.priority) {
      const text = `${own.rule.priority} is also that of environments.${name} on the same listener; each rule needs its own`;
      refused.push({ path: [...at, "priority"], text });
    }
    const isCovered = covers(written.rule, own.rule);
    if (isCovered && covers(own.rule, written.rule)) {
      const text = `takes the same requests as the rule of environments.${name} on the same listener; one of them would get none`;
      refused.push({ path: at, text });
    } else if (isCovered && written.rule.priority < own.rule.priority) {
      const text =
        `environments.${name} takes all of its requests: its rule has priority ${written.rule.priority}, which is before ` +
        `${own.rule.priority}, and matches them too`;
      warned.push({ path: at, text });
    }
  }
  return { refused, warned };
}

/** Whether one rule matches every request of another. */
function covers(wide: SharedLoadBalancer["rule"], narrow: SharedLoadBalancer["rule"]): boolean {
  const all = (patterns: readonly string[] | undefined, values: readonly string[]) =>
    !patterns || values.every((value) => patterns.some((pattern) => matchesPattern(pattern, value)));
  return all(wide.hosts, narrow.hosts ?? ["*"]) && all(wide.paths, narrow.paths ?? ["/*"]);
}
