import { resolve } from "node:path";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Aspects, LocalBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Config } from "./config";
import { isKnownRegion } from "./config/regions";
import { TERRAFORM_MINIMUM } from "./config/terraform-version";
import { namesOf, type Names, type AnyStackName } from "./names";

/** A stack of one environment: with the environment's names, its provider and tags, and its own state. */
export abstract class EnvironmentStack extends TerraformStack {
  protected readonly names: Names;

  constructor(
    scope: Construct,
    protected readonly config: Config,
    name: AnyStackName,
  ) {
    const names = namesOf(config);
    super(scope, names.stacks[name]);
    this.names = names;
    new AwsProvider(this, "aws", {
      region: config.region,
      // A region that is newer than the provider.
      ...(!isKnownRegion(config.region) && { skipRegionValidation: true }),
      ...(config.account === undefined ? {} : { allowedAccountIds: [config.account] }),
      defaultTags: [
        {
          tags: { ...config.tags, project: config.project, environment: config.environment, stack: names.stacks[name] },
        },
      ],
    });
    this.addOverride("terraform.required_version", `>= ${TERRAFORM_MINIMUM}`);
    this.keepState(names.stateKeys[name]);
    const { permissionsBoundaryArn } = config.github;
    if (permissionsBoundaryArn !== undefined) boundRoles(this, permissionsBoundaryArn);
  }

  /** An output whose id stays as it is, for people and scripts: `terraform output <id>`. */
  protected output(id: string, value: string, description: string): void {
    new TerraformOutput(this, id, { value, description, staticId: true });
  }

  private keepState(key: string): void {
    const { state, region } = this.config;
    if (state.backend === "local") {
      // Absolute, since every stack's Terraform runs in a folder of its own and reads the others' state as well.
      new LocalBackend(this, { path: resolve("terraform.tfstate.d", key) });
      return;
    }
    const stateRegion = state.region ?? region;
    new S3Backend(this, {
      bucket: this.names.stateBucket,
      region: stateRegion,
      ...(!isKnownRegion(stateRegion) && { skipRegionValidation: true }),
      key,
      encrypt: true,
    });
    // Not among the fields that CDKTF 0.21 knows.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}

/** Puts the boundary on every role of the stack: whoever deploys under it may make no role without. */
function boundRoles(stack: TerraformStack, permissionsBoundary: string): void {
  Aspects.of(stack).add({
    visit: (node) => {
      if (node instanceof IamRole) node.permissionsBoundary = permissionsBoundary;
    },
  });
}
