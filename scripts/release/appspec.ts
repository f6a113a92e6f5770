import { createHash } from "node:crypto";
import { isMap, isSeq, parseDocument, Scalar, visit, type Document, type Pair } from "yaml";
import type { LiveService } from "./live-service";

/** The template can't be rendered; `problems` has one text for each problem. */
export class AppSpecError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("; "));
    this.name = "AppSpecError";
  }
}

/** An appspec as input of CreateDeployment. */
export interface AppSpec {
  readonly content: string;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

/** The value of a placeholder; with undefined its key is removed and AWS decides. */
type Value = string | number | readonly unknown[] | undefined;

/** A value that consists of a placeholder. */
const PLACEHOLDER = /^<([A-Z][A-Z0-9_]*)>$/;
/** A value that contains a placeholder. */
const EMBEDDED_PLACEHOLDER = /<[A-Z][A-Z0-9_]*>/;
/** CodeDeploy accepts a network configuration only with all of these. */
const NETWORK = ["SUBNETS", "SECURITY_GROUPS", "ASSIGN_PUBLIC_IP"] as const;
/**
 * Without these the deployment would release something other than what was requested. Container and port may also be written
 * out, as in a template of CodePipeline (https://docs.aws.amazon.com/codepipeline/latest/userguide/tutorials-ecs-ecr-codedeploy.html);
 * then they must be those of the live service.
 */
const REQUIRED = ["TASK_DEFINITION", "CONTAINER_NAME", "CONTAINER_PORT"] as const;
const WRITTEN_OUT = { CONTAINER_NAME: "ContainerName", CONTAINER_PORT: "ContainerPort" } as const;

/** The value of each placeholder. Pure. */
function placeholdersOf(
  service: LiveService,
  taskDefinitionArn: string,
  testTrafficHook?: string,
): ReadonlyMap<string, Value> {
  const network = service.network;
  const complete =
    network !== undefined &&
    network.subnets.length > 0 &&
    network.securityGroups.length > 0 &&
    network.assignPublicIp !== undefined;
  return new Map<string, Value>([
    ["TASK_DEFINITION", taskDefinitionArn],
    ["CONTAINER_NAME", service.container],
    ["CONTAINER_PORT", service.containerPort],
    ["PLATFORM_VERSION", service.platformVersion],
    ["SUBNETS", complete ? network.subnets : undefined],
    ["SECURITY_GROUPS", complete ? network.securityGroups : undefined],
    ["ASSIGN_PUBLIC_IP", complete ? network.assignPublicIp : undefined],
    [
      "CAPACITY_PROVIDER_STRATEGY",
      service.capacityProviderStrategy.length === 0
        ? undefined
        : service.capacityProviderStrategy.map((item) => ({
            Base: item.base ?? 0,
            CapacityProvider: item.capacityProvider,
            Weight: item.weight ?? 0,
          })),
    ],
    ["AFTER_ALLOW_TEST_TRAFFIC_HOOK", testTrafficHook],
  ]);
}

/**
 * Renders the template with the settings of the live service. Values are inserted into the parsed document, so no value
 * can break the quoting. A key whose placeholder has no value is removed. Pure.
 *
 * @param template YAML or JSON with placeholders in angle brackets, e.g. `TaskDefinition: "<TASK_DEFINITION>"`; its keys
 *   may be in upper or lower case
 * @param testTrafficHook Lambda function that CodeDeploy calls after test traffic; without it, its key is removed
 * @throws AppSpecError for unknown or missing placeholders, keys that differ only in case, a missing version, and YAML
 *   that doesn't parse
 */
export function renderAppSpec(
  template: string,
  service: LiveService,
  taskDefinitionArn: string,
  testTrafficHook?: string,
): AppSpec {
  const document = parseDocument(template);
  if (document.errors.length > 0) throw new AppSpecError(document.errors.map((error) => `not YAML: ${error.message}`));
  const values = placeholdersOf(service, taskDefinitionArn, testTrafficHook);
  const problems = fill(document, values);
  if (problems.length > 0) throw new AppSpecError(problems);
  const content = document.toString({ lineWidth: 0 });
  return { content, sha256: createHash("sha256").update(content).digest("hex") };
}

/**
 * A warning when the template has no PlatformVersion although the live service has one: the new version then runs on
 * Fargate's latest. A network that the template leaves out is the service's, so it needs no warning. Pure.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html (platformVersion)
 */
export function unsetByTemplate(template: string, { platformVersion }: LiveService): readonly string[] {
  if (platformVersion === undefined || platformVersion === "LATEST") return [];
  if (hasKey(parseDocument(template), "PlatformVersion")) return [];
  return [
    `the appspec template has no PlatformVersion: the new version runs on Fargate's latest, the live one on ${platformVersion}`,
  ];
}

/** Replaces every placeholder in place. Returns the problems of the template. */
function fill(document: Document, values: ReadonlyMap<string, Value>): string[] {
  const problems: string[] = [];
  const used = new Set<string>();
  const filled = new Set<unknown>();
  visit(document, {
    Scalar(_key, node) {
      // `visit` also reaches inserted values, which may look like placeholders.
      if (typeof node.value !== "string" || filled.has(node)) return undefined;
      const name = PLACEHOLDER.exec(node.value)?.[1];
      if (name === undefined) {
        if (EMBEDDED_PLACEHOLDER.test(node.value)) {
          problems.push(`"${node.value}": a placeholder must be the whole value`);
        }
        return undefined;
      }
      used.add(name);
      if (!values.has(name)) {
        problems.push(`unknown placeholder <${name}>; known are ${[...values.keys()].join(", ")}`);
        return undefined;
      }
      const value = values.get(name);
      // `prune` below flattens a list in a list and removes keys without a value.
      const replacement = value === undefined ? new Scalar(undefined) : document.createNode(value);
      visit(replacement, {
        Scalar(_, scalar) {
          filled.add(scalar);
          if (typeof scalar.value === "string") scalar.type = Scalar.QUOTE_DOUBLE;
        },
      });
      return replacement;
    },
  });
  prune(document.contents);

  const network = NETWORK.filter((name) => used.has(name));
  if (network.length > 0 && network.length < NETWORK.length) {
    problems.push(`a network configuration must be complete: the template lacks ${missing(NETWORK, used)}`);
  }
  for (const [name, key] of Object.entries(WRITTEN_OUT)) {
    const written = used.has(name) ? undefined : valueOfKey(document, key);
    if (written === undefined) continue;
    used.add(name);
    const live = String(values.get(name));
    if (String(written) !== live) problems.push(`${key} is ${String(written)}, the load balancer reaches ${live}`);
  }
  if (REQUIRED.some((name) => !used.has(name))) problems.push(`the template lacks ${missing(REQUIRED, used)}`);
  if (!hasKey(document, "version")) problems.push("the template lacks version: CodeDeploy requires 0.0");
  problems.push(...sameKeys(document));
  if (values.get("CAPACITY_PROVIDER_STRATEGY") !== undefined && !hasKey(document, "CapacityProviderStrategy")) {
    problems.push("the template lacks <CAPACITY_PROVIDER_STRATEGY>: the service would lose its capacity providers");
  }
  if (values.get("AFTER_ALLOW_TEST_TRAFFIC_HOOK") !== undefined && !used.has("AFTER_ALLOW_TEST_TRAFFIC_HOOK")) {
    problems.push(
      "the template lacks <AFTER_ALLOW_TEST_TRAFFIC_HOOK>: nothing would probe the new version (to release without a probe, set delivery.hook: false in cdktf.json)",
    );
  }
  return problems;
}

/**
 * A note for a service that another tool made: each of its earlier appspecs may have named hooks. GetDeployment returns only
 * their checksum (identity.ts).
 */
export const NO_HOOK =
  "no hook tests the new version: AWS doesn't return the hooks of earlier deployments, so those that you want are named in " +
  "appspec.yaml, beside the Dockerfile";

/** Lifecycle events whose functions can test a version before it has production traffic. */
const HOOKS_BEFORE_TRAFFIC = ["AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic"];

/** Whether the appspec has a function that can test the new version before it has production traffic. Pure. */
export function hasHook({ content }: AppSpec): boolean {
  return HOOKS_BEFORE_TRAFFIC.some((event) => hasKey(parseDocument(content), event));
}

/** Whether the document has a key anywhere. CodeDeploy ignores the case of keys. */
function hasKey(document: Document, key: string): boolean {
  return pairOf(document, key) !== undefined;
}

/** The text or number of a key; undefined without one. */
function valueOfKey(document: Document, key: string): string | number | undefined {
  const node = pairOf(document, key)?.value;
  const value: unknown = node instanceof Scalar ? node.value : undefined;
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

function pairOf(document: Document, key: string): Pair | undefined {
  let found: Pair | undefined;
  visit(document, {
    Pair(_, pair) {
      if (nameOf(pair.key).toLowerCase() === key.toLowerCase()) found ??= pair;
    },
  });
  return found;
}

/** A problem for each pair of keys in one map that differ only in case: CodeDeploy would use one of the two. */
function sameKeys(document: Document): string[] {
  const problems: string[] = [];
  visit(document, {
    Map(_, map) {
      const names = map.items.map(({ key }) => nameOf(key));
      names.forEach((name, i) => {
        const first = names.slice(0, i).find((other) => other.toLowerCase() === name.toLowerCase());
        if (first !== undefined) problems.push(`${first} and ${name} are the same key: remove one of them`);
      });
    },
  });
  return problems;
}

function nameOf(key: unknown): string {
  return key instanceof Scalar ? String(key.value) : "";
}

function missing(names: readonly string[], used: ReadonlySet<string>): string {
  return names
    .filter((name) => !used.has(name))
    .map((name) => `<${name}>`)
    .join(", ");
}

/** Removes nodes without a value, and maps and lists that become empty. Returns whether `node` itself must be removed. */
function prune(node: unknown): boolean {
  if (node instanceof Scalar) return node.value === undefined;
  if (isMap(node)) {
    const before = node.items.length;
    node.items = node.items.filter((pair) => !prune(pair.value));
    return before > 0 && node.items.length === 0;
  }
  if (isSeq(node)) {
    const before = node.items.length;
    // In ["<SUBNETS>"] the placeholder's value is a list: flatten the list in the list.
    node.items = node.items.flatMap((item) => (isSeq(item) ? item.items : [item])).filter((item) => !prune(item));
    return before > 0 && node.items.length === 0;
  }
  return false;
}
