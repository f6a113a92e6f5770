import type { Config } from "../config";
import type { Statement } from "../constructs/policy";
import { actions } from "./arns";

/**
 * Making and changing the network. A VPC and all in it have ids, not names: what is deleted must have the environment's
 * tags, which the stacks put on everything; the rest is bound to the region.
 */
export function networkWrites({ project, environment, region }: Config): Statement[] {
  const inRegion = { "aws:RequestedRegion": region };
  return [
    {
      actions: actions(
        "ec2",
        ...["AllocateAddress", "AssociateRouteTable", "AttachInternetGateway", "CreateFlowLogs"],
        ...["CreateInternetGateway", "CreateNatGateway", "CreateRoute", "CreateRouteTable", "CreateSecurityGroup"],
        ...["CreateSubnet", "CreateTags", "CreateVpc", "CreateVpcEndpoint", "ModifySubnetAttribute"],
        ...["ModifyVpcAttribute", "ModifyVpcEndpoint", "ReplaceRoute", "ReplaceRouteTableAssociation"],
        ...["AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules"],
        ...["RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
        ...["UpdateSecurityGroupRuleDescriptionsEgress", "UpdateSecurityGroupRuleDescriptionsIngress"],
        ...["DeleteRoute", "DisassociateAddress", "DisassociateRouteTable", "DetachInternetGateway"],
        // What a function leaves in its subnets when it goes: they can't go before.
        ...["DeleteNetworkInterface", "DetachNetworkInterface"],
      ),
      resources: ["*"],
      conditions: { StringEquals: inRegion },
    },
    {
      actions: actions(
        "ec2",
        ...["DeleteFlowLogs", "DeleteInternetGateway", "DeleteNatGateway", "DeleteRouteTable", "DeleteSecurityGroup"],
        ...["DeleteSubnet", "DeleteTags", "DeleteVpc", "DeleteVpcEndpoints", "ReleaseAddress"],
      ),
      resources: ["*"],
      conditions: {
        StringEquals: { ...inRegion, "aws:ResourceTag/project": project, "aws:ResourceTag/environment": environment },
      },
    },
  ];
}
