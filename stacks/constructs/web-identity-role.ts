import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import type { TrustedTokens } from "../ci-trust";
import { policyDocument, type Statement } from "./policy";

/** Settings of a role that the jobs of a CI assume. */
export interface WebIdentityRoleProps {
  readonly name: string;
  readonly description: string;
  readonly providerArn: string;
  /** Issuer of the tokens, without `https://`. */
  readonly issuer: string;
  readonly audience: string;
  readonly tokens: TrustedTokens;
  /** Permissions. Each key is the subject of a policy of its own. */
  readonly statements: Readonly<Record<string, readonly Statement[]>>;
  readonly maxHours: number;
}

/** A role that jobs of a CI assume with their tokens. */
export class WebIdentityRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: WebIdentityRoleProps) {
    super(scope, id);
    const { equal, like } = props.tokens;
    /** The names of the claims in IAM conditions start with the issuer. */
    const ofIssuer = (claims: TrustedTokens["equal"]) =>
      Object.fromEntries(Object.entries(claims).map(([claim, value]) => [`${props.issuer}:${claim}`, value]));
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
              StringEquals: ofIssuer({ aud: props.audience, ...equal }),
              ...(like && { StringLike: ofIssuer(like) }),
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
