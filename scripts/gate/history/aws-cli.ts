import type { Config } from "../../../stacks/config";
import { namesOf, TARGET_GROUPS } from "../../../stacks/names";
import { historyRange } from "./live";
import { historyQueries, PERIOD } from "./series";

/** Texts of the queries that the shell replaces. */
const PLACES = { loadBalancer: "LOAD_BALANCER", targetGroups: ["TARGET_GROUP_1", "TARGET_GROUP_2"] } as const;

/**
 * The calls of the AWS CLI that read what `--live` reads, for a POSIX shell. Their output is a file for `--from`.
 * @param slowSeconds a response that takes longer is slow
 */
export function awsCliCalls(config: Config, slowSeconds: number, now: Date): string {
  const { from, to } = historyRange(now);
  const region = `--region ${quoted(config.region)}`;
  const { existing } = config;
  const { targetGroups } = namesOf(config);
  const names = existing
    ? `$(aws deploy get-deployment-group ${region} --application-name ${quoted(existing.application)} ` +
      `--deployment-group-name ${quoted(existing.deploymentGroup)} --output text ` +
      "--query 'deploymentGroupInfo.loadBalancerInfo.targetGroupPairInfoList[0].targetGroups[].name')"
    : TARGET_GROUPS.map((key) => quoted(targetGroups[key])).join(" ");
  const describe = (query: string) =>
    `$(aws elbv2 describe-target-groups ${region} --names ${names} --output text --query '${query}')`;
  const queries = JSON.stringify(historyQueries(PLACES, slowSeconds));
  return [
    `set -- ${describe("TargetGroups[].TargetGroupArn")}`,
    `load_balancer=${describe("TargetGroups[].LoadBalancerArns[] | [0]")}`,
    'queries=$(sed -e "s#TARGET_GROUP_1#targetgroup/${1##*:targetgroup/}#g" \\',
    '  -e "s#TARGET_GROUP_2#targetgroup/${2##*:targetgroup/}#g" \\',
    "  -e \"s#LOAD_BALANCER#${load_balancer##*:loadbalancer/}#g\" <<'QUERIES'",
    queries,
    "QUERIES",
    ")",
    // The file says what was read: minutes without requests at the end are not among the metrics.
    `aws cloudwatch get-metric-data ${region} --scan-by TimestampAscending --output json \\`,
    `  --start-time ${from.toISOString()} --end-time ${to.toISOString()} \\`,
    `  --query '{${literal("from", from.toISOString())}, ${literal("to", to.toISOString())}, ` +
      `${literal("slowSeconds", slowSeconds)}, ${literal("period", PERIOD)}, MetricDataResults: MetricDataResults}' \\`,
    '  --metric-data-queries "$queries" > history.json',
  ].join("\n");
}

/** A member of a multiselect hash of JMESPath. */
function literal(key: string, value: string | number): string {
  return `${key}: \`${JSON.stringify(value)}\``;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
