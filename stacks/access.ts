import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import type { Construct } from "constructs";
import type { CiTrust } from "./ci-trust";
import type { Config } from "./config";
import { WebIdentityRole, type WebIdentityRoleProps } from "./constructs/web-identity-role";
import { EnvironmentStack } from "./environment-stack";
import { ACCESS_STACK, type CiRole } from "./names";
import { Arns } from "./permissions/arns";
import { deployStatements } from "./permissions/deploy";
import { readStatements } from "./permissions/reads";
import { releaseStatements } from "./permissions/release";
import { stateReads } from "./permissions/state";

/** Longest session of each role, in hours. A release needs its role until the end of the termination wait. */
const MAX_HOURS: Readonly<Record<CiRole, number>> = { plan: 1, deploy: 2, release: 6 };

/**
 * The roles with which the jobs of a CI plan, deploy and release. An administrator applies this stack first. No job can
 * change it, so no job can change its own permissions. It reads no other stack: it derives everything from names.
 */
export class AccessStack extends EnvironmentStack {
  /** @param trust the jobs that may assume the roles */
  constructor(scope: Construct, config: Config, trust: CiTrust) {
    super(scope, config, ACCESS_STACK);
    const { names } = this;
    const { accountId: account } = new DataAwsCallerIdentity(this, "account");
    const { partition } = new DataAwsPartition(this, "partition");
    const arns = new Arns({ partition, region: config.region, account });
    const { issuer, audience, thumbprints, tokens } = trust;
    const providerArn =
      trust.providerArn ??
      new IamOpenidConnectProvider(this, "provider", {
        url: `https://${issuer}`,
        clientIdList: [audience],
        ...(thumbprints && { thumbprintList: [...thumbprints] }),
      }).arn;
    const role = (name: CiRole, props: Pick<WebIdentityRoleProps, "description" | "statements">) => {
      const { arn } = new WebIdentityRole(this, name, {
        ...props,
        ...{ providerArn, issuer, audience },
        name: names.ciRoles[name],
        tokens: tokens[name],
        maxHours: MAX_HOURS[name],
      });
      this.output(`${name}_role_arn`, arn, `Role of the workflows that ${name}`);
    };
    role("plan", {
      description: "Reads what Terraform compares, from any pull request",
      statements: {
        state: stateReads(config, arns),
        reads: readStatements(config, arns, [`${config.project}*`, names.repository]),
      },
    });
    role("deploy", {
      description: "Applies the stacks",
      statements: deployStatements(config, arns),
    });
    role("release", {
      description: "Releases a new version, and changes nothing else",
      statements: { release: releaseStatements(config, arns) },
    });
  }
}
