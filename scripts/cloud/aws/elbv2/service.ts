import type { Service } from "../operation";
import { describeListeners } from "./describe-listeners";
import { describeLoadBalancerAttributes } from "./describe-load-balancer-attributes";
import { describeLoadBalancers } from "./describe-load-balancers";
import { describeRules } from "./describe-rules";
import { describeTags } from "./describe-tags";
import { describeTargetGroupAttributes } from "./describe-target-group-attributes";
import { describeTargetGroups } from "./describe-target-groups";
import { describeTargetHealth } from "./describe-target-health";

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
  ],
  inputErrorType: () => "ValidationError",
};
