import type { Service } from "../operation";
import { describeTags } from "./describe-tags";
import { describeTargetHealth } from "./describe-target-health";
import { describeListeners } from "./listeners";
import { describeLoadBalancerAttributes, describeLoadBalancers } from "./load-balancers";
import { describeRules, modifyRule } from "./rules";
import { describeTargetGroupAttributes, describeTargetGroups } from "./target-groups";

/** Elastic Load Balancing, version 2: the Application Load Balancer. */
export const elasticLoadBalancing: Service = {
  name: "Elastic Load Balancing v2",
  target: "ElasticLoadBalancing_v10",
  signingName: "elasticloadbalancing",
  version: "2015-12-01",
  xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
  operations: [
    describeListeners,
    describeLoadBalancerAttributes,
    describeLoadBalancers,
    describeRules,
    describeTags,
    describeTargetGroupAttributes,
    describeTargetGroups,
    describeTargetHealth,
    modifyRule,
  ],
  inputErrorType: () => "ValidationError",
};
