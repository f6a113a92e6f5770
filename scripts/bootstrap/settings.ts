import type { LifecycleRule } from "@aws-sdk/client-s3";
import type { BucketChange, BucketState, Setting } from "./bucket-state";
import { policyWithTlsOnly } from "./policy";

/** Days that a replaced version of a state is kept: long enough to go back, short enough to forget its secrets. */
const OLD_VERSION_DAYS = 90;

const RULE: LifecycleRule = {
  ID: "expire-old-versions",
  Status: "Enabled",
  Filter: { Prefix: "" },
  NoncurrentVersionExpiration: { NoncurrentDays: OLD_VERSION_DAYS },
  // Every lock that Terraform gives back leaves a marker behind.
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
 * What the state bucket must be, setting by setting, against what it is. What others have set beside it (statements of
 * the policy, rules of the lifecycle) stays. Pure.
 * @param bucketArn of the bucket
 * @throws BootstrapError when the bucket has a policy that can't be read
 */
export function settingsOf(state: BucketState, bucketArn: string): readonly Setting[] {
  const setting = (meaning: string, isRight: boolean, change: BucketChange): Setting => ({
    name: change.setting,
    meaning,
    ...(!isRight && { change }),
  });
  const policy = policyWithTlsOnly(state.policy, bucketArn);
  return [
    setting("everything in it belongs to the account; no access lists", state.ownership === "BucketOwnerEnforced", {
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
    // A key of KMS that somebody has given the bucket stays. Terraform names S3's own keys with every state that it writes
    // (`encrypt` in the backend, without a key), so that one is for whatever else comes to lie here.
    setting(
      state.encryption?.startsWith("aws:kms") === true
        ? "encrypted at rest: by KMS what names no key, by S3's own keys (AES256) each state, as Terraform asks"
        : "encrypted at rest",
      state.encryption !== undefined,
      { setting: "encryption", value: "AES256" },
    ),
    setting("refuses whoever does not come over TLS", policy === undefined, {
      setting: "policy",
      value: policy ?? "",
    }),
    setting(`replaced versions expire after ${OLD_VERSION_DAYS} days`, state.lifecycle.some(isOurs), {
      setting: "lifecycle",
      value: [...state.lifecycle.filter(({ ID }) => ID !== RULE.ID), RULE],
    }),
  ];
}

function isBlocked({ publicAccess }: BucketState): boolean {
  return (Object.keys(BLOCKED) as (keyof typeof BLOCKED)[]).every((key) => publicAccess?.[key] === true);
}

/** A rule that does what ours does to every old version, in whatever name; sooner is right, too. */
function isOurs(rule: LifecycleRule): boolean {
  const { Status, Filter, NoncurrentVersionExpiration: expiration } = rule;
  // Rules made long ago have their prefix outside the filter.
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
