import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsEcrAuthorizationToken } from "@cdktf/provider-aws/lib/data-aws-ecr-authorization-token";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { App } from "cdktf";
import type { Construct } from "constructs";
import { resolve } from "node:path";
import type { Config } from "./config";
import { FirstImage } from "./constructs/first-image";
import { Repository } from "./constructs/repository";
import { EnvironmentStack } from "./environment-stack";

/** What the other stacks take from the registry. */
export interface RegistryValues {
  readonly repositoryArn: string;
  /** The first image, by digest. */
  readonly firstImage: string;
}

/** The images: their repository, and the first one, so that the first task definition has something to point at. */
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
    const repository = new Repository(this, "repository", { name: this.names.repository });
    const image = new FirstImage(this, "first-image", {
      repositoryUrl: repository.url,
      source: resolve(source),
      runsIn: resolve(App.of(this).outdir, "stacks", this.names.stacks.registry),
      architecture: config.service.architecture,
    });
    this.values = { repositoryArn: repository.arn, firstImage: image.reference };
    this.output("repository_url", repository.url, "Where images are pushed to");
    this.output("first_image", image.reference, "The image that the first task definition runs");
  }
}
