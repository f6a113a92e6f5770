import type { LifecycleRule } from "@aws-sdk/client-s3";
import { NOTHING_SET, type BucketChange, type BucketState } from "../../scripts/bootstrap/bucket-state";
import { policyWithTlsOnly } from "../../scripts/bootstrap/policy";
import { settingsOf } from "../../scripts/bootstrap/settings";

const ARN = "arn:aws:s3:::states";
/** Where rules had their prefix before there were filters. */
const LONG_AGO: object = { Prefix: "logs/" };

const changeOf = (name: BucketChange["setting"], state: Partial<BucketState>) =>
  settingsOf({ ...NOTHING_SET, ...state }, ARN).find((setting) => setting.name === name)?.change?.value;

describe("the settings of the state bucket", () => {
  it("let nothing of it be public: all four blocks, or they are set", () => {
    const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    expect(changeOf("public access", { publicAccess: all })).toBeUndefined();
    for (const key of Object.keys(all)) {
      expect(changeOf("public access", { publicAccess: { ...all, [key]: false } })).toEqual(all);
    }
  });

  it.each([
    ["BucketOwnerEnforced", undefined],
    ["ObjectWriter", "BucketOwnerEnforced"],
    [undefined, "BucketOwnerEnforced"],
  ])("with ownership %s write %s", (ownership, value) => {
    expect(changeOf("ownership", { ownership })).toBe(value);
  });

  it.each(["AES256", "aws:kms", "aws:kms:dsse"])("leave an encryption by %s as it is", (encryption) => {
    expect(changeOf("encryption", { encryption })).toBeUndefined();
  });

  it.each([
    ["AES256", "encrypted at rest"],
    ["aws:kms", "states with S3's own keys (AES256), as Terraform requests"],
    ["aws:kms:dsse", "states with S3's own keys (AES256), as Terraform requests"],
  ])("say of %s what states are encrypted with", (encryption, words) => {
    const settings = settingsOf({ ...NOTHING_SET, encryption }, ARN);
    expect(settings.find(({ name }) => name === "encryption")?.meaning).toContain(words);
  });

  const expiring = (more: Partial<LifecycleRule>): LifecycleRule => ({
    ID: "theirs",
    Status: "Enabled",
    Filter: { Prefix: "" },
    NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    ...more,
  });

  it("take a rule of somebody else's that does the same for the right one", () => {
    expect(changeOf("lifecycle", { lifecycle: [expiring({})] })).toBeUndefined();
    expect(changeOf("lifecycle", { lifecycle: [expiring({ Filter: undefined })] })).toBeUndefined();
  });

  it.each<[string, Partial<LifecycleRule>]>([
    ["is off", { Status: "Disabled" }],
    ["is for a part of the bucket", { Filter: { Prefix: "logs/" } }],
    ["is for a part of the bucket, as rules said it long ago", { Filter: undefined, ...LONG_AGO }],
    ["is for tagged objects", { Filter: { Tag: { Key: "old", Value: "yes" } } }],
    ["keeps versions for longer", { NoncurrentVersionExpiration: { NoncurrentDays: 365 } }],
    [
      "keeps some versions for ever",
      { NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 5 } },
    ],
    ["expires no old versions", { NoncurrentVersionExpiration: undefined }],
  ])("add a rule beside one that %s", (_, more) => {
    const theirs = expiring(more);
    const rules = changeOf("lifecycle", { lifecycle: [theirs] }) as LifecycleRule[];
    expect(rules).toHaveLength(2);
    expect(rules[0]).toBe(theirs);
    expect(rules[1]).toMatchObject({
      Status: "Enabled",
      NoncurrentVersionExpiration: { NoncurrentDays: 90 },
      Expiration: { ExpiredObjectDeleteMarker: true },
    });
  });

  it("replace a rule of ours that was changed", () => {
    const lifecycle = [expiring({ ID: "expire-old-versions", Status: "Disabled" })];
    expect(changeOf("lifecycle", { lifecycle })).toHaveLength(1);
  });
});

describe("the policy of the state bucket", () => {
  const statements = (policy: string | undefined) =>
    (JSON.parse(policy ?? "{}") as { Statement: Record<string, unknown>[] }).Statement;

  it("refuses everything without TLS, to everybody, on the bucket and all in it", () => {
    expect(statements(policyWithTlsOnly(undefined, ARN))).toEqual([
      {
        Sid: "RefuseWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [ARN, `${ARN}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("is right once it is written", () => {
    expect(policyWithTlsOnly(policyWithTlsOnly(undefined, ARN), ARN)).toBeUndefined();
  });

  const theirs = {
    Sid: "Theirs",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: ["s3:*"],
    Resource: [`${ARN}/*`, ARN],
    Condition: { Bool: { "aws:SecureTransport": false } },
  };

  it("is right when others have written the same in their words", () => {
    expect(policyWithTlsOnly(JSON.stringify({ Statement: theirs }), ARN)).toBeUndefined();
  });

  it.each<[string, object]>([
    ["allows", { Effect: "Allow" }],
    ["is for somebody", { Principal: { AWS: "arn:aws:iam::123456789012:root" } }],
    ["is for some actions", { Action: "s3:GetObject" }],
    ["leaves the bucket out", { Resource: [`${ARN}/*`] }],
    ["has another condition, too", { Condition: { ...theirs.Condition, StringEquals: { "aws:username": "me" } } }],
    [
      "has another test, too",
      { Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } },
    ],
    ["means the contrary", { Condition: { Bool: { "aws:SecureTransport": "true" } } }],
    ["has no condition", { Condition: undefined }],
  ])("keeps a statement that %s, and adds its own", (_, more) => {
    const policy = policyWithTlsOnly(JSON.stringify({ Id: "keep", Statement: [{ ...theirs, ...more }] }), ARN);
    expect(statements(policy).map(({ Sid }) => Sid)).toEqual(["Theirs", "RefuseWithoutTls"]);
    expect(JSON.parse(policy ?? "")).toMatchObject({ Id: "keep" });
  });

  it("replaces its own statement when that was weakened", () => {
    const weak = { ...theirs, Sid: "RefuseWithoutTls", Action: "s3:GetObject" };
    expect(statements(policyWithTlsOnly(JSON.stringify({ Statement: [weak] }), ARN))).toHaveLength(1);
  });
});
