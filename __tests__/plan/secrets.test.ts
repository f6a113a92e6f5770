import { withoutSecrets } from "../../scripts/plan/secrets";

const HIDDEN = "(sensitive)";
const variable = (name: string, value = "s3cret") => ({ name, value });

describe("what must not be shown", () => {
  it.each([
    "API_KEY",
    "ACCESS_KEY_ID",
    "STRIPE_KEY",
    "api-key",
    "accessKey",
    "authKey",
    "private_key",
    "sessionKey",
    "signingKey",
    "DB_PASSWORD",
    "DB_PWD",
    "DB_PASS",
    "pass",
    "PASSPHRASE",
    "CLIENT_SECRET",
    "GITHUB_TOKEN",
    "SLACK_WEBHOOK",
    "AWS_CREDENTIALS",
  ])("goes by the name %s, as a key and as a container's variable", (name) => {
    expect(withoutSecrets({ [name]: "s3cret" })).toEqual({ [name]: HIDDEN });
    expect(withoutSecrets([variable(name)])).toEqual([variable(name, HIDDEN)]);
  });

  it.each([
    "KMS_KEY",
    "PUBLIC_KEY",
    "HASH_KEY",
    "RANGE_KEY",
    "SORT_KEY",
    "PARTITION_KEY",
    "CACHE_KEY",
    "OBJECT_KEY",
    "kms_key_id",
    "hash_key",
    "SECRET_ARN",
    "secret_arn",
    "PORT",
    "COMPASS",
  ])("doesn't go by the name %s", (name) => {
    expect(withoutSecrets({ [name]: "plain" })).toEqual({ [name]: "plain" });
  });

  it.each([
    "postgres://user:s3cret@host/db",
    "redis://:s3cret@host",
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "ghp_abcdef",
    "github_pat_abc",
    "xoxb-123",
    "sk_live_abc",
    "-----BEGIN RSA PRIVATE KEY-----\nabc",
    "https://hooks.slack.com/services/T0/B0/x",
  ])("shows by itself, whatever it is called: %s", (value) => {
    expect(withoutSecrets({ plain: value })).toEqual({ plain: HIDDEN });
  });

  it.each(["https://example.com/a@b", "postgres://host/db", "arn:aws:iam::123456789012:role/x", "MAKIAVELLI"])(
    "is not in %s",
    (value) => expect(withoutSecrets({ plain: value })).toEqual({ plain: value }),
  );

  it("is found in a document within a document", () => {
    const document = JSON.stringify({ inner: JSON.stringify({ password: "s3cret", port: 80 }) });
    const shown = JSON.stringify(withoutSecrets({ body: document }));
    expect(shown).not.toContain("s3cret");
    expect(shown).toContain("80");
  });

  it("is everything under such a name, but for what only says where the secret is", () => {
    const secrets = [{ name: "DB", valueFrom: "arn:aws:ssm:db", arn: "arn:x", value: "s3cret", size: 3 }];
    expect(withoutSecrets({ secrets })).toEqual({
      secrets: [{ name: "DB", valueFrom: "arn:aws:ssm:db", arn: "arn:x", value: HIDDEN, size: HIDDEN }],
    });
  });

  it("is what the mask marks, alone or with all that is in it; nothing stays nothing", () => {
    const value = { a: [1, { b: "x", c: "y" }], d: { e: 1 }, f: null };
    expect(withoutSecrets(value, { a: [false, { b: true }], d: true, f: true })).toEqual({
      a: [1, { b: HIDDEN, c: "y" }],
      d: HIDDEN,
      f: null,
    });
  });
});
