import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import type { Construct } from "constructs";
import type { Config } from "./config";
import { GITHUB_AUDIENCE, GITHUB_ISSUER, GithubRole } from "./constructs/github-role";
import { EnvironmentStack } from "./environment-stack";
import { ACCESS_STACK, type GithubRoleName } from "./names";
import { Arns } from "./permissions/arns";
import { deployStatements } from "./permissions/deploy";
import { readStatements } from "./permissions/reads";
import { releaseStatements } from "./permissions/release";
import { stateReads } from "./permissions/state";

/** Longest session of each role, in hours. A release needs its role until the end of the termination wait. */
const MAX_HOURS: Readonly<Record<GithubRoleName, number>> = { plan: 1, deploy: 2, release: 6 };

/**
 * The roles with which GitHub's workflows plan, deploy and release. An administrator applies this stack first. No workflow can
 * change it, so no workflow can change its own permissions. It reads no other stack: it derives everything from names.
 */
export class AccessStack extends EnvironmentStack {
  /** @param repository `owner/repository` */
  constructor(scope: Construct, config: Config, repository: string) {
    super(scope, config, ACCESS_STACK);
    const { names } = this;
    const { accountId: account } = new DataAwsCallerIdentity(this, "account");
    const { partition } = new DataAwsPartition(this, "partition");
    const arns = new Arns({ partition, region: config.region, account });
    const providerArn =
      config.github.oidcProviderArn ??
      new IamOpenidConnectProvider(this, "provider", {
        url: `https://${GITHUB_ISSUER}`,
        clientIdList: [GITHUB_AUDIENCE],
      }).arn;
    const { branch, environment } = config.github;
    const ref = `refs/heads/${branch ?? "main"}`;
    const token = (subject: string) => `repo:${subjectName(config.github, repository)}:${subject}`;
    const isByBranch = branch !== undefined && environment === undefined;
    const protectedJobs = [token(isByBranch ? `ref:${ref}` : `environment:${environment ?? config.environment}`)];
    const role = (
      name: GithubRoleName,
      props: Pick<ConstructorParameters<typeof GithubRole>[2], "description" | "subjects" | "refs" | "statements">,
    ) => {
      const { arn } = new GithubRole(this, name, {
        ...props,
        name: names.githubRoles[name],
        providerArn,
        maxHours: MAX_HOURS[name],
      });
      this.output(`${name}_role_arn`, arn, `Role of the workflows that ${name}`);
    };
    role("plan", {
      description: "Reads what Terraform compares, from any pull request",
      subjects: [token("pull_request"), token(`ref:${ref}`)],
      statements: {
        state: stateReads(config, arns),
        reads: readStatements(arns, `${config.project}-`, [`${config.project}*`, names.repository]),
      },
    });
    role("deploy", {
      description: "Applies the stacks",
      subjects: protectedJobs,
      refs: [ref],
      statements: deployStatements(config, arns),
    });
    role("release", {
      description: "Releases a new version, and changes nothing else",
      subjects: protectedJobs,
      refs: [ref, "refs/tags/v*"],
      statements: { release: releaseStatements(config, arns) },
    });
  }
}

/** The repository in a token's subject: names only, or names with GitHub's ids, which are never reused. */
function subjectName({ ownerId, repositoryId }: Config["github"], repository: string): string {
  const [owner = "", name = ""] = repository.split("/");
  return ownerId === undefined || repositoryId === undefined
    ? repository
    : `${owner}@${ownerId}/${name}@${repositoryId}`;
}
