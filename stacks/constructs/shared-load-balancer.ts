import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { DataAwsLbListener } from "@cdktf/provider-aws/lib/data-aws-lb-listener";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { hostOf, type SharedLoadBalancer } from "../config/shared-load-balancer-schema";
import { ListenerRule } from "./listener-rule";
import type { TargetGroup } from "./target-group";

/** Settings of a service's part of an existing load balancer. */
export interface SharedLoadBalancerRulesProps {
  readonly loadBalancer: SharedLoadBalancer;
  /** The VPC of the target groups, which must be that of the load balancer. */
  readonly vpcId: string;
  /** The target groups: the one that gets the first traffic, and the other one. */
  readonly targetGroups: readonly [TargetGroup, TargetGroup];
}

/**
 * This service's rules on the listeners of an existing load balancer. A plan fails when the load balancer is not what the
 * configuration says.
 */
export class SharedLoadBalancerRules extends Construct {
  readonly rules: readonly ListenerRule[];
  /** URL of the service, with the host of the rule if it has one. */
  readonly url: string;
  /** URL of the new version, with the host of the rule if it has one. */
  readonly testUrl: string;
  /** Base URL of the test listener, with the load balancer's own name: it works also when the host's record leads elsewhere. */
  readonly testAddress: string;
  readonly testPort: number;

  constructor(scope: Construct, id: string, props: SharedLoadBalancerRulesProps) {
    super(scope, id);
    const { arn, securityGroupId, productionListenerArn, testListenerArn, rule } = props.loadBalancer;
    const host = hostOf(props.loadBalancer);
    const found = new DataAwsLb(this, "load-balancer", {
      arn,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.vpc_id == "${props.vpcId}"}`,
            errorMessage: `loadBalancer.existing.arn is not in network.vpc.id (${props.vpcId}), where the tasks are.`,
          },
          {
            condition: `\${contains(self.security_groups, "${securityGroupId}")}`,
            errorMessage: `The load balancer does not have loadBalancer.existing.securityGroupId (${securityGroupId}).`,
          },
        ],
      },
    });
    const listener = (name: string, listenerArn: string) =>
      new DataAwsLbListener(this, name, {
        arn: listenerArn,
        ...(host === undefined && {
          lifecycle: {
            postcondition: [
              {
                // The certificate is for the host's name, not for the load balancer's.
                condition: '${self.protocol == "HTTP"}',
                errorMessage: "The listener uses HTTPS: name this service's host in loadBalancer.existing.rule.hosts.",
              },
            ],
          },
        }),
      });
    const production = listener("production-listener", productionListenerArn);
    const test = listener("test-listener", testListenerArn);
    const url = ({ protocol, port }: DataAwsLbListener, name: string) => `${Fn.lower(protocol)}://${name}:${port}`;
    const [first, second] = props.targetGroups;
    this.rules = [
      new ListenerRule(this, "production-rule", {
        listenerArn: productionListenerArn,
        match: rule,
        forwardTo: first,
        otherTargetGroup: second,
      }),
      new ListenerRule(this, "test-rule", {
        listenerArn: testListenerArn,
        match: rule,
        forwardTo: second,
        otherTargetGroup: first,
      }),
    ];
    this.url = url(production, host ?? found.dnsName);
    this.testUrl = url(test, host ?? found.dnsName);
    this.testAddress = url(test, found.dnsName);
    this.testPort = test.port;
  }
}
