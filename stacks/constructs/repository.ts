import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";

/** Settings of a repository. */
export interface RepositoryProps {
  readonly name: string;
  /** Images kept: the newest by the time they were pushed. */
  readonly keepImages: number;
  /** Key that the images are encrypted with; default: S3's own. It can't be changed later. */
  readonly keyArn?: string | undefined;
}

/** An image repository: a tag once pushed stays what it is, every image is scanned, the oldest of very many expire. */
export class Repository extends Construct {
  readonly arn: string;
  readonly url: string;

  constructor(scope: Construct, id: string, props: RepositoryProps) {
    super(scope, id);
    const repository = new EcrRepository(this, "repository", {
      name: props.name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [
        props.keyArn === undefined ? { encryptionType: "AES256" } : { encryptionType: "KMS", kmsKey: props.keyArn },
      ],
      // With images in it, it can't be destroyed: they are what a rollback goes back to.
      forceDelete: false,
    });
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: `Keep the newest ${props.keepImages} images, however old they are`,
            // "any": task definitions name images by digest, so a tag says nothing of whether an image is in use. A rule
            // for untagged ones, or by age, would take those away that run for long.
            selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: props.keepImages },
            action: { type: "expire" },
          },
        ],
      }),
    });
    this.arn = repository.arn;
    this.url = repository.repositoryUrl;
  }
}
