import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { policyDocument, type Statement } from "./policy";

/**
 * Issuer of GitHub's tokens. The names of their claims in IAM conditions start with it
 * (https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws).
 */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";
/** Audience of the tokens that AWS's GitHub action requests. */
export const GITHUB_AUDIENCE = "sts.amazonaws.com";

/** Settings of a workflow's role. */
export interface GithubRoleProps {
  readonly name: string;
  readonly description: string;
  readonly providerArn: string;
  /** Subjects of the tokens that may assume the role; no wildcards. */
  readonly subjects: readonly string[];
  /**
   * Patterns of the refs (branches and tags) of the tokens; default: any. A subject with a GitHub environment names no branch, so
   * this uses the claim `ref`
   * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
   */
  readonly refs?: readonly string[];
  /** Permissions. Each key is the subject of a policy of its own. */
  readonly statements: Readonly<Record<string, readonly Statement[]>>;
  readonly maxHours: number;
}

/** A role that jobs of GitHub workflows assume with their tokens. */
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
        policy: policyDocument(...statements),
      });
      new IamRolePolicyAttachment(this, `${subject}-attachment`, { role: role.name, policyArn: attached.arn });
    }
    this.arn = role.arn;
  }
}
