import type { GetAuthorizationTokenResponse } from "@aws-sdk/client-ecr";
import { z } from "zod";
import { operation } from "../operation";

/** 12 hours (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html). */
const TOKEN_LIFETIME_MS = 12 * 3_600_000;

/** Gives a token in the form of ECR's. The local registry checks no passwords. */
export const getAuthorizationToken = operation(
  "GetAuthorizationToken",
  z.object({ registryIds: z.array(z.string()).optional() }),
  (_, { template, clock }): GetAuthorizationTokenResponse => ({
    authorizationData: [
      {
        authorizationToken: Buffer.from("AWS:local-cloud").toString("base64"),
        expiresAt: new Date(clock.now() + TOKEN_LIFETIME_MS),
        // The host of the repository's URL, which may be in another region.
        proxyEndpoint: `https://${template.repository.url.split("/", 1)[0] ?? ""}`,
      },
    ],
  }),
);
