import { AwsError } from "../aws-error";

/** Bytes: more than any operation takes that the local cloud serves, except those of DynamoDB. */
export const BODY_LIMIT = 1024 * 1024;
/**
 * Bytes of the largest request of DynamoDB, a BatchWriteItem
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
 */
export const DYNAMODB_BODY_LIMIT = 16 * 1024 * 1024;

/**
 * Reads the body of a request. It discards the bytes beyond the limit instead of closing the connection, so that the client
 * can read the error.
 * @param limit bytes
 * @throws Error when the client disconnects; AwsError RequestEntityTooLargeException (413) for a body beyond the limit
 */
export async function readBody(request: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else if (length > 8 * limit) break;
  }
  if (length > limit) {
    throw new AwsError("RequestEntityTooLargeException", `The body is larger than ${limit} bytes.`, 413);
  }
  return Buffer.concat(chunks);
}
