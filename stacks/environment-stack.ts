import { resolve } from "node:path";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Aspects, LocalBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Config } from "./config";
import { isKnownRegion } from "./config/regions";
import { TERRAFORM_MINIMUM } from "./config/terraform-version";
import { namesOf, type Names, type StackName } from "./names";

/** A stack of one environment, with the environment's names, provider and tags, and with its own state. */
export abstract class EnvironmentStack extends TerraformStack {
  protected readonly names: Names;

  constructor(
    scope: Construct,
    protected readonly config: Config,
    name: StackName,
  ) {
    const names = namesOf(config);
    super(scope, names.stacks[name]);
    this.names = names;
    new AwsProvider(this, "aws", {
      region: config.region,
      // The region may be newer than the provider.
      ...(!isKnownRegion(config.region) && { skipRegionValidation: true }),
      ...(config.account === undefined ? {} : { allowedAccountIds: [config.account] }),
      defaultTags: [
        {
          tags: { ...config.tags, project: config.project, environment: config.environment, stack: names.stacks[name] },
        },
      ],
    });
    this.addOverride("terraform.required_version", `>= ${TERRAFORM_MINIMUM}`);
    this.configureState(names.stateKeys[name]);
    const boundary = config.ci?.permissionsBoundaryArn;
    if (boundary !== undefined) setPermissionsBoundary(this, boundary);
  }

  /** Adds an output that keeps its id, so that people and scripts can read it: `terraform output <id>`. */
  protected output(id: string, value: string, description: string): void {
    new TerraformOutput(this, id, { value, description, staticId: true });
  }

  private configureState(key: string): void {
    const { state, region } = this.config;
    if (state.backend === "local") {
      // Absolute, because Terraform runs each stack in its own folder, and reads the state of the others.
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
    // S3BackendConfig of CDKTF 0.21 does not have this field.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}

/** Sets the permissions boundary on every role of the stack: the deploying role may create no role without it. */
function setPermissionsBoundary(stack: TerraformStack, permissionsBoundary: string): void {
  Aspects.of(stack).add({
    visit: (node) => {
      if (node instanceof IamRole) node.permissionsBoundary = permissionsBoundary;
    },
  });
}
