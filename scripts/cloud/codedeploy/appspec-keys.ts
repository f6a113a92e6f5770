import { LIFECYCLE_EVENTS } from "./part";

/**
 * Every key of an appspec for ECS, in the spelling of AWS's samples.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
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
 * Gives an appspec with its keys in the spelling of AWS's samples. CodeDeploy ignores their case: AWS's own guide, CLI,
 * GitHub Action and CDK library each write them differently. Keys without a value (null, as `Hooks:` alone in YAML) are
 * dropped; unknown keys stay as they are.
 *
 * @param refuse makes the error for a map that has the same key twice
 */
export function withCanonicalKeys(value: unknown, refuse: (problem: string) => Error): unknown {
  if (Array.isArray(value)) return value.map((item) => withCanonicalKeys(item, refuse));
  if (typeof value !== "object" || value === null) return value;
  const found = new Map<string, { readonly key: string; readonly entry: unknown }>();
  for (const [key, entry] of Object.entries(value)) {
    const name = CANONICAL.get(key.toLowerCase()) ?? key;
    const twin = found.get(name);
    if (twin) throw refuse(`${twin.key} and ${key} are the same key: remove one of them`);
    found.set(name, { key, entry });
  }
  const withValue = [...found].filter(([, { entry }]) => entry !== null);
  return Object.fromEntries(withValue.map(([name, { entry }]) => [name, withCanonicalKeys(entry, refuse)]));
}
