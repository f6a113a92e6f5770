import { create, destroy, keep, policy, update } from "../plan-fixture";
import type { Case } from "./case";

const ROLE = "aws_iam_role";
const trusted = (service: string) => policy({ Action: "sts:AssumeRole", Principal: { Service: service } });
const role = (name: string, service: string) =>
  keep(ROLE, { name, assume_role_policy: trusted(service) }, { name: `role-${name}` });
const CODEDEPLOY = role("releaser", "codedeploy.amazonaws.com");
const TASKS = role("tasks", "ecs-tasks.amazonaws.com");
const rights = (name: string, ...actions: readonly string[]) => ({
  role: name,
  policy: policy({ Action: actions, Resource: "*" }),
});
const POLICY = "aws_iam_role_policy";
const ATTACHMENT = "aws_iam_role_policy_attachment";
/** Of several roles, users and groups. */
const SHARED = "aws_iam_policy_attachment";
const TOPIC = "aws_sns_topic_policy";
const topic = (...principals: readonly object[]) => ({
  policy: policy(...principals.map((Principal) => ({ Action: "sns:Publish", Resource: "arn:topic", Principal }))),
});
const ALARMS = { Service: "cloudwatch.amazonaws.com" };
const ACCOUNT = { AWS: "arn:aws:iam::123456789012:root" };

const GETS = policy({ Action: "s3:GetObject", Resource: "*" });

/** Permissions and trust that are taken away. */
export const LOST_PERMISSIONS: readonly Case[] = [
  {
    rule: "loses-permissions",
    when: "CodeDeploy's role loses a permission",
    trips: [
      CODEDEPLOY,
      update(
        POLICY,
        rights("releaser", "ecs:CreateTaskSet", "ecs:DeleteTaskSet"),
        rights("releaser", "ecs:CreateTaskSet"),
      ),
    ],
    says: /^CodeDeploy may no longer do ecs:DeleteTaskSet on \*: releases or rollbacks fail$/,
    silent: [CODEDEPLOY, update(POLICY, rights("releaser", "ecs:CreateTaskSet"), rights("releaser", "ecs:*"))],
  },
  {
    rule: "loses-permissions",
    when: "a policy of CodeDeploy's role is destroyed",
    trips: [CODEDEPLOY, destroy(POLICY, rights("releaser", "ecs:CreateTaskSet"))],
    says: /^CodeDeploy may no longer do ecs:CreateTaskSet/,
    silent: [
      destroy(ROLE, { name: "releaser", assume_role_policy: trusted("codedeploy.amazonaws.com") }),
      destroy(POLICY, rights("releaser", "a:b")),
    ],
  },
  {
    rule: "loses-permissions",
    when: "a managed policy is taken from CodeDeploy's role",
    trips: [
      CODEDEPLOY,
      destroy(ATTACHMENT, { role: "releaser", policy_arn: "arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS" }),
    ],
    says: /^CodeDeploy's role loses .*AWSCodeDeployRoleForECS: releases fail$/,
    silent: [TASKS, destroy(ATTACHMENT, { role: "tasks", policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" })],
  },
  {
    rule: "loses-permissions",
    when: "an attachment to several roles is destroyed",
    trips: [CODEDEPLOY, destroy(SHARED, { roles: ["tasks", "releaser"], policy_arn: "arn:p" })],
    says: /^CodeDeploy's role loses arn:p: releases fail$/,
    silent: [CODEDEPLOY, TASKS, destroy(SHARED, { roles: ["tasks"], policy_arn: "arn:p" })],
  },
  {
    rule: "loses-permissions",
    when: "CodeDeploy's role leaves an attachment to several roles",
    trips: [
      CODEDEPLOY,
      update(SHARED, { roles: ["tasks", "releaser"], policy_arn: "arn:p" }, { roles: ["tasks"], policy_arn: "arn:p" }),
    ],
    says: /^CodeDeploy's role loses arn:p: releases fail$/,
    silent: [
      CODEDEPLOY,
      update(
        SHARED,
        { roles: ["tasks", "releaser"], policy_arn: "arn:p" },
        { roles: ["releaser"], policy_arn: "arn:p" },
      ),
    ],
  },
  ...(
    [
      ["is attached to several roles", [CODEDEPLOY, keep(SHARED, { roles: ["releaser"], policy_arn: "arn:p" })]],
      [
        "the role itself lists",
        [
          keep(ROLE, {
            name: "releaser",
            assume_role_policy: trusted("codedeploy.amazonaws.com"),
            managed_policy_arns: ["arn:p"],
          }),
        ],
      ],
    ] as const
  ).map(([when, attachment]): Case => {
    const change = (after: string) =>
      update(
        "aws_iam_policy",
        { arn: "arn:p", policy: policy({ Action: "ecs:*", Resource: "*" }) },
        { arn: "arn:p", policy: policy({ Action: after, Resource: "*" }) },
      );
    return {
      rule: "loses-permissions",
      when: `a policy of CodeDeploy that ${when} allows less`,
      trips: [...attachment, change("ecs:Describe*")],
      says: /^CodeDeploy may no longer do ecs:\*/,
      silent: [...attachment, change("*")],
    };
  }),
  ...(
    [
      [ROLE, "managed_policy_arns", (arn: string) => [arn]],
      [SHARED, "policy_arn", (arn: string) => arn],
      ["aws_iam_user_policy_attachment", "policy_arn", (arn: string) => arn],
      ["aws_iam_group_policy_attachment", "policy_arn", (arn: string) => arn],
    ] as const
  ).map(([type, attribute, value]): Case => ({
    rule: "adds-denial",
    when: `${type} attaches a policy that denies everything`,
    trips: [create(type, { [attribute]: value("arn:aws:iam::aws:policy/AWSDenyAll") })],
    says: /^arn:aws:iam::aws:policy\/AWSDenyAll forbids nearly everything$/,
    silent: [
      create(type, { [attribute]: value("arn:aws:iam::aws:policy/ReadOnlyAccess") }),
      update(
        type,
        { [attribute]: value("arn:aws:iam::aws:policy/AWSDenyAll"), a: 1 },
        { [attribute]: value("arn:aws:iam::aws:policy/AWSDenyAll"), a: 2 },
        { name: "other" },
      ),
    ],
  })),
  {
    rule: "security-resource-policy-widened",
    when: "anybody may use a queue, by its own policy",
    trips: [create("aws_sqs_queue", { policy: policy({ Action: "sqs:*", Resource: "*", Principal: "*" }) })],
    says: /^anybody may do sqs:\*$/,
    silent: [create("aws_sqs_queue", { policy: policy({ Action: "sqs:*", Resource: "*", Principal: ALARMS }) })],
  },
  {
    rule: "security-resource-policy-widened",
    when: "anybody may use an endpoint, by a policy of its own",
    trips: [
      update(
        "aws_vpc_endpoint_policy",
        { policy: policy({ Action: "s3:*", Resource: "*", Principal: ACCOUNT }) },
        { policy: policy({ Action: "s3:*", Resource: "*", Principal: "*" }) },
      ),
    ],
    says: /^anybody may do s3:\*$/,
    silent: [create("aws_vpc_endpoint_policy", { policy: policy({ Action: "*", Resource: "*", Principal: "*" }) })],
  },
  {
    rule: "loses-permissions",
    when: "a policy that is attached to CodeDeploy's role allows less",
    trips: [
      CODEDEPLOY,
      keep(ATTACHMENT, { role: "releaser", policy_arn: "arn:p" }),
      update(
        "aws_iam_policy",
        { arn: "arn:p", policy: policy({ Action: "ecs:*", Resource: "*" }) },
        { arn: "arn:p", policy: policy({ Action: "ecs:Describe*", Resource: "*" }) },
      ),
    ],
    says: /^CodeDeploy may no longer do ecs:\*/,
    silent: [
      CODEDEPLOY,
      update("aws_iam_policy", { policy: policy() }, { policy: policy({ Action: "a:b", Resource: "c" }) }),
    ],
  },
  {
    rule: "loses-permissions",
    when: "another role loses a permission",
    trips: [
      ...[TASKS, CODEDEPLOY, keep(POLICY, rights("releaser", "ecs:*"), { name: "releaser" })],
      update(
        POLICY,
        { ...rights("tasks", "s3:GetObject", "s3:PutObject"), name: "releaser" },
        rights("tasks", "s3:GetObject"),
      ),
    ],
    says: /^may no longer do s3:PutObject on \*$/,
    level: "caution",
    silent: [create(POLICY, rights("tasks", "s3:GetObject"))],
  },
  {
    rule: "loses-permissions",
    when: "a policy allows less, and CodeDeploy's role has another one",
    trips: [
      CODEDEPLOY,
      keep(ATTACHMENT, { role: "releaser", policy_arn: "arn:q" }),
      update("aws_iam_policy", { arn: "arn:p", policy: GETS }, { arn: "arn:p", policy: policy() }),
    ],
    says: /^may no longer do s3:GetObject on \*$/,
    level: "caution",
    silent: [CODEDEPLOY, update("aws_iam_policy", { arn: "arn:p", policy: GETS }, { arn: "arn:p", policy: GETS })],
  },
  {
    rule: "loses-permissions",
    when: "the role that loses them is CodeDeploy's and others'",
    trips: [
      keep(ROLE, {
        name: "shared",
        assume_role_policy: policy(
          { Action: "sts:AssumeRole", Principal: ACCOUNT },
          { Action: "sts:AssumeRole", Principal: { Service: ["lambda.amazonaws.com", "codedeploy.amazonaws.com"] } },
        ),
      }),
      destroy(POLICY, { role: "shared", policy: GETS }),
    ],
    says: /^CodeDeploy may no longer do s3:GetObject/,
    silent: [keep(POLICY, { role: "shared", policy: GETS })],
  },
  {
    rule: "loses-permissions",
    when: "alarms and an account may no longer publish to the topic",
    trips: [update(TOPIC, topic({ ...ALARMS, ...ACCOUNT }), topic())],
    says: /may no longer do sns:Publish with it$/,
    silent: [update(TOPIC, topic(), topic({ ...ALARMS, ...ACCOUNT }))],
  },
  {
    rule: "loses-trust",
    when: "a service and an account may no longer assume a role",
    trips: [
      update(
        ROLE,
        { assume_role_policy: policy({ Action: "sts:AssumeRole", Principal: { ...ALARMS, ...ACCOUNT } }) },
        { assume_role_policy: policy() },
      ),
    ],
    says: /may no longer assume the role as before: what it does with the role fails$/,
    silent: [update(ROLE, { assume_role_policy: "no JSON" }, { assume_role_policy: trusted("a") })],
  },
  {
    rule: "loses-permissions",
    when: "an inline policy of a role is removed",
    trips: [
      update(
        ROLE,
        {
          name: "a",
          assume_role_policy: trusted("codedeploy.amazonaws.com"),
          inline_policy: [{ policy: policy({ Action: "ecs:*", Resource: "*" }) }],
        },
        { name: "a", assume_role_policy: trusted("codedeploy.amazonaws.com"), inline_policy: [] },
      ),
    ],
    says: /^CodeDeploy may no longer do ecs:\*/,
    silent: [update(POLICY, rights("a", "s3:GetObject"), {}, { after_unknown: { policy: true } })],
  },
  {
    rule: "loses-permissions",
    when: "alarms may no longer publish to the topic",
    trips: [update(TOPIC, topic(ALARMS, ACCOUNT), topic(ACCOUNT))],
    says: /^Service:cloudwatch\.amazonaws\.com may no longer do sns:Publish with it$/,
    silent: [update(TOPIC, topic(ALARMS), topic(ACCOUNT, ALARMS))],
  },
  {
    rule: "loses-permissions",
    when: "another account may no longer publish to the topic",
    trips: [update(TOPIC, topic(ALARMS, ACCOUNT), topic(ALARMS))],
    says: /^AWS:arn:aws:iam::123456789012:root may no longer/,
    level: "caution",
    silent: [create(TOPIC, topic(ALARMS))],
  },
  {
    rule: "loses-trust",
    when: "CodeDeploy may no longer assume its role",
    trips: [
      update(
        ROLE,
        { assume_role_policy: trusted("codedeploy.amazonaws.com") },
        { assume_role_policy: trusted("ecs-tasks.amazonaws.com") },
      ),
    ],
    says: /^Service:codedeploy\.amazonaws\.com may no longer assume the role as before/,
    silent: [
      update(ROLE, { assume_role_policy: trusted("a") }, { assume_role_policy: trusted("a"), description: "b" }),
      update(
        ROLE,
        { assume_role_policy: trusted("a") },
        {},
        { after_unknown: { assume_role_policy: true }, name: "b" },
      ),
    ],
  },
  {
    rule: "loses-trust",
    when: "an account may no longer assume a role",
    trips: [
      update(
        ROLE,
        { assume_role_policy: policy({ Action: "sts:AssumeRole", Principal: ACCOUNT }) },
        { assume_role_policy: policy() },
      ),
    ],
    says: /may no longer assume the role as before$/,
    level: "caution",
    silent: [update(ROLE, { assume_role_policy: policy() }, { assume_role_policy: policy() })],
  },
];
