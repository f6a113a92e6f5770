import type { Construct } from "constructs";
import type { Config } from "./config";
import { CodeDeployRole } from "./constructs/codedeploy-role";
import { DeploymentEvents } from "./constructs/deployment-events";
import { DeploymentGroup } from "./constructs/deployment-group";
import { GateAlarms } from "./constructs/gate-alarms";
import { ProbeHook } from "./constructs/probe-hook";
import { ReleaseDashboard } from "./constructs/release-dashboard";
import { ReleaseTopic } from "./constructs/release-topic";
import { SlackNotifier } from "./constructs/slack-notifier";
import { EnvironmentStack } from "./environment-stack";
import { otherTargetGroup, TARGET_GROUPS } from "./names";
import type { NetworkValues } from "./network";
import type { EncryptionKeys } from "./registry";
import type { ServiceValues } from "./service";

/** Values that the delivery stack needs from the other stacks. */
export interface DeliveryInputs {
  readonly network: NetworkValues;
  readonly service: ServiceValues;
  /** Keys of the environment. Without a key for notifications, the topic creates its own. */
  readonly keys: EncryptionKeys;
}

/**
 * Releases: CodeDeploy, which shifts the traffic, and the alarms and the probe that make it roll back. A topic and a dashboard
 * inform people.
 */
export class DeliveryStack extends EnvironmentStack {
  constructor(scope: Construct, config: Config, inputs: DeliveryInputs) {
    super(scope, config, "delivery");
    const { names } = this;
    const { service } = inputs;
    const topic = config.notifications.enabled ? this.topic(inputs) : undefined;
    const alarms = TARGET_GROUPS.map(
      (key) =>
        new GateAlarms(this, `alarms-${key}`, {
          nameOf: (kind) => names.alarm(kind, key),
          targetGroup: service.targetGroups[key],
          otherTargetGroup: service.targetGroups[otherTargetGroup(key)],
          loadBalancerArnSuffix: service.loadBalancerArnSuffix,
          config,
          notifyArns: topic ? [topic.arn] : [],
        }),
    );
    const hook = this.hook(inputs);
    const role = new CodeDeployRole(this, "role", {
      name: `${names.prefix}-codedeploy`,
      region: config.region,
      serviceArn: service.serviceArn,
      clusterName: service.clusterName,
      serviceName: service.serviceName,
      loadBalancerArnSuffix: service.loadBalancerArnSuffix,
      listenerArns: [service.productionListenerArn, service.testListenerArn],
      listenerRuleArns: service.listenerRuleArns,
      taskRoleArns: service.taskRoleArns,
      hookArns: hook ? [hook.functionArn] : [],
      topic,
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
      topicArn: topic?.arn,
    });
    if (config.dashboard.enabled) {
      new ReleaseDashboard(this, "dashboard", {
        name: names.dashboard,
        region: config.region,
        targetGroups: service.targetGroups,
        loadBalancerArnSuffix: service.loadBalancerArnSuffix,
        clusterName: service.clusterName,
        serviceName: service.serviceName,
        config,
        alarmArns: alarms.flatMap(({ arns }) => arns),
      });
    }
    this.output("application_name", group.applicationName, "CodeDeploy application");
    this.output("deployment_group_name", group.name, "CodeDeploy deployment group");
    if (topic) this.output("topic_arn", topic.arn, "Where deployments and alarms are told");
    if (hook) this.output("hook_function_name", hook.functionName, "Probes a new version after test traffic");
  }

  /** Creates the topic, its publishers and its subscribers. */
  private topic({ keys }: DeliveryInputs): ReleaseTopic {
    const { names, config } = this;
    const { emails, slackWebhookParameter } = config.notifications;
    const topic = new ReleaseTopic(this, "topic", {
      name: names.topic,
      region: config.region,
      emails,
      keyArn: keys.notifications,
    });
    new DeploymentEvents(this, "deployment-events", {
      name: `${names.prefix}-deployments`,
      region: config.region,
      application: names.application,
      topic,
    });
    if (slackWebhookParameter !== undefined) {
      new SlackNotifier(this, "slack", {
        name: names.slackFunction,
        region: config.region,
        topic,
        webhookParameter: slackWebhookParameter,
        logRetentionDays: config.service.logRetentionDays,
        keyArn: keys.logs,
        reserveConcurrency: config.delivery.reserveConcurrency,
      });
    }
    return topic;
  }

  /** Creates the probe after test traffic, unless the configuration turns it off. */
  private hook({ network, service, keys }: DeliveryInputs): ProbeHook | undefined {
    const { names, config } = this;
    if (names.testTrafficHook === undefined) return undefined;
    return new ProbeHook(this, "hook", {
      name: names.testTrafficHook,
      region: config.region,
      application: names.application,
      deploymentGroup: names.deploymentGroup,
      testListener: service.testListener,
      healthCheck: config.healthCheck,
      steps: config.delivery.probe,
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      logRetentionDays: config.service.logRetentionDays,
      keyArn: keys.logs,
      reserveConcurrency: config.delivery.reserveConcurrency,
    });
  }
}
