import type { Config } from "../config";
import type { Statement } from "../constructs/policy";
import { actions } from "./arns";

/**
 * Permissions to change the network. A VPC and its parts have ids instead of names. So the environment's tags, which all resources
 * of the stacks have, limit deletions, and the region limits the other actions.
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
        // A deleted function leaves network interfaces in its subnets, which must be deleted before the subnets.
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
