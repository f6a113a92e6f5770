import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policyDocument, trustPolicy, type Statement } from "./policy";

/** Settings of a role. */
export interface RoleProps {
  readonly name: string;
  /**
   * The AWS service that assumes the role, such as ecs-tasks.amazonaws.com. The names are the same in every partition, also in
   * China and in the isolated ones
   * (https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/region-info/lib/default.ts).
   */
  readonly service: string;
  /** The service may assume the role only on behalf of this account; default: the service decides. */
  readonly onlyForAccount?: string;
  /** Permissions of the role; may be empty. */
  readonly statements: readonly Statement[];
  /** ARNs of managed policies with additional permissions; default: none. */
  readonly managedPolicies?: readonly string[];
}

/** A role for an AWS service, with one inline policy, unless there are no permissions, and optional managed policies. */
export class Role extends Construct {
  readonly arn: string;
  /** For resources to depend on that need the role's permissions until they are destroyed. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: props.name,
      assumeRolePolicy: trustPolicy(props.service, props.onlyForAccount),
    });
    // A policy must have a statement.
    const inline =
      props.statements.length === 0
        ? []
        : [
            new IamRolePolicy(this, "policy", {
              name: props.name,
              role: role.id,
              policy: policyDocument(...props.statements),
            }),
          ];
    // The id comes from the ARN, so that removing an ARN from the list removes only its attachment.
    const attachments = (props.managedPolicies ?? []).map(
      (policyArn) =>
        new IamRolePolicyAttachment(this, `attached-${policyArn.split(":").slice(4).join("-").replaceAll("/", "-")}`, {
          role: role.name,
          policyArn,
        }),
    );
    this.policies = [...inline, ...attachments];
    this.arn = role.arn;
  }
}
