import type { Construct } from "constructs";
import type { Config } from "./config";
import { CodeDeployRole } from "./constructs/codedeploy-role";
import { DeploymentGroup } from "./constructs/deployment-group";
import { GateAlarms } from "./constructs/gate-alarms";
import { EnvironmentStack } from "./environment-stack";
import { TARGET_GROUPS } from "./names";
import type { ServiceValues } from "./service";

/** What decides: the alarms, and CodeDeploy, which moves the traffic and takes it back when one of them fires. */
export class DeliveryStack extends EnvironmentStack {
  constructor(scope: Construct, config: Config, service: ServiceValues) {
    super(scope, config, "delivery");
    const { names } = this;
    const alarms = TARGET_GROUPS.map(
      (key) =>
        new GateAlarms(this, `alarms-${key}`, {
          nameOf: (kind) => names.alarm(kind, key),
          targetGroup: service.targetGroups[key],
          loadBalancerArnSuffix: service.loadBalancerArnSuffix,
          settings: config.alarms,
        }),
    );
    const role = new CodeDeployRole(this, "role", {
      name: `${names.prefix}-codedeploy`,
      region: config.region,
      serviceArn: service.serviceArn,
      clusterName: service.clusterName,
      serviceName: service.serviceName,
      loadBalancerArnSuffix: service.loadBalancerArnSuffix,
      listenerArns: [service.productionListenerArn, service.testListenerArn],
      taskRoleArns: service.taskRoleArns,
    });
    const group = new DeploymentGroup(this, "deployment-group", {
      application: names.application,
      name: names.deploymentGroup,
      deploymentConfig: names.deploymentConfig,
      settings: config.delivery,
      role,
      clusterName: service.clusterName,
      serviceName: service.serviceName,
      productionListenerArn: service.productionListenerArn,
      testListenerArn: service.testListenerArn,
      targetGroupNames: TARGET_GROUPS.map((key) => service.targetGroups[key].name),
      alarmNames: alarms.flatMap(({ names: alarmNames }) => alarmNames),
    });
    this.output("application_name", group.applicationName, "CodeDeploy application");
    this.output("deployment_group_name", group.name, "CodeDeploy deployment group");
  }
}
