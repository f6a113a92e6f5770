import type { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { ANSWER_LIMITS, requestHandlerOf, withAnswerLimits } from "./aws-answers";
import type { FoundBucket, StateBucketPort } from "./state-bucket";

/**
 * Reaches S3 and STS through the SDK, set up by what AWS's own tools read (AWS_PROFILE, AWS_ENDPOINT_URL). The SDK is
 * loaded here and not before, so that a wrong option is told without it. It makes each call up to three times.
 * @param region of the bucket
 * @param limits how long an answer may take
 */
export async function connectToStateBucket(
  region: string,
  limits = ANSWER_LIMITS,
): Promise<StateBucketPort & { readonly client: S3Client }> {
  // Its notice of a coming Node version would be printed into the report on a Node that this project supports.
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
