import { create, destroy, keep, policy, update } from "../plan-fixture";
import type { Case } from "./case";

const role = (statement: object) => ({ assume_role_policy: policy({ Action: "sts:AssumeRole", ...statement }) });
const grant = (...statements: readonly object[]) => ({ policy: policy(...statements) });
const READ_ONE = { Action: ["dynamodb:GetItem"], Resource: ["arn:table/one"] };
const github = (subject: string | undefined, operator = "StringLike") => ({
  Principal: { Federated: "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" },
  Condition: {
    StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
    ...(subject !== undefined && { [operator]: { "token.actions.githubusercontent.com:sub": subject } }),
  },
});
/** A role that jobs of an environment assume, from one of the branches or tags. */
const released = (refs?: readonly string[]) =>
  role({
    ...github("repo:acme/tasks:environment:production", "StringEquals"),
    Condition: {
      StringEquals: { "token.actions.githubusercontent.com:sub": "repo:acme/tasks:environment:production" },
      ...(refs && { StringLike: { "token.actions.githubusercontent.com:ref": refs } }),
    },
  });
const ASSUME = { Action: "sts:AssumeRole" };
const trusted = (...services: readonly string[]) => ({ Principal: { Service: services } });
const FLOW = { Principal: { Service: "ecs-tasks.amazonaws.com" } };
const ACCOUNT = { Condition: { StringEquals: { "aws:SourceAccount": "1" } } };

const LET_ONE = { Principal: { AWS: "arn:aws:iam::1:root" }, Action: "a:B", Resource: "r" };
const LET_TWO = { ...LET_ONE, Principal: { AWS: ["arn:aws:iam::1:root", "arn:aws:iam::2:root"] } };
const NEVER = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:b" };
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";

/** Attributes with the permissions of a principal, and how to write a policy there. */
const GRANTS: readonly (readonly [string, (...statements: readonly object[]) => object])[] = [
  ...["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"].map(
    (type) => [type, grant] as const,
  ),
  ["aws_iam_role", (...statements) => ({ inline_policy: [{ name: "a", policy: policy(...statements) }] })],
];
/** Attributes with the policy of a resource. */
const RESOURCES: readonly (readonly [string, string])[] = [
  ["aws_s3_bucket_policy", "policy"],
  ["aws_kms_key", "policy"],
  ["aws_kms_key_policy", "policy"],
  ["aws_sns_topic_policy", "policy"],
  ["aws_sqs_queue_policy", "policy"],
  ["aws_ecr_repository_policy", "policy"],
  ["aws_secretsmanager_secret_policy", "policy"],
  ["aws_cloudwatch_log_resource_policy", "policy_document"],
  ["aws_vpc_endpoint", "policy"],
];

/** Permissions and trust that become wider. */
export const WIDENED_PERMISSIONS: readonly Case[] = [
  ...GRANTS.flatMap(([type, at]): readonly Case[] => [
    {
      rule: "security-permissions-widened",
      when: `${type} allows everything`,
      trips: [create(type, at({ Action: "*", Resource: "*" }))],
      says: /^allows any action like \*\nallows \* on every resource$/,
      silent: [create(type, at(READ_ONE))],
    },
    {
      rule: "security-denial-lifted",
      when: `${type} forbids less`,
      trips: [update(type, at(READ_ONE, { ...NEVER, Principal: undefined }), at(READ_ONE))],
      says: /^no longer forbids s3:\*/,
      silent: [update(type, at(READ_ONE), at(READ_ONE, { ...NEVER, Principal: undefined }))],
    },
  ]),
  ...RESOURCES.flatMap(([type, name]): readonly Case[] => [
    {
      rule: "security-resource-policy-widened",
      when: `${type} allows another principal`,
      trips: [update(type, { [name]: policy(LET_ONE) }, { [name]: policy(LET_TWO) })],
      says: /^more principals may do a:B: AWS:arn:aws:iam::2:root, without a condition$/,
      silent: [
        update(type, { [name]: policy(LET_TWO) }, { [name]: policy(LET_ONE) }),
        create(type, {}, { name: "new" }),
      ],
    },
    {
      rule: "security-denial-lifted",
      when: `${type} forbids less`,
      trips: [update(type, { [name]: policy(LET_ONE, NEVER) }, { [name]: policy(LET_ONE) })],
      says: /^no longer forbids s3:\*/,
      silent: [update(type, { [name]: policy(LET_ONE) }, { [name]: policy(LET_ONE, NEVER) })],
    },
    {
      rule: "security-denial-lifted",
      when: `${type} is destroyed with its denial`,
      trips: [destroy(type, { [name]: policy(NEVER) })],
      says: /^no longer forbids s3:\*/,
      silent: [destroy(type, { [name]: policy(LET_ONE) })],
    },
  ]),
  {
    rule: "security-denial-lifted",
    when: "the policy of a bucket that stays is destroyed",
    trips: [keep("aws_s3_bucket", { bucket: "a" }), destroy("aws_s3_bucket_policy", { bucket: "a", ...grant(NEVER) })],
    says: /^no longer forbids s3:\*/,
    silent: [
      destroy("aws_s3_bucket", { bucket: "a" }),
      destroy("aws_s3_bucket_policy", { bucket: "a", ...grant(NEVER) }),
    ],
  },
  {
    rule: "security-denial-lifted",
    when: "the policy of a role that stays is destroyed",
    trips: [keep("aws_iam_role", { name: "r" }), destroy("aws_iam_role_policy", { role: "r", ...grant(NEVER) })],
    says: /^no longer forbids s3:\*/,
    silent: [destroy("aws_iam_role", { name: "r" }), destroy("aws_iam_role_policy", { role: "r", ...grant(NEVER) })],
  },
  {
    rule: "security-denial-lifted",
    when: "a denial gets a condition",
    trips: [
      update(
        "aws_s3_bucket_policy",
        grant(NEVER),
        grant({ ...NEVER, Condition: { StringNotEquals: { "aws:SourceVpce": "a" } } }),
      ),
    ],
    says: /^no longer forbids s3:\*, without a condition$/,
    silent: [update("aws_s3_bucket_policy", grant(NEVER), {}, { after_unknown: { policy: true } })],
  },
  {
    rule: "security-permissions-widened",
    when: "a wildcard replaces a name",
    trips: [
      update(
        "aws_iam_role_policy",
        grant({ Action: "dynamodb:PutItem", Resource: "arn:table/one" }),
        grant({ Action: "dynamodb:PutItem", Resource: "arn:table/*" }),
      ),
    ],
    says: /^allows dynamodb:PutItem on arn:table\/\* instead of arn:table\/one$/,
    silent: [create("aws_iam_role_policy", grant({ Action: "dynamodb:PutItem", Resource: "arn:table/*" }))],
  },
  {
    rule: "security-permissions-widened",
    when: "any role may be passed",
    trips: [create("aws_iam_role_policy", grant({ Action: "iam:PassRole", Resource: "arn:aws:iam::1:role/*" }))],
    says: /^allows iam:PassRole on arn:aws:iam::1:role\/\*$/,
    silent: [create("aws_iam_role_policy", grant({ Action: "iam:PassRole", Resource: "arn:aws:iam::1:role/x" }))],
  },
  {
    rule: "security-permissions-widened",
    when: "every secret may be read",
    trips: [create("aws_iam_role_policy", grant({ Action: "secretsmanager:GetSecretValue", Resource: "*" }))],
    says: /^allows secretsmanager:GetSecretValue on every resource$/,
    // This action can't be restricted, and the second policy is the same in another form.
    silent: [
      create("aws_iam_role_policy", grant({ Action: "ecs:RegisterTaskDefinition", Resource: "*" })),
      update(
        "aws_iam_role_policy",
        grant({ Action: "a:B", Resource: "r" }, { Action: "a:C", Resource: "r" }),
        grant({ Action: ["a:B", "a:C"], Resource: "r" }),
        { name: "merged" },
      ),
    ],
  },
  {
    rule: "security-permissions-widened",
    when: "one of a role's own policies is certain, and another not known yet",
    trips: [
      update(
        "aws_iam_role",
        { inline_policy: [] },
        { inline_policy: [{ policy: policy({ Action: "*", Resource: "*" }) }, {}] },
        { after_unknown: { inline_policy: [{}, { policy: true }] } },
      ),
    ],
    says: /allows any action like \*[^]*can't be assessed before apply: the policy/,
    level: "both",
    // A new role without inline policies.
    silent: [create("aws_iam_role", {}, { after_unknown: { inline_policy: true } })],
  },
  ...[
    update("aws_iam_role", { inline_policy: [] }, {}, { after_unknown: { inline_policy: true } }),
    create(
      "aws_iam_role",
      { inline_policy: [{ name: "a" }] },
      { after_unknown: { inline_policy: [{ policy: true }] } },
    ),
  ].map((change): Case => ({
    rule: "security-permissions-widened",
    when: `the inline policies are not known yet: ${change.change.actions.join()}`,
    trips: [change],
    says: /can't be assessed before apply/,
    level: "caution",
    silent: [create("aws_iam_role", {}, { after_unknown: { inline_policy: true } })],
  })),
  {
    rule: "security-permissions-widened",
    when: "the policy can't be read",
    trips: [create("aws_iam_role_policy", { policy: "no JSON" })],
    says: /^the policy can't be read$/,
    level: "caution",
    silent: [create("aws_iam_role_policy", { policy: "" })],
  },
  ...[
    "aws_iam_role_policy_attachment",
    "aws_iam_user_policy_attachment",
    "aws_iam_group_policy_attachment",
    "aws_iam_policy_attachment",
  ].map((type): Case => ({
    rule: "security-powerful-policy-attached",
    when: `${type} attaches an administrator policy`,
    trips: [create(type, { policy_arn: ADMINISTRATOR })],
    says: /AdministratorAccess allows nearly everything$/,
    silent: [create(type, { policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" })],
  })),
  ...["PowerUserAccess", "IAMFullAccess", "AmazonS3FullAccess"].map((name): Case => ({
    rule: "security-powerful-policy-attached",
    when: `a role gets ${name}`,
    trips: [
      update("aws_iam_role", { managed_policy_arns: [] }, { managed_policy_arns: [`arn:aws:iam::aws:policy/${name}`] }),
    ],
    says: new RegExp(`${name} allows nearly everything$`),
    silent: [
      update(
        "aws_iam_role",
        { managed_policy_arns: [`arn:aws:iam::aws:policy/${name}`], path: "/a" },
        { managed_policy_arns: [`arn:aws:iam::aws:policy/${name}`], path: "/b" },
      ),
    ],
  })),
  {
    rule: "security-powerful-policy-attached",
    when: "another policy will be attached, and it is not known which",
    trips: [update("aws_iam_role_policy_attachment", { policy_arn: "a" }, {}, { after_unknown: { policy_arn: true } })],
    says: /can't be assessed before apply: policy_arn/,
    level: "caution",
    // A managed policy of the same plan is assessed itself.
    silent: [create("aws_iam_role_policy_attachment", {}, { after_unknown: { policy_arn: true } })],
  },
  ...["aws_iam_role", "aws_iam_user"].flatMap((type): readonly Case[] => [
    {
      rule: "security-boundary-removed",
      when: `${type} loses its boundary`,
      trips: [update(type, { permissions_boundary: "arn:p" }, { permissions_boundary: null })],
      says: /^no boundary limits its permissions any more$/,
      silent: [update(type, { permissions_boundary: "" }, { permissions_boundary: "arn:p" })],
    },
    {
      rule: "security-boundary-removed",
      when: `${type} gets a boundary that allows everything`,
      trips: [update(type, { permissions_boundary: "arn:p" }, { permissions_boundary: ADMINISTRATOR })],
      says: /AdministratorAccess as its boundary limits almost nothing$/,
      silent: [create(type, { permissions_boundary: ADMINISTRATOR })],
    },
    {
      rule: "security-boundary-removed",
      when: `${type} gets another boundary`,
      trips: [update(type, { permissions_boundary: "arn:p" }, { permissions_boundary: "arn:q" })],
      says: /^another boundary limits its permissions$/,
      level: "caution",
      silent: [
        update(type, { permissions_boundary: "arn:p", path: "/a" }, { permissions_boundary: "arn:p", path: "/b" }),
      ],
    },
  ]),
  {
    rule: "security-function-opened",
    when: "anybody may call a function by its URL",
    trips: [create("aws_lambda_function_url", { authorization_type: "NONE" })],
    says: /^anybody may call the function$/,
    silent: [
      create("aws_lambda_function_url", { authorization_type: "AWS_IAM" }),
      update(
        "aws_lambda_function_url",
        { authorization_type: "NONE", cors: [] },
        { authorization_type: "NONE", cors: [{}] },
        { name: "open" },
      ),
    ],
  },
  {
    rule: "security-trust-widened",
    when: "anybody except one principal may assume a new role",
    trips: [create("aws_iam_role", role({ NotPrincipal: { AWS: "arn:aws:iam::1:root" } }))],
    says: /^anybody may assume the role$/,
    // The same in one statement instead of two.
    silent: [
      update(
        "aws_iam_role",
        { assume_role_policy: policy({ ...ASSUME, ...trusted("a") }, { ...ASSUME, ...trusted("b") }) },
        { assume_role_policy: policy({ ...ASSUME, ...trusted("a", "b") }) },
      ),
    ],
  },
  {
    rule: "security-trust-widened",
    when: "workflows of all repositories except one may assume a new role",
    trips: [create("aws_iam_role", role(github("repo:evil/*:x", "StringNotLike")))],
    says: /^any workflow on GitHub may assume the role/,
    silent: [
      create(
        "aws_iam_role",
        role({ Principal: { AWS: "*" }, Condition: { StringEquals: { "aws:PrincipalOrgID": "o" } } }),
      ),
    ],
  },
  {
    rule: "security-trust-widened",
    when: "workflows of any branch may assume a role that was for one branch",
    trips: [update("aws_iam_role", released(["refs/heads/main"]), released())],
    says: /^more principals may assume the role: .*:sub repo:acme\/tasks:environment:production$/,
    silent: [update("aws_iam_role", released(), released(["refs/heads/main"]))],
  },
  {
    rule: "security-trust-widened",
    when: "workflows of more branches and tags may assume a role",
    trips: [
      update("aws_iam_role", released(["refs/heads/main"]), released(["refs/heads/main", "refs/tags/*"])),
      update("aws_iam_role", released(["refs/tags/v*"]), released(["refs/tags/*"])),
    ],
    says: /:ref refs\/tags\/\*$/,
    silent: [update("aws_iam_role", released(["refs/heads/main", "refs/tags/v*"]), released(["refs/tags/v*"]))],
  },
  {
    rule: "security-trust-widened",
    when: "the trust is not known yet",
    trips: [update("aws_iam_role", role(FLOW), {}, { after_unknown: { assume_role_policy: true } })],
    says: /can't be assessed before apply: the policy/,
    level: "caution",
    silent: [destroy("aws_iam_role", role({ Principal: { AWS: "*" } }))],
  },
  {
    rule: "security-resource-policy-widened",
    when: "a bucket is opened to anybody over TLS",
    trips: [
      create(
        "aws_s3_bucket_policy",
        grant({
          Principal: "*",
          Action: "s3:GetObject",
          Resource: "r",
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        }),
      ),
    ],
    says: /^anybody may do s3:GetObject$/,
    silent: [
      create(
        "aws_s3_bucket_policy",
        grant({
          Principal: "*",
          Action: "s3:GetObject",
          Resource: "r",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o" } },
        }),
      ),
      // A new endpoint adds a second way to the service.
      create("aws_vpc_endpoint", grant({ Principal: "*", Action: "*", Resource: "*" })),
    ],
  },
  {
    rule: "security-resource-policy-widened",
    when: "an exception is removed",
    trips: [
      update(
        "aws_s3_bucket_policy",
        grant({ ...LET_ONE, Condition: { StringNotEquals: { "aws:SourceVpc": ["a", "b"] } } }),
        grant({ ...LET_ONE, Condition: { StringNotEquals: { "aws:SourceVpc": ["a"] } } }),
      ),
    ],
    says: /^more principals may do a:B: .*, if StringNotEquals\/aws:SourceVpc a$/,
    silent: [
      update(
        "aws_s3_bucket_policy",
        grant({ ...LET_ONE, Condition: { StringNotEquals: { "aws:SourceVpc": ["a"] } } }),
        grant({ ...LET_ONE, Condition: { StringNotEquals: { "aws:SourceVpc": ["a", "b"] } } }),
      ),
    ],
  },
  {
    rule: "security-permissions-widened",
    when: "a role may do anything with a service",
    trips: [
      update("aws_iam_role_policy", grant(READ_ONE), grant(READ_ONE, { Action: "s3:*", Resource: "arn:bucket" })),
    ],
    says: /any action like s3:\*/,
    silent: [update("aws_iam_role_policy", grant({ Action: "dynamodb:*", Resource: "*" }), grant(READ_ONE))],
  },
  {
    rule: "security-permissions-widened",
    when: "a new role may write to every resource",
    trips: [create("aws_iam_policy", grant({ Action: "dynamodb:PutItem", Resource: "*" }))],
    says: /dynamodb:PutItem on every resource/,
    silent: [
      create("aws_iam_policy", grant({ Action: ["ecr:GetAuthorizationToken", "ec2:Describe*"], Resource: "*" })),
    ],
  },
  {
    rule: "security-permissions-widened",
    when: "everything is allowed but something",
    trips: [create("aws_iam_role_policy", grant({ NotAction: "iam:*", Resource: "*" }))],
    says: /NotAction: everything except iam:\*/,
    silent: [create("aws_iam_role_policy", grant(READ_ONE))],
  },
  {
    rule: "security-permissions-widened",
    when: "a little more is allowed",
    trips: [update("aws_iam_role_policy", grant(READ_ONE), grant({ ...READ_ONE, Resource: ["arn:table/two"] }))],
    says: /allows more: dynamodb:GetItem on arn:table\/two/,
    level: "caution",
    silent: [update("aws_iam_role_policy", grant({ ...READ_ONE, Resource: ["arn:table/*"] }), grant(READ_ONE))],
  },
  {
    rule: "security-permissions-widened",
    when: "the policy is not known yet",
    trips: [create("aws_iam_role_policy", {}, { after_unknown: { policy: true } })],
    says: /can't be assessed before apply/,
    level: "caution",
    silent: [destroy("aws_iam_role_policy", grant({ Action: "*", Resource: "*" }))],
  },
  {
    rule: "security-trust-widened",
    when: "the condition on who may assume a role is removed",
    trips: [update("aws_iam_role", role({ ...FLOW, ...ACCOUNT }), role(FLOW))],
    says: /Service:ecs-tasks\.amazonaws\.com, without a condition/,
    silent: [update("aws_iam_role", role(FLOW), role({ ...FLOW, ...ACCOUNT }))],
  },
  {
    rule: "security-trust-widened",
    when: "anybody may assume a new role",
    trips: [create("aws_iam_role", role({ Principal: { AWS: "*" } }))],
    says: /anybody/,
    silent: [create("aws_iam_role", role(FLOW))],
  },
  {
    rule: "security-trust-widened",
    when: "any workflow on GitHub may assume a new role",
    trips: [create("aws_iam_role", role(github(undefined)))],
    says: /any workflow on GitHub/,
    silent: [create("aws_iam_role", role(github("repo:acme/tasks:pull_request")))],
  },
  {
    rule: "security-trust-widened",
    when: "workflows of a whole organisation may assume a role",
    trips: [update("aws_iam_role", role(github("repo:acme/tasks:ref:refs/heads/main")), role(github("repo:acme/*")))],
    says: /other repositories/,
    silent: [create("aws_iam_role", role(github("repo:acme/tasks:*")))],
  },
  {
    rule: "security-resource-policy-widened",
    when: "a bucket is opened to anybody",
    trips: [create("aws_s3_bucket_policy", grant({ Principal: "*", Action: "s3:GetObject", Resource: "arn:b/*" }))],
    says: /anybody may do s3:GetObject/,
    silent: [
      create("aws_s3_bucket_policy", grant({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:b/*" })),
    ],
  },
  {
    rule: "security-resource-policy-widened",
    when: "a key is opened to another account",
    trips: [
      update(
        "aws_kms_key",
        grant({ Principal: { AWS: "arn:aws:iam::1:root" }, Action: "kms:*", Resource: "*" }),
        grant({ Principal: { AWS: ["arn:aws:iam::1:root", "arn:aws:iam::2:root"] }, Action: "kms:*", Resource: "*" }),
      ),
    ],
    says: /more principals may do kms:\*: AWS:arn:aws:iam::2:root/,
    silent: [
      create("aws_kms_key", grant({ Principal: { AWS: "arn:aws:iam::1:root" }, Action: "kms:*", Resource: "*" })),
    ],
  },
  {
    rule: "security-denial-lifted",
    when: "a bucket no longer requires TLS",
    trips: [
      update(
        "aws_s3_bucket_policy",
        grant({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:b" }),
        grant({ Principal: { Service: "logs" }, Action: "s3:PutObject", Resource: "arn:b" }),
      ),
    ],
    says: /no longer forbids s3:\*/,
    silent: [
      update(
        "aws_s3_bucket_policy",
        grant({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:b" }),
        grant({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }),
      ),
    ],
  },
  {
    rule: "security-function-opened",
    when: "anybody may call a function",
    trips: [create("aws_lambda_permission", { principal: "*" })],
    says: /anybody/,
    silent: [create("aws_lambda_permission", { principal: "codedeploy.amazonaws.com" })],
  },
  ...["arn:aws:iam::123456789012:root", "arn:aws-us-gov:sts::123456789012:assumed-role/a/b", "123456789012"].map(
    (principal): Case => ({
      rule: "security-function-opened",
      when: `${principal} may call a function`,
      trips: [create("aws_lambda_permission", { principal })],
      says: new RegExp(`^${principal} may call the function$`),
      level: "caution",
      silent: [
        destroy("aws_lambda_permission", { principal }),
        create("aws_lambda_permission", { principal: "1234567890123" }),
        create("aws_lambda_permission", {}, { name: "unknown", after_unknown: { principal: true } }),
      ],
    }),
  ),
  {
    rule: "security-powerful-policy-attached",
    when: "a role gets an administrator policy beside one with a similar name",
    trips: [
      update(
        "aws_iam_role",
        { managed_policy_arns: [] },
        { managed_policy_arns: [`${ADMINISTRATOR}-Own`, ADMINISTRATOR] },
      ),
    ],
    says: /^[^\n]*AdministratorAccess allows nearly everything$/,
    silent: [update("aws_iam_role", { managed_policy_arns: [] }, { managed_policy_arns: [`${ADMINISTRATOR}-Own`] })],
  },
  {
    rule: "security-boundary-removed",
    when: "a boundary is removed, and not added",
    trips: [update("aws_iam_role", { permissions_boundary: "arn:p" }, {})],
    says: /^no boundary limits its permissions any more$/,
    silent: [update("aws_iam_role", {}, { permissions_boundary: "arn:p" })],
  },
];
