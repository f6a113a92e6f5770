import { devNull } from "node:os";

/**
 * Environment variables of an AWS client that must only reach the local cloud: invented credentials, and none from the
 * user's profile, files or metadata service.
 */
export function localCredentials(region: string): Readonly<Record<string, string>> {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
