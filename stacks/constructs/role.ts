import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policy, trust, type Statement } from "./policy";

/** Settings of a role. */
export interface RoleProps {
  readonly name: string;
  /**
   * The AWS service that takes it on, e.g. ecs-tasks.amazonaws.com: so in every partition, China's and the isolated ones too
   * (https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/region-info/lib/default.ts).
   */
  readonly service: string;
  /** Account whose resources alone may make the service take it on; default: any that the service lets. */
  readonly onlyForAccount?: string;
  /** What it may do. */
  readonly statements: readonly Statement[];
  /** ARNs of managed policies that say what else; default: none. */
  readonly managedPolicies?: readonly string[];
}

/** A role for an AWS service with a single policy of its own, and managed ones where it is given any. */
export class Role extends Construct {
  readonly arn: string;
  /** For those to depend on who use the role until they are gone. */
  readonly policy: ITerraformDependable;
  /** The same, of the managed policies. */
  readonly attachments: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: props.name,
      assumeRolePolicy: trust(props.service, props.onlyForAccount),
    });
    this.policy = new IamRolePolicy(this, "policy", {
      name: props.name,
      role: role.id,
      policy: policy(...props.statements),
    });
    // By ARN, so that taking one off the list takes that one away and no other.
    this.attachments = (props.managedPolicies ?? []).map(
      (policyArn) =>
        new IamRolePolicyAttachment(this, `attached-${policyArn.split(":").slice(4).join("-").replaceAll("/", "-")}`, {
          role: role.name,
          policyArn,
        }),
    );
    this.arn = role.arn;
  }
}
