import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsEcrAuthorizationToken } from "@cdktf/provider-aws/lib/data-aws-ecr-authorization-token";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { App } from "cdktf";
import type { Construct } from "constructs";
import { resolve } from "node:path";
import type { Config } from "./config";
import type { Encrypted } from "./config/data-schema";
import { EncryptionKey } from "./constructs/encryption-key";
import { FirstImage } from "./constructs/first-image";
import { Repository } from "./constructs/repository";
import { EnvironmentStack } from "./environment-stack";
import { functionLogGroup } from "./names";

/** What the other stacks take from the registry. */
export interface RegistryValues {
  readonly repositoryArn: string;
  /** The first image, by digest. */
  readonly firstImage: string;
  /** ARN of the customer-managed key by what it encrypts; what is missing here is encrypted with AWS's keys. */
  readonly keys: EncryptionKeys;
}

/** Key ARNs by what is encrypted. */
export type EncryptionKeys = Readonly<Partial<Record<Encrypted, string>>>;

/**
 * The images: their repository, and the first one, so that the first task definition has something to point at. And the
 * key that this and the later stacks encrypt with, when the configuration asks for one: before this stack there may be none.
 */
export class RegistryStack extends EnvironmentStack {
  readonly values: RegistryValues;

  /** @param source folder of the service to build, with its Dockerfile */
  constructor(scope: Construct, config: Config, source: string) {
    super(scope, config, "registry");
    const account = new DataAwsCallerIdentity(this, "account");
    const partition = new DataAwsPartition(this, "partition");
    const token = new DataAwsEcrAuthorizationToken(this, "token");
    new DockerProvider(this, "docker", {
      registryAuth: [
        {
          // The host alone: with https:// or a path the provider finds no credentials when it pushes.
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
