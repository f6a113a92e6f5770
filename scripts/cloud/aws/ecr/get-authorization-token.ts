import type { GetAuthorizationTokenResponse } from "@aws-sdk/client-ecr";
import { z } from "zod";
import { operation } from "../operation";

/** Milliseconds: how long a token of ECR's lasts. */
const TOKEN_LIFETIME_MS = 12 * 3_600_000;

/** The local registry checks no passwords: the token only has the form of one. */
export const getAuthorizationToken = operation(
  "GetAuthorizationToken",
  z.object({ registryIds: z.array(z.string()).optional() }),
  (_, { template, clock }): GetAuthorizationTokenResponse => ({
    authorizationData: [
      {
        authorizationToken: Buffer.from("AWS:local-cloud").toString("base64"),
        expiresAt: new Date(clock.now() + TOKEN_LIFETIME_MS),
        // The registry is the host of the repository's URL, whatever the region.
        proxyEndpoint: `https://${template.repository.url.split("/", 1)[0] ?? ""}`,
      },
    ],
  }),
);
