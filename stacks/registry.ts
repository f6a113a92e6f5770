import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsEcrAuthorizationToken } from "@cdktf/provider-aws/lib/data-aws-ecr-authorization-token";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { App } from "cdktf";
import type { Construct } from "constructs";
import { resolve } from "node:path";
import type { Config } from "./config";
import type { Encrypted } from "./config/storage-schema";
import { EncryptionKey } from "./constructs/encryption-key";
import { FirstImage } from "./constructs/first-image";
import { Repository } from "./constructs/repository";
import { EnvironmentStack } from "./environment-stack";
import { functionLogGroup } from "./names";

/** Values of the registry for the other stacks. */
export interface RegistryValues {
  readonly repositoryArn: string;
  /** The first image, with its digest. */
  readonly firstImage: string;
  readonly keys: EncryptionKeys;
}

/** ARN of the customer-managed key of each kind of data. AWS's keys encrypt the other kinds. */
export type EncryptionKeys = Readonly<Partial<Record<Encrypted, string>>>;

/**
 * The image repository, and the first image for the first task definition. Also the customer-managed key, when the configuration
 * asks for one: this is the first stack that needs it.
 */
export class RegistryStack extends EnvironmentStack {
  readonly values: RegistryValues;

  /** @param source folder of the service, with its Dockerfile */
  constructor(scope: Construct, config: Config, source: string) {
    super(scope, config, "registry");
    const account = new DataAwsCallerIdentity(this, "account");
    const partition = new DataAwsPartition(this, "partition");
    const token = new DataAwsEcrAuthorizationToken(this, "token");
    new DockerProvider(this, "docker", {
      registryAuth: [
        {
          // Only the host: with https:// or a path, the provider finds no credentials for its push.
          address: `${account.accountId}.dkr.ecr.${config.region}.${partition.dnsSuffix}`,
          username: token.userName,
          password: token.password,
        },
      ],
    });
    const keys = this.encryptionKeys();
    const repository = new Repository(this, "repository", {
      name: this.names.repository,
      keepImages: config.registry.keepImages,
      keyArn: keys.repository,
    });
    const image = new FirstImage(this, "first-image", {
      repositoryUrl: repository.url,
      source: resolve(source),
      runsIn: resolve(App.of(this).outdir, "stacks", this.names.stacks.registry),
      architecture: config.service.architecture,
    });
    this.values = { repositoryArn: repository.arn, firstImage: image.reference, keys };
    this.output("repository_url", repository.url, "Where images are pushed to");
    this.output("first_image", image.reference, "The image that the first task definition runs");
  }

  private encryptionKeys(): EncryptionKeys {
    const { config, names } = this;
    const { encryption, region } = config;
    if (!encryption.customerManagedKey) return {};
    const arn =
      encryption.kmsKeyArn ??
      new EncryptionKey(this, "encryption-key", {
        name: names.key,
        region,
        use: encryption.use,
        logGroupNames: [
          names.logGroup,
          names.webAclLogGroup,
          ...[names.testTrafficHook ?? [], names.slackFunction].flat().map(functionLogGroup),
        ],
      }).arn;
    return Object.fromEntries(encryption.use.map((what) => [what, arn]));
  }
}
