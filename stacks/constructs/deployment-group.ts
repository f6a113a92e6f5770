import { CodedeployApp } from "@cdktf/provider-aws/lib/codedeploy-app";
import { CodedeployDeploymentConfig } from "@cdktf/provider-aws/lib/codedeploy-deployment-config";
import { CodedeployDeploymentGroup } from "@cdktf/provider-aws/lib/codedeploy-deployment-group";
import { Construct } from "constructs";
import type { Config } from "../config";
import type { CodeDeployRole } from "./codedeploy-role";

/** Settings of the deployment group. */
export interface DeploymentGroupProps {
  readonly application: string;
  readonly name: string;
  /** Name of a predefined deployment config, or of the custom one to create. */
  readonly deploymentConfig: string;
  readonly settings: Config["delivery"];
  readonly role: CodeDeployRole;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly productionListenerArn: string;
  readonly testListenerArn: string;
  readonly targetGroupNames: readonly string[];
  readonly alarmNames: readonly string[];
  /** ARN of the topic that CodeDeploy notifies of rollbacks. */
  readonly topicArn?: string | undefined;
}

/** CodeDeploy's application and deployment group: blue/green on ECS. Any of the alarms stops a deployment and rolls it back. */
export class DeploymentGroup extends Construct {
  readonly applicationName: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: DeploymentGroupProps) {
    super(scope, id);
    const application = new CodedeployApp(this, "application", { name: props.application, computePlatform: "ECS" });
    const group = new CodedeployDeploymentGroup(this, "deployment-group", {
      appName: application.name,
      deploymentGroupName: props.name,
      deploymentConfigName: this.deploymentConfig(props),
      serviceRoleArn: props.role.arn,
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
      blueGreenDeploymentConfig: {
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: "TERMINATE",
          terminationWaitTimeInMinutes: props.settings.terminationWaitMinutes,
        },
      },
      ecsService: { clusterName: props.clusterName, serviceName: props.serviceName },
      loadBalancerInfo: {
        targetGroupPairInfo: {
          prodTrafficRoute: { listenerArns: [props.productionListenerArn] },
          testTrafficRoute: { listenerArns: [props.testListenerArn] },
          targetGroup: props.targetGroupNames.map((name) => ({ name })),
        },
      },
      // A deployment stops when CodeDeploy can't read its alarms.
      alarmConfiguration: { enabled: true, alarms: [...props.alarmNames], ignorePollAlarmFailure: false },
      autoRollbackConfiguration: {
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST", "DEPLOYMENT_STOP_ON_ALARM"],
      },
      ...(props.topicArn !== undefined && {
        triggerConfiguration: [
          {
            // People read this name: it is in the subject of the message.
            triggerName: `${props.name}-release-was-rolled-back`,
            triggerEvents: ["DeploymentRollback"],
            triggerTargetArn: props.topicArn,
          },
        ],
      }),
      dependsOn: [...props.role.policies],
    });
    this.applicationName = application.name;
    this.name = group.deploymentGroupName;
  }

  /** Name of the deployment config. Creates it unless it is predefined. */
  private deploymentConfig({ deploymentConfig, settings: { strategy } }: DeploymentGroupProps): string {
    if (typeof strategy === "string") return deploymentConfig;
    const { type, percentage, intervalMinutes: interval } = strategy;
    const config = new CodedeployDeploymentConfig(this, "deployment-config", {
      deploymentConfigName: deploymentConfig,
      computePlatform: "ECS",
      trafficRoutingConfig:
        type === "canary"
          ? { type: "TimeBasedCanary", timeBasedCanary: { percentage, interval } }
          : { type: "TimeBasedLinear", timeBasedLinear: { percentage, interval } },
      // A deployment config can't be changed, and it can't be deleted while a deployment group uses it.
      lifecycle: { createBeforeDestroy: true },
    });
    return config.deploymentConfigName;
  }
}
