import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { partitionOf } from "../config/regions";
import type { ReleaseTopic } from "./release-topic";

/** Settings of the rule. */
export interface DeploymentEventsProps {
  readonly name: string;
  readonly region: string;
  /** CodeDeploy application. The rule reports all of its deployments, also rollbacks. */
  readonly application: string;
  readonly topic: ReleaseTopic;
}

/** Sends every state change of the application's deployments to the topic, as a readable sentence. */
export class DeploymentEvents extends Construct {
  constructor(scope: Construct, id: string, props: DeploymentEventsProps) {
    super(scope, id);
    const { console } = partitionOf(props.region);
    const link =
      console === undefined
        ? ""
        : ` https://<region>.${console}/codesuite/codedeploy/deployments/<deployment>?region=<region>`;
    const rule = new CloudwatchEventRule(this, "rule", {
      name: props.name,
      description: `Every state of every deployment of ${props.application}`,
      eventPattern: JSON.stringify({
        source: ["aws.codedeploy"],
        "detail-type": ["CodeDeploy Deployment State-change Notification"],
        detail: { application: [props.application] },
      }),
    });
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      targetId: "topic",
      arn: props.topic.arn,
      inputTransformer: {
        inputPaths: { deployment: "$.detail.deploymentId", state: "$.detail.state", region: "$.region", at: "$.time" },
        inputTemplate: JSON.stringify(
          `Deployment <deployment> of ${props.application}: <state> (<region>, <at>). ` +
            "Stopped or failed: the old version serves again once its rollback, a deployment of its own, is a SUCCESS." +
            link,
        ),
      },
      dependsOn: [props.topic.policy],
    });
  }
}
