import { synthesize, type Block } from "./synthesize";

const KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

interface Statement {
  readonly Sid: string;
  readonly Principal: Block;
  readonly Action: string | string[];
  readonly Condition?: Block;
}

/** What is encrypted with which key; of the logs, each key once. */
function keysOf({ stacks, follow }: ReturnType<typeof synthesize>) {
  const [repository] = stacks.registry.only("aws_ecr_repository")["encryption_configuration"] as Block[];
  const { kms_key_arn: table } = stacks.service.only("aws_dynamodb_table")["server_side_encryption"] as Block;
  const groups = [stacks.service, stacks.delivery].flatMap((stack) => stack.all("aws_cloudwatch_log_group"));
  const logs = [...new Set(groups.map(({ kms_key_id: key }) => follow(key)))];
  return { repository: repository?.["kms_key"], table: follow(table), logs };
}

describe("without a customer-managed key", () => {
  it("everything is encrypted with AWS's keys", () => {
    const plain = synthesize();
    expect(plain.stacks.registry.all("aws_kms_key")).toEqual([]);
    expect(keysOf(plain)).toEqual({ repository: undefined, table: undefined, logs: [undefined] });
    expect(plain.stacks.service.only("aws_dynamodb_table")["server_side_encryption"]).toEqual({ enabled: true });
  });
});

describe("a customer-managed key", () => {
  const own = synthesize({
    encryption: { customerManagedKey: true },
    loadBalancer: { waf: { enabled: true, logs: true } },
    notifications: { slackWebhookParameter: "/carts-api/slack" },
  });
  const key = own.stacks.registry.only("aws_kms_key");
  const { Statement: statements } = JSON.parse(String(key["policy"])) as { Statement: Statement[] };
  const statement = (sid: string) => statements.find(({ Sid }) => Sid === sid);

  it("is created before everything that it encrypts, is rotated every year and has a deletion window", () => {
    expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
    expect(own.stacks.registry.only("aws_kms_alias")["name"]).toBe("alias/carts-api-staging");
  });

  it("encrypts the topic, which then has no separate key", () => {
    expect(own.follow(own.stacks.delivery.only("aws_sns_topic")["kms_master_key_id"])).toMatch(/aws_kms_key/);
    expect(own.stacks.delivery.all("aws_kms_key")).toEqual([]);
  });

  it("encrypts the images, the table and all logs", () => {
    const arn = expect.stringMatching(/^\$\{aws_kms_key\.[\w-]+\.arn\}$/) as unknown;
    expect(keysOf(own)).toEqual({ repository: arn, table: arn, logs: [arn] });
  });

  it("lets CloudWatch Logs encrypt these log groups and no others", () => {
    expect(statement("Logs")).toMatchObject({
      Principal: { Service: "logs.eu-central-1.amazonaws.com" },
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": [
            expect.stringMatching(/:log-group:\/ecs\/carts-api-staging$/),
            expect.stringMatching(/:log-group:aws-waf-logs-carts-api-staging$/),
            expect.stringMatching(/:log-group:\/aws\/lambda\/carts-api-staging-probe-release$/),
            expect.stringMatching(/:log-group:\/aws\/lambda\/carts-api-staging-notify-slack$/),
          ],
        },
      },
    });
  });

  it("lets alarms and events publish to an encrypted topic", () => {
    expect(statement("Publishers")?.Principal).toEqual({
      Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"],
    });
  });

  it("gives all permissions only to the account's administrators", () => {
    const whole = statements.filter(({ Action }) => Action === "kms:*");
    expect(whole.map(({ Principal }) => Principal)).toEqual([
      { AWS: expect.stringMatching(/^arn:\$\{.*\}:iam::\$\{.*\}:root$/) as unknown },
    ]);
  });

  it("is used by the service through DynamoDB alone", () => {
    const { policy } = own.stacks.service.find("aws_iam_role_policy", { name: "carts-api-staging-task" });
    const { Statement } = JSON.parse(String(policy)) as { Statement: Statement[] };
    expect(Statement.filter(({ Action }) => String(Action).includes("kms:"))).toMatchObject([
      {
        Action: ["kms:Decrypt", "kms:DescribeKey"],
        Condition: { StringEquals: { "kms:ViaService": "dynamodb.eu-central-1.amazonaws.com" } },
      },
    ]);
  });

  it("allows AWS's services only as far as it is used", () => {
    const { stacks } = synthesize({ encryption: { customerManagedKey: true, use: ["table"] } });
    const { Statement } = JSON.parse(String(stacks.registry.only("aws_kms_key")["policy"])) as {
      Statement: Statement[];
    };
    expect(Statement.map(({ Sid }) => Sid)).toEqual(["Administration"]);
    expect(keysOf(synthesize({ encryption: { customerManagedKey: true, use: ["table"] } }))).toMatchObject({
      repository: undefined,
      logs: [undefined],
    });
  });

  it("still exists when nothing uses it, so that it is removed after the data that it encrypted", () => {
    const last = synthesize({ encryption: { customerManagedKey: true, use: [] } });
    expect(last.stacks.registry.all("aws_kms_key")).toHaveLength(1);
    expect(keysOf(last)).toEqual({ repository: undefined, table: undefined, logs: [undefined] });
  });

  it("may be an existing one", () => {
    const given = synthesize({ encryption: { customerManagedKey: true, kmsKeyArn: KEY } });
    expect(given.stacks.registry.all("aws_kms_key")).toEqual([]);
    expect(keysOf(given)).toEqual({ repository: KEY, table: KEY, logs: [KEY] });
  });
});
