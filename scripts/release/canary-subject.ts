import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import { canSeeNewVersion, scopeOf } from "./alarm-scope";
import { describeAlarms, describeChildren } from "./alarms";
import type { AwsPort } from "./aws-port";
import type { CanarySubject } from "./canary-check";
import { readGroupDimensions } from "./load-balancer";
import type { Problems } from "./problem";
import type { TargetView } from "./snapshot";

/**
 * Reads what the canary of an existing deployment is judged by. Which target group has the new version is only known from the
 * deployment's target: the group of an earlier or later deployment is the other one. What can't be read becomes a problem.
 * @param watched names of the alarms that the deployment watches
 */
export async function canarySubjects(
  aws: AwsPort,
  group: DeploymentGroupInfo,
  watched: readonly string[],
  problems: Problems,
): Promise<(target: TargetView | undefined) => CanarySubject> {
  const [dimensions, alarms] = await Promise.all([
    problems.ask("elasticloadbalancing:DescribeTargetGroups", readGroupDimensions(aws, group)),
    problems.ask("cloudwatch:DescribeAlarms", readDefinitions(aws, watched)),
  ]);
  return (target) => {
    const { loadBalancer, targetGroups = new Map<string, string>() } = dimensions ?? {};
    const suffixOf = (label: "Blue" | "Green") =>
      targetGroups.get(target?.taskSets.find((set) => set.label === label)?.targetGroup ?? "");
    const [live, next] = [suffixOf("Blue"), suffixOf("Green")];
    const { definitions = [], children } = alarms ?? {};
    return {
      ...(loadBalancer !== undefined && next !== undefined && { group: { loadBalancer, next } }),
      alarms: definitions.filter((definition) =>
        canSeeNewVersion(scopeOf(definition, { loadBalancer, live, next }, (name) => children?.get(name))),
      ),
    };
  };
}

async function readDefinitions(aws: AwsPort, watched: readonly string[]) {
  const described = await describeAlarms(aws, watched);
  return {
    definitions: described.map(({ definition }) => definition),
    children: await describeChildren(aws, described),
  };
}
