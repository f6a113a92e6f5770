import type {
  CreateApplicationOutput,
  CreateDeploymentConfigOutput,
  CreateDeploymentGroupOutput,
  DeleteDeploymentGroupOutput,
} from "@aws-sdk/client-codedeploy";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AwsError } from "../../../scripts/cloud/aws-error";
import { groupSettings, resourceName } from "../../../scripts/cloud/aws/codedeploy/group-input";
import { checkGroup } from "../../../scripts/cloud/aws/codedeploy/group-rules";
import { deploymentConfigInfo, PREDEFINED_CONFIGS } from "../../../scripts/cloud/aws/codedeploy/predefined-configs";
import { CodeDeployRegistry } from "../../../scripts/cloud/aws/codedeploy/registry";
import type { RegistryContext } from "../../../scripts/cloud/aws/codedeploy/registry-context";
import { CODEDEPLOY_NAMES, REGISTRY_OPERATIONS } from "../../../scripts/cloud/aws/codedeploy/service";
import { tagList, tagsOf } from "../../../scripts/cloud/aws/codedeploy/tags";
import { operation, type Operation } from "../../../scripts/cloud/aws/operation";
import { WireServer } from "../../../scripts/cloud/aws/wire-server";
import type { Clock } from "../../../scripts/cloud/clock";
import { ALL_AT_ONCE } from "../../../scripts/cloud/codedeploy/routing";
import { DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import type { TrafficRouting } from "../../../scripts/cloud/template";

/** The context of an account's operations: applications, groups and configs can be created and deleted. */
interface AccountContext extends RegistryContext {
  readonly registry: AccountRegistry;
}

/**
 * CodeDeploy of an empty account, for Terraform: applications, deployment groups and deployment configs can be created,
 * read, changed and deleted. It runs no deployments. `npm run cloud` does not serve this: its one service, group and
 * application come from the synthesized stacks.
 * @param clock gives the creation times
 * @returns a server that does not listen yet: call its `start`
 */
export function codeDeployAccount(clock: Pick<Clock, "now">): WireServer<AccountContext> {
  const operations = [...REGISTRY_OPERATIONS, ...ACCOUNT_OPERATIONS];
  const context: AccountContext = {
    clock,
    registry: new AccountRegistry(),
    settings: DEFAULT_SETTINGS,
    parts: { codeDeploy: { deployments: () => [] } },
  };
  return new WireServer({ services: [{ ...CODEDEPLOY_NAMES, operations }], context });
}

/** A registry whose contents can be deleted. Deleting what does not exist is no error, as on AWS. */
class AccountRegistry extends CodeDeployRegistry {
  /** @throws AwsError ApplicationDoesNotExistException, ApplicationAlreadyExistsException */
  renameApplication(name: string, newName: string): void {
    const { info, tags, groups } = this.storedApplication(name);
    if (newName === name) return;
    this.addApplication(newName, info, tags);
    for (const [groupName, group] of groups) this.addGroup(newName, groupName, group.info, group.tags);
    this.stored.delete(name);
  }

  /** Deletes an application with all its groups. */
  removeApplication(name: string): void {
    this.stored.delete(name);
  }

  /** Deletes a custom config. @throws AwsError InvalidOperationException, DeploymentConfigInUseException */
  removeConfig(name: string): void {
    if (PREDEFINED_CONFIGS.has(name)) {
      throw new AwsError("InvalidOperationException", `${name} is CodeDeploy's own: it cannot be deleted.`);
    }
    const user = this.allGroups().find(({ deploymentConfigName }) => deploymentConfigName === name);
    if (user) {
      throw new AwsError(
        "DeploymentConfigInUseException",
        `The deployment configuration ${name} is used by the deployment group ${user.deploymentGroupName}.`,
      );
    }
    this.configs.delete(name);
  }
}

/** CodeDeploy takes the platform Server when a request names none. */
const ecsPlatform = z
  .string()
  .default("Server")
  .pipe(z.literal("ECS", { error: "this CodeDeploy serves the platform ECS alone" }));

const createApplication = operation(
  "CreateApplication",
  z.object({ applicationName: resourceName, computePlatform: ecsPlatform, tags: tagList.default([]) }),
  ({ applicationName, computePlatform, tags }, { registry, clock }: AccountContext): CreateApplicationOutput => {
    const applicationId = randomUUID();
    const createTime = new Date(clock.now());
    const info = { applicationId, createTime, linkedToGitHub: false, computePlatform };
    registry.addApplication(applicationName, info, tagsOf(tags));
    return { applicationId };
  },
);

/** Renames an application: nothing else of it can be changed. */
const updateApplication = operation(
  "UpdateApplication",
  z.object({ applicationName: resourceName, newApplicationName: resourceName.optional() }),
  ({ applicationName, newApplicationName = applicationName }, { registry }: AccountContext) => {
    registry.renameApplication(applicationName, newApplicationName);
    return {};
  },
);

const deleteApplication = operation(
  "DeleteApplication",
  z.object({ applicationName: resourceName }),
  ({ applicationName }, { registry }: AccountContext) => {
    registry.removeApplication(applicationName);
    return {};
  },
);

const { shape } = groupSettings;
const createDeploymentGroup = operation(
  "CreateDeploymentGroup",
  groupSettings.extend({
    applicationName: resourceName,
    deploymentGroupName: resourceName,
    deploymentConfigName: shape.deploymentConfigName.default(ALL_AT_ONCE),
    alarmConfiguration: shape.alarmConfiguration.prefault({}),
    autoRollbackConfiguration: shape.autoRollbackConfiguration.prefault({}),
    triggerConfigurations: shape.triggerConfigurations.default([]),
    outdatedInstancesStrategy: shape.outdatedInstancesStrategy.default("UPDATE"),
    terminationHookEnabled: shape.terminationHookEnabled.default(false),
    tags: tagList.default([]),
  }),
  (
    { applicationName, deploymentGroupName, tags, ...settings },
    context: AccountContext,
  ): CreateDeploymentGroupOutput => {
    const { registry } = context;
    const { computePlatform } = registry.application(applicationName);
    checkGroup(settings, context);
    const deploymentGroupId = randomUUID();
    const info = { deploymentGroupId, computePlatform, ...settings };
    registry.addGroup(applicationName, deploymentGroupName, info, tagsOf(tags));
    return { deploymentGroupId };
  },
);

const deleteDeploymentGroup = operation(
  "DeleteDeploymentGroup",
  z.object({ applicationName: resourceName, deploymentGroupName: resourceName }),
  ({ applicationName, deploymentGroupName }, { registry }: AccountContext): DeleteDeploymentGroupOutput => {
    registry.removeGroup(applicationName, deploymentGroupName);
    return { hooksNotCleanedUp: [] };
  },
);

const percentage = z.number().int().min(1).max(99);
/** At most two days between the first and the last shift (https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html). */
const minutes = z.number().int().min(0).max(2880);

const trafficRoutingConfig = z.discriminatedUnion("type", [
  z.object({ type: z.literal("AllAtOnce") }),
  z.object({
    type: z.literal("TimeBasedCanary"),
    timeBasedCanary: z.object({ canaryPercentage: percentage, canaryInterval: minutes }),
  }),
  z.object({
    type: z.literal("TimeBasedLinear"),
    timeBasedLinear: z.object({ linearPercentage: percentage, linearInterval: minutes }),
  }),
]);

const createDeploymentConfig = operation(
  "CreateDeploymentConfig",
  z.object({ deploymentConfigName: resourceName, computePlatform: ecsPlatform, trafficRoutingConfig }),
  (given, { registry, clock }: AccountContext): CreateDeploymentConfigOutput => {
    const name = given.deploymentConfigName;
    if (name.startsWith("CodeDeployDefault.")) {
      throw new AwsError(
        "InvalidDeploymentConfigNameException",
        `${name} begins with CodeDeployDefault., which is for CodeDeploy's own configs.`,
      );
    }
    const deploymentConfigId = randomUUID();
    const info = deploymentConfigInfo(name, routingOf(given.trafficRoutingConfig));
    registry.addConfig(name, { ...info, deploymentConfigId, createTime: new Date(clock.now()) });
    return { deploymentConfigId };
  },
);

function routingOf(given: z.output<typeof trafficRoutingConfig>): TrafficRouting {
  switch (given.type) {
    case "AllAtOnce":
      return { type: "AllAtOnce" };
    case "TimeBasedCanary": {
      const { canaryPercentage, canaryInterval } = given.timeBasedCanary;
      return { type: "TimeBasedCanary", percentage: canaryPercentage, intervalMinutes: canaryInterval };
    }
    case "TimeBasedLinear": {
      const { linearPercentage, linearInterval } = given.timeBasedLinear;
      return { type: "TimeBasedLinear", percentage: linearPercentage, intervalMinutes: linearInterval };
    }
  }
}

const deleteDeploymentConfig = operation(
  "DeleteDeploymentConfig",
  z.object({ deploymentConfigName: resourceName }),
  ({ deploymentConfigName }, { registry }: AccountContext) => {
    registry.removeConfig(deploymentConfigName);
    return {};
  },
);

const ACCOUNT_OPERATIONS: readonly Operation<AccountContext>[] = [
  createApplication,
  createDeploymentConfig,
  createDeploymentGroup,
  deleteApplication,
  deleteDeploymentConfig,
  deleteDeploymentGroup,
  updateApplication,
];
