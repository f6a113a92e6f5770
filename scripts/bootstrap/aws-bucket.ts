import { ANSWER_LIMITS } from "../command/aws-answers";
import { connectToStateBucket } from "../command/state-bucket-aws";
import type { BucketPort } from "./bucket-port";
import type { BucketState } from "./bucket-state";

/**
 * Connects to S3 and STS as `connectToStateBucket` does. In addition, it creates the bucket and writes its settings.
 * @param region of the bucket
 * @param limits how long an answer may take
 */
export async function connectToS3(region: string, limits = ANSWER_LIMITS): Promise<BucketPort> {
  const s3 = await import("@aws-sdk/client-s3");
  const { client, account, find } = await connectToStateBucket(region, limits);

  return {
    account,
    find,
    create: async (Bucket) => {
      await client.send(
        new s3.CreateBucketCommand({
          Bucket,
          ObjectOwnership: "BucketOwnerEnforced",
          // S3 refuses us-east-1 here: it is the default.
          // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
          ...(region !== "us-east-1" && {
            CreateBucketConfiguration: { LocationConstraint: region as "eu-central-1" },
          }),
        }),
      );
      await s3.waitUntilBucketExists({ client, maxWaitTime: 60 }, { Bucket });
    },
    read: async (Bucket, ExpectedBucketOwner): Promise<BucketState> => {
      const input = { Bucket, ExpectedBucketOwner };
      const [ownership, publicAccess, versioning, encryption, policy, lifecycle] = await Promise.all([
        undefinedIfNotSet(client.send(new s3.GetBucketOwnershipControlsCommand(input))),
        undefinedIfNotSet(client.send(new s3.GetPublicAccessBlockCommand(input))),
        client.send(new s3.GetBucketVersioningCommand(input)),
        undefinedIfNotSet(client.send(new s3.GetBucketEncryptionCommand(input))),
        undefinedIfNotSet(client.send(new s3.GetBucketPolicyCommand(input))),
        undefinedIfNotSet(client.send(new s3.GetBucketLifecycleConfigurationCommand(input))),
      ]);
      return {
        ownership: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
        publicAccess: publicAccess?.PublicAccessBlockConfiguration,
        versioning: versioning.Status,
        encryption:
          encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
        policy: policy?.Policy,
        lifecycle: lifecycle?.Rules ?? [],
      };
    },
    write: async (Bucket, ExpectedBucketOwner, change) => {
      const input = { Bucket, ExpectedBucketOwner };
      switch (change.setting) {
        case "ownership":
          await client.send(
            new s3.PutBucketOwnershipControlsCommand({
              ...input,
              OwnershipControls: { Rules: [{ ObjectOwnership: change.value }] },
            }),
          );
          break;
        case "public access":
          await client.send(
            new s3.PutPublicAccessBlockCommand({ ...input, PublicAccessBlockConfiguration: change.value }),
          );
          break;
        case "versioning":
          await client.send(
            new s3.PutBucketVersioningCommand({ ...input, VersioningConfiguration: { Status: change.value } }),
          );
          break;
        case "encryption":
          await client.send(
            new s3.PutBucketEncryptionCommand({
              ...input,
              ServerSideEncryptionConfiguration: {
                Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: change.value } }],
              },
            }),
          );
          break;
        case "policy":
          await client.send(new s3.PutBucketPolicyCommand({ ...input, Policy: change.value }));
          break;
        case "lifecycle":
          await client.send(
            new s3.PutBucketLifecycleConfigurationCommand({
              ...input,
              LifecycleConfiguration: { Rules: [...change.value] },
            }),
          );
          break;
      }
    },
  };
}

/** Error names that S3 returns when a bucket does not have the setting. */
const NOT_SET_ERRORS = [
  "OwnershipControlsNotFoundError",
  "NoSuchPublicAccessBlockConfiguration",
  "ServerSideEncryptionConfigurationNotFoundError",
  "NoSuchBucketPolicy",
  "NoSuchLifecycleConfiguration",
];

async function undefinedIfNotSet<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && NOT_SET_ERRORS.includes(error.name)) return undefined;
    throw error;
  }
}
