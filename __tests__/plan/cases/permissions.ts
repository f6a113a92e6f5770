import { create, destroy, policy, update } from "../plan-fixture";
import type { Case } from "./case";

const role = (statement: object) => ({ assume_role_policy: policy({ Action: "sts:AssumeRole", ...statement }) });
const grant = (...statements: readonly object[]) => ({ policy: policy(...statements) });
const READ_ONE = { Action: ["dynamodb:GetItem"], Resource: ["arn:table/one"] };
const github = (subject: string | undefined) => ({
  Principal: { Federated: "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" },
  Condition: {
    StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
    ...(subject !== undefined && { StringLike: { "token.actions.githubusercontent.com:sub": subject } }),
  },
});
const FLOW = { Principal: { Service: "ecs-tasks.amazonaws.com" } };
const ACCOUNT = { Condition: { StringEquals: { "aws:SourceAccount": "1" } } };

/** What widens permissions and trust. */
export const PERMISSIONS: readonly Case[] = [
  {
    rule: "door-permissions-widened",
    when: "a role may do anything with a service",
    trips: [
      update("aws_iam_role_policy", grant(READ_ONE), grant(READ_ONE, { Action: "s3:*", Resource: "arn:bucket" })),
    ],
    says: /any action like s3:\*/,
    silent: [update("aws_iam_role_policy", grant({ Action: "dynamodb:*", Resource: "*" }), grant(READ_ONE))],
  },
  {
    rule: "door-permissions-widened",
    when: "a new role may write to every resource",
    trips: [create("aws_iam_policy", grant({ Action: "dynamodb:PutItem", Resource: "*" }))],
    says: /dynamodb:PutItem on every resource/,
    silent: [
      create("aws_iam_policy", grant({ Action: ["ecr:GetAuthorizationToken", "ec2:Describe*"], Resource: "*" })),
    ],
  },
  {
    rule: "door-permissions-widened",
    when: "everything is allowed but something",
    trips: [create("aws_iam_role_policy", grant({ NotAction: "iam:*", Resource: "*" }))],
    says: /NotAction: everything but iam:\*/,
    silent: [create("aws_iam_role_policy", grant(READ_ONE))],
  },
  {
    rule: "door-permissions-widened",
    when: "a little more is allowed",
    trips: [update("aws_iam_role_policy", grant(READ_ONE), grant({ ...READ_ONE, Resource: ["arn:table/two"] }))],
    says: /allows more: dynamodb:GetItem on arn:table\/two/,
    level: "caution",
    silent: [update("aws_iam_role_policy", grant({ ...READ_ONE, Resource: ["arn:table/*"] }), grant(READ_ONE))],
  },
  {
    rule: "door-permissions-widened",
    when: "the policy is not known yet",
    trips: [create("aws_iam_role_policy", {}, { after_unknown: { policy: true } })],
    says: /cannot tell until apply/,
    level: "caution",
    silent: [destroy("aws_iam_role_policy", grant({ Action: "*", Resource: "*" }))],
  },
  {
    rule: "door-trust-widened",
    when: "the condition on who takes a role on is removed",
    trips: [update("aws_iam_role", role({ ...FLOW, ...ACCOUNT }), role(FLOW))],
    says: /Service:ecs-tasks\.amazonaws\.com, without a condition/,
    silent: [update("aws_iam_role", role(FLOW), role({ ...FLOW, ...ACCOUNT }))],
  },
  {
    rule: "door-trust-widened",
    when: "anybody may take on a new role",
    trips: [create("aws_iam_role", role({ Principal: { AWS: "*" } }))],
    says: /anybody/,
    silent: [create("aws_iam_role", role(FLOW))],
  },
  {
    rule: "door-trust-widened",
    when: "any workflow on GitHub may take on a new role",
    trips: [create("aws_iam_role", role(github(undefined)))],
    says: /any workflow on GitHub/,
    silent: [create("aws_iam_role", role(github("repo:acme/tasks:pull_request")))],
  },
  {
    rule: "door-trust-widened",
    when: "workflows of a whole organisation may take on a role",
    trips: [update("aws_iam_role", role(github("repo:acme/tasks:ref:refs/heads/main")), role(github("repo:acme/*")))],
    says: /other repositories/,
    silent: [create("aws_iam_role", role(github("repo:acme/tasks:*")))],
  },
  {
    rule: "door-resource-policy-widened",
    when: "a bucket is given to anybody",
    trips: [create("aws_s3_bucket_policy", grant({ Principal: "*", Action: "s3:GetObject", Resource: "arn:b/*" }))],
    says: /anybody may do s3:GetObject/,
    silent: [
      create("aws_s3_bucket_policy", grant({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:b/*" })),
    ],
  },
  {
    rule: "door-resource-policy-widened",
    when: "a key is given to another account",
    trips: [
      update(
        "aws_kms_key",
        grant({ Principal: { AWS: "arn:aws:iam::1:root" }, Action: "kms:*", Resource: "*" }),
        grant({ Principal: { AWS: ["arn:aws:iam::1:root", "arn:aws:iam::2:root"] }, Action: "kms:*", Resource: "*" }),
      ),
    ],
    says: /more may do kms:\*: AWS:arn:aws:iam::1:root, AWS:arn:aws:iam::2:root/,
    silent: [
      create("aws_kms_key", grant({ Principal: { AWS: "arn:aws:iam::1:root" }, Action: "kms:*", Resource: "*" })),
    ],
  },
  {
    rule: "door-denial-lifted",
    when: "a bucket no longer insists on TLS",
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
    rule: "door-powerful-policy-attached",
    when: "a role becomes an administrator",
    trips: [create("aws_iam_role_policy_attachment", { policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" })],
    says: /AdministratorAccess/,
    silent: [create("aws_iam_role_policy_attachment", { policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" })],
  },
  {
    rule: "door-boundary-removed",
    when: "a role loses its boundary",
    trips: [update("aws_iam_role", { permissions_boundary: "arn:p" }, { permissions_boundary: null })],
    says: /bounds/,
    silent: [update("aws_iam_role", { permissions_boundary: "" }, { permissions_boundary: "arn:p" })],
  },
  {
    rule: "door-function-opened",
    when: "anybody may call a function",
    trips: [create("aws_lambda_permission", { principal: "*" })],
    says: /anybody/,
    silent: [create("aws_lambda_permission", { principal: "codedeploy.amazonaws.com" })],
  },
];
