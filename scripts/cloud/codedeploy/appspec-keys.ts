import { LIFECYCLE_EVENTS } from "./part";

/**
 * Every key of an appspec for ECS, as AWS's samples write it. Source: CodeDeploy user guide, AppSpec 'resources' section
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html).
 */
const KEYS = [
  "version",
  "Resources",
  "Hooks",
  "TargetService",
  "Type",
  "Properties",
  "TaskDefinition",
  "LoadBalancerInfo",
  "ContainerName",
  "ContainerPort",
  "PlatformVersion",
  "NetworkConfiguration",
  "AwsvpcConfiguration",
  "Subnets",
  "SecurityGroups",
  "AssignPublicIp",
  "CapacityProviderStrategy",
  "CapacityProvider",
  "Base",
  "Weight",
  ...LIFECYCLE_EVENTS,
];

const CANONICAL: ReadonlyMap<string, string> = new Map(KEYS.map((key) => [key.toLowerCase(), key]));

/**
 * An appspec with its keys as AWS's samples write them, whatever their case: AWS's own guide, CLI, Action and CDK library
 * each write them differently. A key without a value (null, as `Hooks:` alone in YAML) is as good as left out; unknown
 * keys stay as they are.
 *
 * @param refuse makes the error for a map that has the same key twice, which is for nobody to choose from
 */
export function withCanonicalKeys(value: unknown, refuse: (problem: string) => Error): unknown {
  if (Array.isArray(value)) return value.map((item) => withCanonicalKeys(item, refuse));
  if (typeof value !== "object" || value === null) return value;
  const found = new Map<string, { readonly key: string; readonly entry: unknown }>();
  for (const [key, entry] of Object.entries(value)) {
    const name = CANONICAL.get(key.toLowerCase()) ?? key;
    const twin = found.get(name);
    if (twin) throw refuse(`${twin.key} and ${key} are the same key: leave one of them out`);
    found.set(name, { key, entry });
  }
  const given = [...found].filter(([, { entry }]) => entry !== null);
  return Object.fromEntries(given.map(([name, { entry }]) => [name, withCanonicalKeys(entry, refuse)]));
}
