import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import type { Construct } from "constructs";
import type { Config } from "./config";
import { GITHUB_AUDIENCE, GITHUB_ISSUER, GithubRole } from "./constructs/github-role";
import { EnvironmentStack } from "./environment-stack";
import { ACCESS_STACK, type GithubRole as RoleName } from "./names";
import { Arns } from "./permissions/arns";
import { deployStatements } from "./permissions/deploy";
import { readStatements } from "./permissions/reads";
import { releaseStatements } from "./permissions/release";
import { stateReads } from "./permissions/state";

/** Hours that a role may be held: a release is watched from the canary to the end of the termination wait. */
const MAX_HOURS: Readonly<Record<RoleName, number>> = { plan: 1, deploy: 2, release: 6 };

/**
 * Who may look, deploy and release from GitHub's workflows. Apart from the stacks it is about, and reading none of them:
 * an administrator applies it first, and no workflow can change what it may do. Everything in it follows from names.
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
      name: RoleName,
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

/** How a token's subject calls the repository: by its names alone, or with the ids that no other will ever have. */
function subjectName({ ownerId, repositoryId }: Config["github"], repository: string): string {
  const [owner = "", name = ""] = repository.split("/");
  return ownerId === undefined || repositoryId === undefined
    ? repository
    : `${owner}@${ownerId}/${name}@${repositoryId}`;
}
