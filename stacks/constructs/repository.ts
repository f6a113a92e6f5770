import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";

/** Settings of a repository. */
export interface RepositoryProps {
  readonly name: string;
  /** Number of images that are kept: the last pushed ones. */
  readonly keepImages: number;
  /** Key that encrypts the images; default: S3's own. It can't be changed later. */
  readonly keyArn?: string | undefined;
}

/** An image repository. Tags are immutable, every image is scanned, and the oldest images expire. */
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
      // A repository with images can't be destroyed, because a rollback may need them.
      forceDelete: false,
    });
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: `Keep the newest ${props.keepImages} images, however old they are`,
            // "any", because task definitions use digests: a tag doesn't tell whether an image is in use. A rule for untagged
            // images, or by age, would delete images that run for a long time.
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
