import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { policy, type Statement } from "./policy";

/** Who GitHub's tokens come from: the provider's address, and the beginning of the names that STS gives their claims. */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";
/** Whom those tokens are for that AWS's own action asks for. */
export const GITHUB_AUDIENCE = "sts.amazonaws.com";

/** Settings of a workflow's role. */
export interface GithubRoleProps {
  readonly name: string;
  readonly description: string;
  readonly providerArn: string;
  /** Subjects of the tokens that may take it on; no wildcards. */
  readonly subjects: readonly string[];
  /**
   * Branches and tags that they may come from, as patterns; default: any. A claim of its own (STS knows those of GitHub's
   * tokens: "Available keys for AWS OIDC federation"), for a subject that names an environment names no branch.
   */
  readonly refs?: readonly string[];
  /** What it may do, by the subject of each policy. */
  readonly statements: Readonly<Record<string, readonly Statement[]>>;
  readonly maxHours: number;
}

/** A role that a job of a GitHub workflow takes on with its token. */
export class GithubRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: GithubRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: props.name,
      description: props.description,
      maxSessionDuration: props.maxHours * 3600,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Federated: props.providerArn },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
              StringEquals: {
                [`${GITHUB_ISSUER}:aud`]: GITHUB_AUDIENCE,
                [`${GITHUB_ISSUER}:sub`]: props.subjects,
              },
              ...(props.refs && { StringLike: { [`${GITHUB_ISSUER}:ref`]: props.refs } }),
            },
          },
        ],
      }),
    });
    for (const [subject, statements] of Object.entries(props.statements)) {
      if (statements.length === 0) continue;
      const attached = new IamPolicy(this, `${subject}-policy`, {
        name: `${props.name}-${subject}`,
        policy: policy(...statements),
      });
      new IamRolePolicyAttachment(this, `${subject}-attachment`, { role: role.name, policyArn: attached.arn });
    }
    this.arn = role.arn;
  }
}
