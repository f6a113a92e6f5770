import type { AwsError } from "../../../scripts/cloud/aws-error";
import { readBody } from "../../../scripts/cloud/aws/body";

/** Sends chunks without end, and counts those that were read. */
function endless() {
  const sent = { count: 0 };
  async function* chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      sent.count += 1;
      yield await Promise.resolve(Buffer.alloc(10));
    }
  }
  return { sent, chunks };
}

it("stops reading a body that is far too large", async () => {
  const { sent, chunks } = endless();
  const refused = expect.objectContaining({ type: "RequestEntityTooLargeException", status: 413 }) as AwsError;
  await expect(readBody(chunks(), 100)).rejects.toThrow(refused);
  expect(sent.count).toBe(81);
});
