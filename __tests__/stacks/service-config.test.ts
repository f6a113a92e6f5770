import { ConfigError, loadConfig } from "../../stacks/config";
import { secretSource } from "../../stacks/config/secret-source";

const SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:carts-api/database-AbCdEf";
const PARAMETER = "arn:aws:ssm:eu-central-1:123456789012:parameter/carts-api/token";
const KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** The problems of an environment's settings. */
function problemsOf(staging: unknown): readonly string[] {
  try {
    loadConfig({ environment: "staging", context: { defaults: { project: "carts-api" }, environments: { staging } } });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("what a secret's reference names", () => {
  it.each([
    [SECRET, { service: "secretsmanager", arn: SECRET, region: "eu-central-1" }],
    [`${SECRET}:password::`, { service: "secretsmanager", arn: SECRET, region: "eu-central-1" }],
    [`${SECRET}::AWSPREVIOUS:`, { service: "secretsmanager", arn: SECRET, region: "eu-central-1" }],
    [PARAMETER, { service: "ssm", arn: PARAMETER, region: "eu-central-1" }],
  ])("of %s", (reference, source) => {
    expect(secretSource(reference)).toEqual(source);
  });

  it.each([
    ["a secret's name alone", "carts-api/database"],
    ["a secret without the six characters", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:database"],
    ["a JSON key without stage and version", `${SECRET}:password`],
    ["more parts than there are", `${SECRET}:password:::`],
    ["a parameter's name alone", "/carts-api/token"],
    ["an ARN of something else", "arn:aws:s3:::bucket/key"],
    ["what Terraform would evaluate", `${SECRET}:\${path.module}::`],
  ])("is nothing for %s", (_, reference) => {
    expect(secretSource(reference)).toBeUndefined();
  });
});

describe("the service's settings", () => {
  it.each<[string, object]>([
    ["tasks on Spot alone", { capacity: { fargateWeight: 0, fargateSpotWeight: 1 } }],
    [
      "some tasks on Fargate, the rest on Spot",
      { capacity: { fargateWeight: 0, fargateSpotWeight: 1, fargateBase: 2 } },
    ],
    ["autoscaling up from desiredCount", { desiredCount: 10, scaling: { enabled: true, maxCount: 10 } }],
    ["a count beyond autoscaling's that is off", { desiredCount: 20 }],
    ["a shell in a container that can write", { exec: true, readOnlyRootFileSystem: false }],
    ["secrets and their keys", { secrets: { TOKEN: PARAMETER, PASSWORD: SECRET }, secretsKeyArns: [KEY] }],
  ])("may be %s", (_, service) => {
    expect(problemsOf({ service })).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["secrets.TOKEN", { secrets: { TOKEN: "hunter2" } }, "the full ARN of a secret"],
    ["secrets.PORT", { secrets: { PORT: PARAMETER } }, "reserved"],
    ["secrets.AWS_TOKEN", { secrets: { AWS_TOKEN: PARAMETER } }, "reserved"],
    ["secrets.A-B", { secrets: { "A-B": PARAMETER } }, "not a variable's name"],
    ["secrets.LEVEL", { secrets: { LEVEL: PARAMETER }, environment: { LEVEL: "1" } }, "also in service.environment"],
    ["secretsKeyArns", { secretsKeyArns: [KEY] }, "[] without service.secrets"],
    ["secretsKeyArns.0", { secretsKeyArns: ["alias/mine"] }, "a KMS key's ARN"],
    ["capacity.fargateWeight", { capacity: { fargateWeight: 0 } }, "1 or more"],
    ["capacity.fargateSpotWeight", { capacity: { fargateSpotWeight: 1001 } }, "from 0 to 1000"],
    ["capacity.fargateBase", { capacity: { fargateBase: 1 } }, "0 without fargateSpotWeight"],
    [
      "scaling.maxCount",
      { desiredCount: 4, scaling: { enabled: true, maxCount: 3 } },
      "at least service.desiredCount (4)",
    ],
    ["scaling.cpuPercent", { scaling: { cpuPercent: 95 } }, "from 10 to 90"],
    ["readOnlyRootFileSystem", { exec: true }, "false with service.exec"],
  ])("are refused at %s: %j", (path, service, why) => {
    expect(problemsOf({ service })).toEqual([expect.stringContaining(`environments.staging.service.${path}: `)]);
    expect(problemsOf({ service }).join()).toContain(why);
  });
});

describe("the settings of registry and encryption", () => {
  it.each<[string, object]>([
    ["a key of our own", { customerManagedKey: true }],
    ["an existing key", { customerManagedKey: true, kmsKeyArn: KEY }],
    ["a key that nothing uses any more", { customerManagedKey: true, use: [] }],
    ["for the table alone", { customerManagedKey: true, use: ["table"] }],
  ])("may be %s", (_, encryption) => {
    expect(problemsOf({ encryption })).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["encryption.kmsKeyArn", { encryption: { kmsKeyArn: KEY } }, "left out without encryption.customerManagedKey"],
    [
      "encryption.kmsKeyArn",
      { encryption: { customerManagedKey: true, kmsKeyArn: KEY.replace("eu-central-1", "us-east-1") } },
      "a key in eu-central-1",
    ],
    ["encryption.use", { encryption: { use: "table" } }, "a list of what to encrypt"],
    ["encryption.use.0", { encryption: { use: ["tables"] } }, '"table"'],
    ["registry.keepImages", { registry: { keepImages: 1 } }, "from 10 to 10000"],
    ["table.deletionProtection", { table: { deletionProtection: "yes" } }, "true or false"],
  ])("are refused at %s: %j", (path, settings, why) => {
    expect(problemsOf(settings)).toEqual([expect.stringContaining(`environments.staging.${path}: `)]);
    expect(problemsOf(settings).join()).toContain(why);
  });
});
