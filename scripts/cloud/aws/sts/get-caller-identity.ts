import type { GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import { z } from "zod";
import { operation } from "../operation";

/** Gives the account's root as the caller: the local cloud checks no credentials. */
export const getCallerIdentity = operation(
  "GetCallerIdentity",
  z.object({}),
  (_, { template: { accountId } }): GetCallerIdentityResponse => ({
    UserId: accountId,
    Account: accountId,
    Arn: `arn:aws:iam::${accountId}:root`,
  }),
);
