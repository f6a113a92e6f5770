import type { ListDeploymentConfigsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { listPage } from "./list-page";

/** CodeDeploy's own configs for the ECS platform. Source: its user guide, deployment configurations. */
const PREDEFINED = [
  "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
  "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
  "CodeDeployDefault.ECSCanary10Percent5Minutes",
  "CodeDeployDefault.ECSCanary10Percent15Minutes",
  "CodeDeployDefault.ECSAllAtOnce",
];

/** Lists the deployment configs for ECS; those for servers and Lambda are not served. */
export const listDeploymentConfigs = operation(
  "ListDeploymentConfigs",
  z.object({ nextToken: z.string().optional() }),
  ({ nextToken }, { template }): ListDeploymentConfigsOutput => {
    const page = listPage([...PREDEFINED, ...template.deploymentConfigs.map(({ name }) => name)], nextToken);
    return { deploymentConfigsList: page.items, nextToken: page.nextToken };
  },
);
