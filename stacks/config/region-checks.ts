import type { Check } from "./check";
import { valueAt } from "./merge";
import { closest, notAllowed, type ConfigProblem } from "./problems";
import { FEWER_ZONES, isKnownRegion, partitionOf, REGIONS } from "./regions";
import type { Config } from "./schema";

/** The ARNs in the configuration, with their dotted paths. */
function arnsOf(config: Config): { readonly path: string; readonly arn: string }[] {
  const { service, encryption, loadBalancer, ci } = config;
  const one = (path: string, arn: string | undefined) => (arn === undefined ? [] : [{ path, arn }]);
  return [
    ...one("encryption.kmsKeyArn", encryption.kmsKeyArn),
    ...one("loadBalancer.https.certificateArn", loadBalancer.https?.certificateArn),
    ...one("ci.oidcProviderArn", ci?.oidcProviderArn),
    ...one("ci.permissionsBoundaryArn", ci?.permissionsBoundaryArn),
    ...Object.entries(service.secrets).flatMap(([name, arn]) => one(`service.secrets.${name}`, arn)),
    ...service.secretsKeyArns.flatMap((arn, index) => one(`service.secretsKeyArns.${index}`, arn)),
    ...service.taskPolicies.flatMap((policy, index) => {
      const path = `service.taskPolicies.${index}`;
      if (typeof policy === "string") return one(path, policy);
      return policy.resources.flatMap((arn, at) => (arn === "*" ? [] : one(`${path}.resources.${at}`, arn)));
    }),
  ];
}

const ARN_SECTIONS = ["encryption", "loadBalancer.https", "ci", "service"] as const;

/** Checks the regions, and that zones and ARNs fit to the region. */
export const regionChecks: readonly Check[] = [
  ...(["region", "state.region"] as const).map((path): Check => (config, isValid) => {
    if (!isValid(path, "newRegion") || config.newRegion) return [];
    const region = valueAt(config, path.split("."));
    return typeof region !== "string" || isKnownRegion(region) ? [] : [unknownRegion(config, path, region)];
  }),
  (config, isValid) => {
    const path = "state.region";
    const region = valueAt(config.state, ["region"]);
    if (!isValid(path, "region") || typeof region !== "string") return [];
    const { name } = partitionOf(config.region);
    return partitionOf(region).name === name
      ? []
      : [
          notAllowed(
            config,
            path,
            `a region of ${name}, as ${config.region} is: an account can't use another partition`,
          ),
        ];
  },
  (config, isValid) => {
    const path = "network.zones";
    if (!isValid(path, "region", "network.vpc") || config.network.vpc !== undefined) return [];
    const most = FEWER_ZONES[config.region];
    return most === undefined || config.network.zones <= most
      ? []
      : [notAllowed(config, path, `at most ${most} in ${config.region}, where an account has no more zones`)];
  },
  (config, isValid) => {
    if (!isValid("region", ...ARN_SECTIONS)) return [];
    const { name } = partitionOf(config.region);
    return arnsOf(config)
      .filter(({ arn }) => arn.split(":")[1] !== name)
      .map(({ path, arn }) => ({
        path: path.split("."),
        text: `${JSON.stringify(arn)} is not allowed; must begin with arn:${name}: (the partition of ${config.region})`,
      }));
  },
];

function unknownRegion(config: Config, path: string, region: string): ConfigProblem {
  const meant = closest(region, REGIONS);
  const hint = meant === undefined ? "" : ` (did you mean ${meant}?)`;
  const allowed =
    `one of AWS's regions${hint}; if AWS has opened it since their list was made (stacks/config/regions.ts), ` +
    "set newRegion to true";
  return notAllowed(config, path, allowed);
}
