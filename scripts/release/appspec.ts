import { createHash } from "node:crypto";
import { isMap, isSeq, parseDocument, Scalar, visit, type Document } from "yaml";
import type { LiveService } from "./live-service";

/** The template can't be rendered; `problems` has one entry a problem. */
export class AppSpecError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("; "));
    this.name = "AppSpecError";
  }
}

/** An appspec as CreateDeployment takes it. */
export interface AppSpec {
  readonly content: string;
  /** Of the content, hexadecimal. */
  readonly sha256: string;
}

/** What a placeholder stands for; undefined: AWS decides, and the key is left out. */
type Value = string | number | readonly unknown[] | undefined;

/** A value that is a placeholder and nothing else. */
const PLACEHOLDER = /^<([A-Z][A-Z0-9_]*)>$/;
/** A placeholder anywhere in a value. */
const HIDDEN_PLACEHOLDER = /<[A-Z][A-Z0-9_]*>/;
/** All or nothing: CodeDeploy takes a network configuration only complete. */
const NETWORK = ["SUBNETS", "SECURITY_GROUPS", "ASSIGN_PUBLIC_IP"] as const;
/** Without these the deployment would release something else than was asked for. */
const REQUIRED = ["TASK_DEFINITION", "CONTAINER_NAME", "CONTAINER_PORT"] as const;

/** What each placeholder stands for. Pure. */
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
 * Renders the template with the live service's settings. Values are put into the parsed document, so no value can
 * break its quoting; a key whose placeholder has no value is removed. Pure.
 *
 * @param template YAML or JSON, its keys in any case, with placeholders in angle brackets, e.g. `TaskDefinition: "<TASK_DEFINITION>"`
 * @param testTrafficHook Lambda function that CodeDeploy calls after test traffic; without it, its key is removed
 * @throws AppSpecError naming every placeholder that isn't known or is missing, keys that are there twice in two cases, a
 *   missing version, and YAML that doesn't parse
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
 * What the template leaves to AWS though the live service has it set. Without a PlatformVersion Fargate takes its latest
 * (ECS, CreateService, platformVersion); a network that isn't named is the service's. Pure.
 */
export function unsetByTemplate(template: string, { platformVersion }: LiveService): readonly string[] {
  if (platformVersion === undefined || platformVersion === "LATEST") return [];
  if (hasKey(parseDocument(template), "PlatformVersion")) return [];
  return [
    `api/appspec.yaml has no PlatformVersion: the new version runs on Fargate's latest, the live one on ${platformVersion}`,
  ];
}

/** Replaces every placeholder in place and says what is wrong with the template. */
function fill(document: Document, values: ReadonlyMap<string, Value>): string[] {
  const problems: string[] = [];
  const used = new Set<string>();
  const filled = new Set<unknown>();
  visit(document, {
    Scalar(_key, node) {
      // What was put in is visited too; a value that looks like a placeholder is still a value.
      if (typeof node.value !== "string" || filled.has(node)) return undefined;
      const name = PLACEHOLDER.exec(node.value)?.[1];
      if (name === undefined) {
        if (HIDDEN_PLACEHOLDER.test(node.value)) {
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
      // A list in a list is spread below; what has no value is pruned below.
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
    problems.push(`a network configuration is all or nothing: the template lacks ${missing(NETWORK, used)}`);
  }
  if (REQUIRED.some((name) => !used.has(name))) problems.push(`the template lacks ${missing(REQUIRED, used)}`);
  if (!hasKey(document, "version")) problems.push("the template lacks version: CodeDeploy takes 0.0");
  problems.push(...sameKeys(document));
  if (values.get("CAPACITY_PROVIDER_STRATEGY") !== undefined && !hasKey(document, "CapacityProviderStrategy")) {
    problems.push("the template lacks <CAPACITY_PROVIDER_STRATEGY>: the service would lose its capacity providers");
  }
  if (values.get("AFTER_ALLOW_TEST_TRAFFIC_HOOK") !== undefined && !used.has("AFTER_ALLOW_TEST_TRAFFIC_HOOK")) {
    problems.push(
      "the template lacks <AFTER_ALLOW_TEST_TRAFFIC_HOOK>: nothing would probe the new version (delivery.hook: false in cdktf.json does without)",
    );
  }
  return problems;
}

/** Functions of these events can test a version before it has production traffic. */
const HOOKS_BEFORE_TRAFFIC = ["AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic"];

/** Whether a function may test the new version before it has production traffic. Pure. */
export function hasHook({ content }: AppSpec): boolean {
  return HOOKS_BEFORE_TRAFFIC.some((event) => hasKey(parseDocument(content), event));
}

/** Is there such a key anywhere, in any case, whoever gave it its value? CodeDeploy takes its keys in any case. */
function hasKey(document: Document, key: string): boolean {
  let found = false;
  visit(document, {
    Pair(_, pair) {
      found ||= nameOf(pair.key).toLowerCase() === key.toLowerCase();
    },
  });
  return found;
}

/** Keys of one map that differ in their case alone: to CodeDeploy they are the same, and only one of them can count. */
function sameKeys(document: Document): string[] {
  const problems: string[] = [];
  visit(document, {
    Map(_, map) {
      const names = map.items.map(({ key }) => nameOf(key));
      names.forEach((name, i) => {
        const first = names.slice(0, i).find((other) => other.toLowerCase() === name.toLowerCase());
        if (first !== undefined) problems.push(`${first} and ${name} are the same key: leave one of them out`);
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

/** Takes out what has no value, and the maps and lists left empty by it; tells whether `node` itself is to go. */
function prune(node: unknown): boolean {
  if (node instanceof Scalar) return node.value === undefined;
  if (isMap(node)) {
    const before = node.items.length;
    node.items = node.items.filter((pair) => !prune(pair.value));
    return before > 0 && node.items.length === 0;
  }
  if (isSeq(node)) {
    const before = node.items.length;
    // ["<SUBNETS>"] means the list, not a list in a list.
    node.items = node.items.flatMap((item) => (isSeq(item) ? item.items : [item])).filter((item) => !prune(item));
    return before > 0 && node.items.length === 0;
  }
  return false;
}
