import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policy, trust, type Statement } from "./policy";

/** Settings of a role. */
export interface RoleProps {
  readonly name: string;
  /** The AWS service that takes it on, e.g. ecs-tasks.amazonaws.com. */
  readonly service: string;
  /** Account whose resources alone may make the service take it on; default: any that the service lets. */
  readonly onlyForAccount?: string;
  /** What it may do. */
  readonly statements: readonly Statement[];
}

/** A role for an AWS service with a single policy of its own. */
export class Role extends Construct {
  readonly arn: string;
  /** For those to depend on who use the role until they are gone. */
  readonly policy: ITerraformDependable;

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
    this.arn = role.arn;
  }
}
