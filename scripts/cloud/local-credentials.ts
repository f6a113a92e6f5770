import { devNull } from "node:os";

/**
 * Environment variables of an AWS client on this machine that may know the local cloud alone: made-up credentials, and
 * nothing of the profile, the files or the metadata service of the person whose machine this is.
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
