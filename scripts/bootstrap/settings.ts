import type { LifecycleRule } from "@aws-sdk/client-s3";
import type { BucketChange, BucketState, Setting } from "./bucket-state";
import { policyWithTlsOnly } from "./policy";

/** Days that a replaced version of a state is kept: long enough to go back to it. It may hold secrets, so no longer. */
const OLD_VERSION_DAYS = 90;

const RULE: LifecycleRule = {
  ID: "expire-old-versions",
  Status: "Enabled",
  Filter: { Prefix: "" },
  NoncurrentVersionExpiration: { NoncurrentDays: OLD_VERSION_DAYS },
  // The bucket has versions, so each lock that Terraform deletes leaves a delete marker.
  Expiration: { ExpiredObjectDeleteMarker: true },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};

const BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

/**
 * Compares the state bucket with the settings that it must have. Other statements of its policy and other rules of its
 * lifecycle stay. Pure.
 * @throws BootstrapError when the bucket's policy is not JSON
 */
export function settingsOf(state: BucketState, bucketArn: string): readonly Setting[] {
  const setting = (meaning: string, isSet: boolean, change: BucketChange): Setting => ({
    name: change.setting,
    meaning,
    ...(!isSet && { change }),
  });
  const policy = policyWithTlsOnly(state.policy, bucketArn);
  return [
    setting("the account owns every object; access lists are disabled", state.ownership === "BucketOwnerEnforced", {
      setting: "ownership",
      value: "BucketOwnerEnforced",
    }),
    setting("no public access, by any policy or access list", isBlocked(state), {
      setting: "public access",
      value: BLOCKED,
    }),
    setting("every version of the state is kept", state.versioning === "Enabled", {
      setting: "versioning",
      value: "Enabled",
    }),
    // A KMS key that the bucket has stays. It doesn't apply to the states: Terraform requests S3's own keys (AES256) with
    // every state that it writes (`encrypt` in the backend, without a key).
    // https://developer.hashicorp.com/terraform/language/backend/s3
    setting(
      state.encryption?.startsWith("aws:kms") === true
        ? "encrypted at rest: states with S3's own keys (AES256), as Terraform requests; other objects with KMS"
        : "encrypted at rest",
      state.encryption !== undefined,
      { setting: "encryption", value: "AES256" },
    ),
    setting("refuses requests without TLS", policy === undefined, {
      setting: "policy",
      value: policy ?? "",
    }),
    setting(`replaced versions expire after ${OLD_VERSION_DAYS} days`, state.lifecycle.some(expiresOldVersions), {
      setting: "lifecycle",
      value: [...state.lifecycle.filter(({ ID }) => ID !== RULE.ID), RULE],
    }),
  ];
}

function isBlocked({ publicAccess }: BucketState): boolean {
  return (Object.keys(BLOCKED) as (keyof typeof BLOCKED)[]).every((key) => publicAccess?.[key] === true);
}

/** Whether a rule, whatever its name, expires every old version as our rule does, or earlier. */
function expiresOldVersions(rule: LifecycleRule): boolean {
  const { Status, Filter, NoncurrentVersionExpiration: expiration } = rule;
  // Rules of an older API version have their prefix outside the filter (deprecated, but S3 still returns it).
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
  const { Prefix: oldPrefix } = rule as { readonly Prefix?: string };
  const isForAll = [oldPrefix, ...Object.values<unknown>({ ...Filter })].every(
    (part) => part === undefined || part === "",
  );
  const days = expiration?.NoncurrentDays;
  return (
    Status === "Enabled" &&
    isForAll &&
    days !== undefined &&
    days <= OLD_VERSION_DAYS &&
    !expiration?.NewerNoncurrentVersions
  );
}
