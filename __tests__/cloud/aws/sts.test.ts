import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { TEMPLATE } from "./fake-cloud";
import { serve } from "./served";

it("takes every caller for the account of the stacks", async () => {
  const served = await serve();
  const client = new STSClient(served.client);
  try {
    const { Account, Arn, UserId } = await client.send(new GetCallerIdentityCommand({}));
    expect([Account, Arn, UserId]).toEqual([
      TEMPLATE.accountId,
      `arn:aws:iam::${TEMPLATE.accountId}:root`,
      TEMPLATE.accountId,
    ]);
  } finally {
    client.destroy();
    await served.server.stop();
  }
});
