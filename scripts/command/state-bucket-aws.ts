import type { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { FoundBucket, StateBucketPort } from "./state-bucket";

/** Milliseconds: a call that hangs must end. The SDK tries each call three times. */
const REQUEST_HANDLER = { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true };

/**
 * Reaches S3 and STS through the SDK, set up by what AWS's own tools read (AWS_PROFILE, AWS_ENDPOINT_URL). The SDK is
 * loaded here and not before, so that a wrong option is told without it.
 * @param region of the bucket
 */
export async function connectToStateBucket(region: string): Promise<StateBucketPort & { readonly client: S3Client }> {
  // Its notice of a coming Node version would be printed into the report on a Node that this project supports.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [s3, sts] = await Promise.all([import("@aws-sdk/client-s3"), import("@aws-sdk/client-sts")]);
  const settings = { region, requestHandler: REQUEST_HANDLER };
  const client = new s3.S3Client(settings);
  const identity = new sts.STSClient(settings);
  return {
    client,
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
    readText: async (Bucket, Key, ExpectedBucketOwner) => {
      try {
        const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key, ExpectedBucketOwner }));
        return (await Body?.transformToString()) ?? "";
      } catch (error) {
        if (error instanceof s3.NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}

/**
 * What a refused HeadBucket says. It has no body, so the status and the header of the region are all there is: 404
 * absent, 403 another account's, 301 or 400 in another region.
 */
function foundIn(error: S3ServiceException): FoundBucket {
  const status = error.$metadata.httpStatusCode;
  if (status === 404) return { kind: "absent" };
  if (status === 403) return { kind: "foreign" };
  const region = error.$response?.headers["x-amz-bucket-region"];
  if ((status === 301 || status === 400) && region !== undefined) return { kind: "ours", region };
  throw error;
}
