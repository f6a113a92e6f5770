import type { GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import { z } from "zod";
import { operation } from "../operation";

/** The local cloud checks no credentials: whoever asks is the account itself. */
export const getCallerIdentity = operation(
  "GetCallerIdentity",
  z.object({}),
  (_, { template: { accountId } }): GetCallerIdentityResponse => ({
    UserId: accountId,
    Account: accountId,
    Arn: `arn:aws:iam::${accountId}:root`,
  }),
);
