import {
  covers,
  liftedDenials,
  matches,
  newGrants,
  onlyReads,
  readPolicy,
  wildcardsIn,
  type Statement,
} from "../../scripts/plan/policy";
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

  it("takes no notice of case in actions", () => expect(matches("S3:getobject", "s3:GetObject", true)).toBe(true));
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
    ["everything but something", allow("*", "*"), { NotAction: "s3:Get", Resource: "*" }, false],
  ])("covers %s: %s", (_what, wide, narrow, expected) => {
    expect(covers(statement(wide), statement(narrow))).toBe(expected);
  });
});

describe("a policy before and after", () => {
  it("grants anew what none of the old statements did", () => {
    const found = newGrants(statements(allow("s3:Get*")), statements(allow("s3:GetObject"), allow("s3:PutObject")));
    expect(found.map(({ actions }) => actions)).toEqual([["s3:PutObject"]]);
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
    ["ecs:DescribeServices", true],
    ["ec2:Describe*", true],
    ["ecr:BatchGetImage", true],
    ["s3:*", false],
    ["s3:PutObject", false],
    ["*", false],
  ])("%s only reads: %s", (action, expected) => expect(onlyReads(action)).toBe(expected));

  it.each([
    [allow("s3:*"), /any action like s3:\*/],
    [allow("dynamodb:Put*"), /dynamodb:Put\*/],
    [allow("dynamodb:PutItem", "*"), /PutItem on every resource/],
    [{ Action: "s3:Get", NotResource: "arn:b" }, /NotResource: everything but arn:b/],
  ])("%j is", (one, words) => expect(wildcardsIn(statement(one)).join()).toMatch(words));

  it("is neither reading everywhere, nor writing to one thing", () => {
    expect(wildcardsIn(statement(allow("ec2:Describe*", "*")))).toEqual([]);
    expect(wildcardsIn(statement(allow("s3:PutObject", "arn:a/*")))).toEqual([]);
  });
});
