import { matches, readPolicy, type Statement } from "../../scripts/plan/policy";
import { covers, liftedDenials, newGrants } from "../../scripts/plan/policy-difference";
import { allowsAnybody, onlyReads, widenedResources, wildcardsIn } from "../../scripts/plan/policy-width";
import { policy } from "./plan-fixture";

function statements(...all: readonly object[]): readonly Statement[] {
  return readPolicy(policy(...all)) ?? [];
}
function statement(one: object): Statement {
  const [only] = statements(one);
  if (only === undefined) throw new Error("no statement");
  return only;
}
const allow = (action: string, resource = "arn:a", rest: object = {}) => ({
  Action: action,
  Resource: resource,
  ...rest,
});

const where = (Condition: object) => allow("s3:Get", "arn:a", { Condition });
const equals = (...values: readonly string[]) => where({ StringEquals: { x: values } });
const like = (...values: readonly string[]) => where({ StringLike: { x: values } });
const except = (...values: readonly string[]) => where({ StringNotEquals: { x: values } });
const leftOut = (...values: readonly string[]) => where({ NotIpAddress: { x: values } });

describe("IAM's wildcards", () => {
  it.each([
    ["*", "s3:GetObject", true],
    ["s3:*", "s3:GetObject", true],
    ["s3:Get*", "s3:PutObject", false],
    ["s3:GetObjec?", "s3:GetObject", true],
    ["arn:a.b", "arn:axb", false],
    // What is wide is not within what is narrow.
    ["s3:Get*", "s3:*", false],
    ["s3:*", "s3:Get*", true],
  ])("%s is as wide as %s: %s", (pattern, name, expected) => expect(matches(pattern, name)).toBe(expected));

  it("ignores the case of actions", () => expect(matches("S3:getobject", "s3:GetObject", true)).toBe(true));
});

describe("one statement and another", () => {
  it.each([
    ["the same", allow("s3:GetObject"), allow("s3:GetObject"), true],
    ["a narrower action", allow("s3:*"), allow("s3:GetObject"), true],
    ["a wider action", allow("s3:GetObject"), allow("s3:*"), false],
    ["a narrower resource", allow("s3:Get", "arn:a/*"), allow("s3:Get", "arn:a/b"), true],
    ["another resource", allow("s3:Get", "arn:a"), allow("s3:Get", "arn:b"), false],
    ["one more condition", allow("s3:Get"), allow("s3:Get", "arn:a", { Condition: { Bool: { x: true } } }), true],
    ["one condition less", allow("s3:Get", "arn:a", { Condition: { Bool: { x: true } } }), allow("s3:Get"), false],
    [
      "one more value of a condition",
      allow("s3:Get", "arn:a", { Condition: { StringEquals: { x: "1" } } }),
      allow("s3:Get", "arn:a", { Condition: { StringEquals: { x: ["1", "2"] } } }),
      false,
    ],
    [
      "one more principal",
      allow("s3:Get", "arn:a", { Principal: { AWS: "1" } }),
      allow("s3:Get", "arn:a", { Principal: { AWS: ["1", "2"] } }),
      false,
    ],
    ["everything except something", allow("*", "*"), { NotAction: "s3:Get", Resource: "*" }, false],
    ["a narrower pattern of a condition", like("repo:a/b:*"), like("repo:a/b:ref"), true],
    ["what a pattern of a condition stands for", like("repo:a/b:*"), equals("repo:a/b:ref"), true],
    ["a wider pattern of a condition", like("repo:a/b:ref"), like("repo:a/b:*"), false],
    ["a star that is compared as it stands", equals("repo:a/b:*"), equals("repo:a/b:ref"), false],
    ["the same key of a condition in other letters", equals("1"), where({ stringequals: { X: "1" } }), true],
    ["a condition on something else", equals("1"), where({ StringEquals: { y: "1" } }), false],
    ["a smaller network", where({ IpAddress: { x: "10.0.0.0/8" } }), where({ IpAddress: { x: "10.1.0.0/16" } }), true],
    ["a narrower ARN", where({ ArnEquals: { x: "arn:a:*" } }), where({ ArnEquals: { x: "arn:a:b" } }), true],
    // Of what must not be, less is wider.
    ["one exception less", except("1", "2"), except("1"), false],
    ["one exception more", except("1"), except("1", "2"), true],
    ["another exception", except("1"), except("2"), false],
    ["a smaller network left out", leftOut("10.0.0.0/8"), leftOut("10.1.0.0/16"), false],
    ["a larger network left out", leftOut("10.1.0.0/16"), leftOut("10.0.0.0/8"), true],
  ])("covers %s: %s", (_what, wide, narrow, expected) => {
    expect(covers(statement(wide), statement(narrow))).toBe(expected);
  });
});

describe("a policy before and after", () => {
  it("grants anew what none of the old statements did", () => {
    const found = newGrants(statements(allow("s3:Get*")), statements(allow("s3:GetObject"), allow("s3:PutObject")));
    expect(found.map(({ actions }) => actions)).toEqual([["s3:PutObject"]]);
  });

  it.each([
    [
      "statements are put together",
      [allow("s3:Get"), allow("s3:Put")],
      [{ Action: ["s3:Get", "s3:Put"], Resource: "arn:a" }],
    ],
    [
      "a statement is taken apart",
      [{ Action: ["s3:Get", "s3:Put"], Resource: ["arn:a", "arn:b"] }],
      [allow("s3:Get", "arn:b"), allow("s3:Put", "arn:a")],
    ],
    [
      "principals are put together",
      [allow("a:B", "r", { Principal: { AWS: "1" } }), allow("a:B", "r", { Principal: { AWS: "2" } })],
      [allow("a:B", "r", { Principal: { AWS: ["1", "2"] } })],
    ],
    ["values of a condition are put together", [equals("1"), equals("2")], [equals("2", "1")]],
  ])("grants nothing anew when %s", (_what, before, after) => {
    expect(newGrants(statements(...before), statements(...after))).toEqual([]);
  });

  it("grants anew only what is new of a statement", () => {
    const [grant] = newGrants(
      statements({ Action: ["s3:Get", "s3:List"], Resource: ["arn:a", "arn:b"], Condition: where({}) }),
      statements({ Action: ["s3:Get", "s3:Put"], Resource: ["arn:a", "arn:b"], Condition: where({}) }),
    );
    expect(grant).toMatchObject({ actions: ["s3:Put"], resources: ["arn:a", "arn:b"] });
    const [value] = newGrants(statements(equals("1")), statements(equals("1", "2")));
    expect(value?.conditions).toEqual({ "StringEquals/x": ["2"] });
  });

  it("doesn't split sets of values and exceptions into single values", () => {
    const all = (...values: readonly string[]) => where({ "ForAllValues:StringEquals": { x: values } });
    expect(newGrants(statements(all("1"), all("2")), statements(all("1", "2")))).toHaveLength(1);
    expect(newGrants(statements(except("1", "2")), statements(except("1")))).toHaveLength(1);
  });

  it("compares the conditions of a huge statement as they stand", () => {
    const values = Array.from({ length: 6_000 }, (_, index) => String(index));
    expect(newGrants(statements(equals(...values)), statements(equals(...values)))).toEqual([]);
    expect(newGrants(statements(equals(...values.slice(1))), statements(equals(...values)))).toHaveLength(1);
  });

  it("lifts a denial that gets one more exception", () => {
    const deny = (...values: readonly string[]) => ({ ...except(...values), Effect: "Deny" });
    expect(liftedDenials(statements(deny("1")), statements(deny("1", "2")))).toHaveLength(1);
    expect(liftedDenials(statements(deny("1", "2")), statements(deny("1")))).toEqual([]);
  });

  it("lifts a denial that it has no more, and none that it has wider", () => {
    const deny = (action: string) => ({ ...allow(action), Effect: "Deny" });
    expect(liftedDenials(statements(deny("s3:*")), statements(deny("s3:Get*")))).toHaveLength(1);
    expect(liftedDenials(statements(deny("s3:Get*")), statements(deny("s3:*")))).toEqual([]);
  });

  it("may be written with a single statement, and single values", () => {
    const text = JSON.stringify({ Statement: { Effect: "Allow", Action: "a:B", Resource: "r", Principal: "*" } });
    expect(readPolicy(text)).toMatchObject([{ actions: ["a:B"], resources: ["r"], principals: ["*"] }]);
  });

  it.each([["not JSON"], ["[]"], [undefined], [null]])("is not %p", (text) => {
    expect(readPolicy(text)).toBeUndefined();
  });
});

describe("what is too wide", () => {
  it.each([
    "ecs:DescribeServices",
    "ec2:Describe*",
    "ecr:BatchGetImage",
    "logs:ListTagsForResource",
    "ecr:BatchCheckLayerAvailability",
    "route53:TestDNSAnswer",
    "cloudtrail:LookupEvents",
    "billing:ViewBilling",
    "dynamodb:SearchTables",
    "iam:SimulatePrincipalPolicy",
    "iam:GetRole",
  ])("%s only reads", (action) => expect(onlyReads(action)).toBe(true));

  it.each(["s3:*", "s3:PutObject", "*", "iam:PassRole", "kms:Decrypt", "s3:Get*", "s3:Ge?Object", "dynamodb:*Item"])(
    "%s does more",
    (action) => expect(onlyReads(action)).toBe(false),
  );

  it.each([
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "ec2:GetPasswordData",
    "kinesis:GetRecords",
    "lambda:GetFunction",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameterHistory",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
  ])("%s reads what is secret, or what is stored", (action) => {
    expect(onlyReads(action)).toBe(false);
    expect(wildcardsIn(statement(allow(action, "*"))).join()).toBe(`${action} on every resource`);
  });

  it.each([
    [allow("s3:*"), /any action like s3:\*/],
    [allow("dynamodb:Put*"), /dynamodb:Put\*/],
    [allow("dynamodb:PutItem", "*"), /PutItem on every resource/],
    [allow("s3:Get*", "*"), /s3:Get\* on every resource/],
    [allow("iam:PassRole", "arn:aws:iam::1:role/*"), /PassRole on arn:aws:iam::1:role\/\*/],
    [allow("s3:DeleteObject", "arn:aws:s3:::*"), /DeleteObject on arn:aws:s3:::\*/],
    [allow("s3:DeleteObject", "arn:aws:s3:::*/*"), /DeleteObject on arn:aws:s3:::\*\/\*/],
    [allow("logs:PutLogEvents", "arn:aws:logs:r:1:log-group:*:*"), /PutLogEvents on/],
    [allow("kms:Decrypt", "arn:aws:kms:r:1:key/*"), /kms:Decrypt on/],
    [allow("kms:Decrypt", "*", { Condition: { StringNotEquals: { "aws:ResourceTag/a": "b" } } }), /kms:Decrypt on/],
    [allow("kms:Decrypt", "*", { Condition: { StringLike: { "aws:ResourceTag/a": "*" } } }), /kms:Decrypt on/],
    [allow("kms:Decrypt", "*", { Condition: { StringEqualsIfExists: { "aws:ResourceTag/a": "b" } } }), /Decrypt on/],
    [allow("iam:PassRole", "*", { Condition: { StringEquals: { "iam:PassedToService": "x" } } }), /PassRole on/],
    [{ Action: "s3:Get", NotResource: "arn:b" }, /NotResource: everything except arn:b/],
    [{ NotAction: "iam:*", Resource: "*" }, /NotAction: everything except iam:\*/],
  ])("%j is", (one, words) => expect(wildcardsIn(statement(one)).join()).toMatch(words));

  it.each<readonly [string, object]>([
    ["reading everywhere", allow("ec2:Describe*", "*")],
    ["reading anything of one bucket", allow("s3:Get*", "arn:aws:s3:::a/*")],
    ["writing to one thing", allow("s3:PutObject", "arn:a/*")],
    ["writing to things of a name", allow("logs:PutLogEvents", "arn:aws:logs:r:1:log-group:tasks-*")],
    ["roles of one path", allow("iam:CreateServiceLinkedRole", "arn:aws:iam::1:role/aws-service-role/*")],
    ["certificates, which have no names", allow("acm:DeleteCertificate", "arn:aws:acm:r:1:certificate/*")],
    [
      "targets of scaling, which have none either",
      allow("a:RegisterScalableTarget", "arn:aws:a:r:1:scalable-target/*"),
    ],
    ...["aws:ResourceTag/a", "aws:RequestTag/a", "kms:ViaService", "ecs:cluster"].map(
      (key) => [`what ${key} narrows`, allow("a:Write", "*", { Condition: { StringEquals: { [key]: "b" } } })] as const,
    ),
    ...[
      "acm:RequestCertificate",
      "cloudwatch:PutMetricData",
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:UnassignPrivateIpAddresses",
      "ecs:DeregisterTaskDefinition",
      "ecs:RegisterTaskDefinition",
      "kms:CreateAlias",
      "kms:CreateKey",
      "kms:DeleteAlias",
      "kms:UpdateAlias",
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:PutResourcePolicy",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ].map((action) => [`${action}, which can't be narrowed`, allow(action, "*")] as const),
  ])("is not %s", (_what, one) => expect(wildcardsIn(statement(one))).toEqual([]));

  it("is a pattern in the place of what was named, for the same action", () => {
    const [before, grant] = [
      statements(allow("s3:Get", "arn:a/b"), allow("s3:Put", "arn:c")),
      allow("s3:Get", "arn:*"),
    ];
    expect(widenedResources(before, statement(grant))).toEqual(["arn:* instead of arn:a/b"]);
    expect(widenedResources(before, statement(allow("s3:Get", "arn:d/*")))).toEqual([]);
    expect(widenedResources(before, statement(allow("s3:List", "arn:*")))).toEqual([]);
    expect(widenedResources(statements({ ...allow("s3:Get"), Effect: "Deny" }), statement(grant))).toEqual([]);
  });
});

describe("anybody", () => {
  const anybody = (condition?: object, principal: object | string = "*") =>
    allowsAnybody(
      statement(allow("s3:Get", "r", { Principal: principal, ...(condition && { Condition: condition }) })),
    );

  it.each([
    ["no condition", undefined],
    ["TLS alone", { Bool: { "aws:SecureTransport": "true" } }],
    ["everything except one account", { StringNotEquals: { "aws:SourceAccount": "1" } }],
    ["an account, should there be one", { StringEqualsIfExists: { "aws:SourceAccount": "1" } }],
    ["any account of a set that may be empty", { "ForAllValues:StringEquals": { "aws:SourceAccount": "1" } }],
    ["any account", { StringLike: { "aws:SourceAccount": "*" } }],
    ["the world", { IpAddress: { "aws:SourceIp": ["0.0.0.0/0"] } }],
    ["most of the world's addresses", { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "::/0"] } }],
  ])("is meant by a star with %s", (_what, condition) => expect(anybody(condition)).toBe(true));

  it.each([
    ...["SourceArn", "SourceAccount", "SourceOwner", "SourceOrgID", "SourceVpc", "SourceVpce", "userid"].map(
      (name) => `aws:${name}`,
    ),
    ...["PrincipalArn", "PrincipalAccount", "PrincipalOrgID", "PrincipalOrgPaths"].map((name) => `aws:${name}`),
    "kms:CallerAccount",
    "s3:DataAccessPointArn",
    "s3:DataAccessPointAccount",
    "AWS:SourceOwner",
  ])("isn't meant by a star when %s says who", (key) => expect(anybody({ StringEquals: { [key]: "1" } })).toBe(false));

  it("doesn't include a star with a network, or a name", () => {
    expect(anybody({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } })).toBe(false);
    expect(anybody(undefined, { AWS: "arn:aws:iam::1:root" })).toBe(false);
    expect(anybody(undefined, { AWS: "*" })).toBe(true);
  });

  it("includes everybody except one principal", () => {
    expect(allowsAnybody(statement({ Action: "a:B", Resource: "r", NotPrincipal: { AWS: "1" } }))).toBe(true);
  });
});
