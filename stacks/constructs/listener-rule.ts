import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { SharedLoadBalancer } from "../config/shared-load-balancer-schema";
import type { TargetGroup } from "./target-group";

/** Settings of a rule on an existing listener. */
export interface ListenerRuleProps {
  readonly listenerArn: string;
  /** Which requests the rule takes. */
  readonly match: SharedLoadBalancer["rule"];
  /** The target group that gets all requests at first. From the first release on, CodeDeploy decides. */
  readonly forwardTo: TargetGroup;
  /** The target group that CodeDeploy may forward to later. */
  readonly otherTargetGroup: TargetGroup;
}

/**
 * A rule whose traffic CodeDeploy shifts from one target group to the other, on a listener of another owner. CodeDeploy changes the
 * rules of a listener that forward to the target groups of its deployment group, and leaves the others alone.
 */
export class ListenerRule extends Construct {
  readonly arn: string;
  /** For other resources to depend on. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ListenerRuleProps) {
    super(scope, id);
    const { hosts, paths, priority } = props.match;
    const rule = new LbListenerRule(this, "rule", {
      listenerArn: props.listenerArn,
      priority,
      condition: [
        ...(hosts ? [{ hostHeader: { values: hosts } }] : []),
        ...(paths ? [{ pathPattern: { values: paths } }] : []),
      ],
      action: [
        {
          type: "forward",
          forward: {
            targetGroup: [
              { arn: props.forwardTo.arn, weight: 100 },
              { arn: props.otherTargetGroup.arn, weight: 0 },
            ],
          },
        },
      ],
      lifecycle: { ignoreChanges: ["action"] },
    });
    this.arn = rule.arn;
    this.resource = rule;
  }
}
