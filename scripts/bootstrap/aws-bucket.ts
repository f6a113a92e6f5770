import type { S3ServiceException } from "@aws-sdk/client-s3";
import type { BucketPort, Found } from "./bucket-port";
import type { BucketState } from "./bucket-state";

/** Milliseconds: a call that hangs must end. The SDK tries each call three times. */
const REQUEST_HANDLER = { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true };

/**
 * Reaches S3 and STS through the SDK, set up by what AWS's own tools read (AWS_PROFILE, AWS_ENDPOINT_URL). The SDK is
 * loaded here and not before, so that a wrong option is told without it.
 * @param region of the bucket
 */
export async function connectToS3(region: string): Promise<BucketPort> {
  // Its notice of a coming Node version would be printed into the report on a Node that this project supports.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [s3, sts] = await Promise.all([import("@aws-sdk/client-s3"), import("@aws-sdk/client-sts")]);
  const settings = { region, requestHandler: REQUEST_HANDLER };
  const client = new s3.S3Client(settings);
  const identity = new sts.STSClient(settings);

  return {
    account: async () => {
      const { Account } = await identity.send(new sts.GetCallerIdentityCommand({}));
      if (Account === undefined) throw new Error("the answer names no account");
      return Account;
    },
    find: async (Bucket, ExpectedBucketOwner) => {
      try {
        const { BucketRegion } = await client.send(new s3.HeadBucketCommand({ Bucket, ExpectedBucketOwner }));
        return { kind: "ours", ...(BucketRegion !== undefined && { region: BucketRegion }) };
      } catch (error) {
        if (error instanceof s3.S3ServiceException) return foundIn(error);
        throw error;
      }
    },
    create: async (Bucket) => {
      await client.send(
        new s3.CreateBucketCommand({
          Bucket,
          ObjectOwnership: "BucketOwnerEnforced",
          // S3's first region is the one that must not be named.
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
        unlessAbsent(client.send(new s3.GetBucketOwnershipControlsCommand(input))),
        unlessAbsent(client.send(new s3.GetPublicAccessBlockCommand(input))),
        client.send(new s3.GetBucketVersioningCommand(input)),
        unlessAbsent(client.send(new s3.GetBucketEncryptionCommand(input))),
        unlessAbsent(client.send(new s3.GetBucketPolicyCommand(input))),
        unlessAbsent(client.send(new s3.GetBucketLifecycleConfigurationCommand(input))),
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

/**
 * What a refused HeadBucket says. It has no body, so the status and the header of the region are all there is: 404
 * absent, 403 another account's, 301 or 400 in another region.
 */
function foundIn(error: S3ServiceException): Found {
  const status = error.$metadata.httpStatusCode;
  if (status === 404) return { kind: "absent" };
  if (status === 403) return { kind: "foreign" };
  const region = error.$response?.headers["x-amz-bucket-region"];
  if ((status === 301 || status === 400) && region !== undefined) return { kind: "ours", region };
  throw error;
}

/** Errors by which S3 says that a bucket has no such setting. */
const ABSENT = [
  "OwnershipControlsNotFoundError",
  "NoSuchPublicAccessBlockConfiguration",
  "ServerSideEncryptionConfigurationNotFoundError",
  "NoSuchBucketPolicy",
  "NoSuchLifecycleConfiguration",
];

async function unlessAbsent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && ABSENT.includes(error.name)) return undefined;
    throw error;
  }
}
