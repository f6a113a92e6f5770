import type { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { ANSWER_LIMITS, requestHandlerOf, withAnswerLimits } from "./aws-answers";
import type { FoundBucket, StateBucketPort } from "./state-bucket";

/**
 * Connects to S3 and STS with the SDK, which reads the same settings as AWS's own tools (AWS_PROFILE, AWS_ENDPOINT_URL)
 * and tries each call up to three times. The SDK is loaded here, so that a usage error is reported without loading it.
 * @param region of the bucket
 * @param limits how long an answer may take
 */
export async function connectToStateBucket(
  region: string,
  limits = ANSWER_LIMITS,
): Promise<StateBucketPort & { readonly client: S3Client }> {
  // The SDK would print a deprecation warning for a Node version that this project supports.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [s3, sts] = await Promise.all([import("@aws-sdk/client-s3"), import("@aws-sdk/client-sts")]);
  const settings = { region, requestHandler: requestHandlerOf(limits) };
  const client = withAnswerLimits(new s3.S3Client(settings), limits);
  const identity = withAnswerLimits(new sts.STSClient(settings), limits);
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
 * Reads the result from an error of HeadBucket. The response has no body, only a status and the header of the region: 404
 * absent, 403 another account's, 301 or 400 in another region.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
function foundIn(error: S3ServiceException): FoundBucket {
  const status = error.$metadata.httpStatusCode;
  if (status === 404) return { kind: "absent" };
  if (status === 403) return { kind: "foreign" };
  const region = error.$response?.headers["x-amz-bucket-region"];
  if ((status === 301 || status === 400) && region !== undefined) return { kind: "ours", region };
  throw error;
}
