import { AwsError } from "../aws-error";

/** Bytes: more than any AWS operation served here takes. */
export const BODY_LIMIT = 1024 * 1024;
/**
 * Bytes of DynamoDB's largest request, that of BatchWriteItem
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
 */
export const DYNAMODB_BODY_LIMIT = 16 * 1024 * 1024;

/**
 * Reads a request's body. What is beyond the limit is read but not kept, so that the answer still reaches the client.
 * @param limit bytes
 * @throws Error when the client breaks off; AwsError RequestEntityTooLargeException (413) beyond the limit
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
