import { list } from "../estate";
import { adding, every, none, set, statement, type Rule } from "../rule";
import {
  allowed,
  condition,
  covers,
  IDENTITY_POLICIES,
  isAnyone,
  isEverything,
  RESOURCE_POLICIES,
} from "../statements";

const ROLE_POLICY = "aws_iam_role_policy";
/** Read-only actions. */
const LOOKS = /^[\w-]+:(Describe|List|Get|BatchGet|BatchCheck|View)/;

/** Actions that read stored data, also secrets. */
const READS_DATA = [
  ...["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "kms:Decrypt"],
  ...["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "s3:GetObject", "s3:GetObjectVersion"],
  ...["GetItem", "BatchGetItem", "Query", "Scan", "PartiQLSelect"].map((action) => `dynamodb:${action}`),
  ...["logs:GetLogEvents", "logs:FilterLogEvents", "logs:StartQuery"],
];
/** AWS's managed policies with administrator permissions, or with permissions to get them. */
const ADMINISTRATOR = /:policy\/(AdministratorAccess|IAMFullAccess|PowerUserAccess)"/;
/**
 * Actions with which a release changes images, task definitions and deployments. A deployment that watches other alarms than
 * its group also needs UpdateDeploymentGroup.
 */
const RELEASES =
  /^(ecr:(InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload|PutImage)|ecs:(RegisterTaskDefinition|DeregisterTaskDefinition|TagResource)|codedeploy:(CreateDeployment|ContinueDeployment|StopDeployment|RegisterApplicationRevision|UpdateDeploymentGroup)|iam:PassRole)$/;

const isWildcard = (action: string) => /[*?]/.test(action);

/** Rules for permissions. */
export const IDENTITY_RULES: readonly Rule[] = [
  {
    id: "no-wildcard-action-on-wildcard-resource",
    title: "No policy allows every action, of a service or of all, on every resource",
    scanners: ["CKV_AWS_62", "AVD-AWS-0057"],
    check: allowed(
      IDENTITY_POLICIES,
      ({ actions, resources }) => !(actions.some(isWildcard) && resources.some(isEverything)),
    ),
    breach: [
      statement(ROLE_POLICY, "policy", { Effect: "Allow", Action: "dynamodb:*", Resource: "*" }),
      statement(ROLE_POLICY, "policy", { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::*" }),
    ],
  },
  {
    id: "no-wildcard-action",
    title: "A role's policy names its actions",
    scanners: ["CKV_AWS_63", "AVD-AWS-0057"],
    check: allowed(IDENTITY_POLICIES, ({ actions }) => !actions.some(isWildcard)),
    breach: ["s3:*", "s3:Get*", "iam:*Role"].map((Action) =>
      statement(ROLE_POLICY, "policy", { Effect: "Allow", Action, Resource: "arn:aws:s3:::one" }),
    ),
  },
  {
    id: "writes-name-resources",
    title: "Actions that change something are limited to named resources",
    scanners: ["CKV_AWS_290", "CKV_AWS_355"],
    check: allowed(
      IDENTITY_POLICIES,
      ({ actions, resources }) => !resources.some(isEverything) || actions.every((action) => LOOKS.test(action)),
    ),
    breach: [
      ["dynamodb:DeleteTable", "*"],
      ["dynamodb:DeleteTable", "arn:aws:dynamodb:eu-central-1:123456789012:table/*"],
      ["s3:Delete*", "arn:aws:s3:::*"],
      ["iam:Create*", "arn:aws:iam::123456789012:role/*"],
    ].map(([Action, Resource]) => statement(ROLE_POLICY, "policy", { Effect: "Allow", Action, Resource }, "task-role")),
  },
  {
    id: "no-not-action",
    title: "No policy uses NotAction",
    scanners: [],
    check: allowed(IDENTITY_POLICIES, ({ actions, resources }) => actions.length > 0 && resources.length > 0),
    breach: statement(ROLE_POLICY, "policy", { Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
  },
  {
    id: "pass-role-narrowed",
    title: "iam:PassRole is limited to named roles and services",
    scanners: ["CKV_AWS_286"],
    check: allowed(
      IDENTITY_POLICIES,
      (one) =>
        !one.actions.some((action) => covers(action, ["iam:PassRole"])) ||
        (!one.resources.some(isEverything) &&
          ["StringEquals", "StringLike"].some(
            (operator) => condition(one, operator, "iam:PassedToService").length > 0,
          )),
    ),
    breach: [
      statement(ROLE_POLICY, "policy", {
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: "arn:aws:iam::123456789012:role/x",
      }),
      ...["iam:PassRole", "iam:Pass*"].map((Action) =>
        statement(ROLE_POLICY, "policy", {
          Effect: "Allow",
          Action,
          Resource: "arn:aws:iam::123456789012:role/*",
          Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        }),
      ),
    ],
  },
  {
    id: "no-administrators",
    title: "No role has administrator permissions",
    scanners: ["CKV_AWS_274", "CKV2_AWS_56"],
    // Both for an attachment and for a list in the role itself.
    check: (estate) =>
      estate
        .types()
        .filter((type) => type.startsWith("aws_iam_"))
        .flatMap((type) => every(type, (block) => !ADMINISTRATOR.test(JSON.stringify(block)))(estate)),
    breach: [
      adding("aws_iam_role_policy_attachment", { policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
      set("aws_iam_role", "managed_policy_arns", ["arn:aws:iam::aws:policy/AdministratorAccess"]),
    ],
  },
  {
    id: "no-users",
    title: "There are no IAM users and no access keys",
    scanners: ["CKV_AWS_40", "CKV_AWS_273"],
    check: none("aws_iam_user", "aws_iam_access_key", "aws_iam_user_policy"),
    breach: adding("aws_iam_access_key", { user: "deployer" }),
  },
  {
    id: "resources-not-for-anyone",
    title: "No resource policy allows anything to everybody",
    scanners: ["CKV_AWS_32", "CKV_AWS_169", "CKV_AWS_283"],
    check: allowed(RESOURCE_POLICIES, ({ principal }) => !isAnyone(principal)),
    breach: statement("aws_sns_topic_policy", "policy", {
      Effect: "Allow",
      Principal: "*",
      Action: "sns:Publish",
      Resource: "*",
    }),
  },
  {
    id: "data-by-name",
    title: "Permissions to read data or secrets are limited to named ones",
    scanners: ["CKV_AWS_287", "CKV_AWS_288"],
    check: allowed(
      IDENTITY_POLICIES,
      ({ actions, resources }) =>
        !resources.some(isEverything) || !actions.some((action) => covers(action, READS_DATA)),
    ),
    breach: [
      ["secretsmanager:GetSecretValue", "*"],
      ["secretsmanager:Get*", "*"],
      ["dynamodb:Get*", "*"],
      ["kms:Dec*", "*"],
      ["s3:Get*", "arn:aws:s3:::*"],
      ["ssm:GetParameter", "arn:aws:ssm:eu-central-1:123456789012:parameter/*"],
    ].map(([Action, Resource]) => statement(ROLE_POLICY, "policy", { Effect: "Allow", Action, Resource })),
  },
  {
    id: "ci-plan-read-only",
    title: "The role of pull requests is read-only",
    scanners: [],
    check: allowed(
      IDENTITY_POLICIES,
      ({ path, actions }) => !path.startsWith("access/plan/") || actions.every((action) => LOOKS.test(action)),
    ),
    breach: statement(
      "aws_iam_policy",
      "policy",
      { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::state/*" },
      "access/plan",
    ),
  },
  {
    id: "ci-release-only-releases",
    title: "The role of a release changes images, task definitions and deployments, and no infrastructure",
    scanners: [],
    check: allowed(
      IDENTITY_POLICIES,
      ({ path, actions }) =>
        !path.startsWith("access/release/") || actions.every((action) => LOOKS.test(action) || RELEASES.test(action)),
    ),
    breach: statement(
      "aws_iam_policy",
      "policy",
      { Effect: "Allow", Action: "elasticloadbalancing:ModifyListener", Resource: "arn:aws:elasticloadbalancing:::x" },
      "access/release",
    ),
  },
  {
    id: "permissions-in-one-place",
    title: "Permissions are policies of the role itself, defined in one place",
    scanners: [],
    check: (estate) =>
      estate
        .all("aws_iam_role")
        .filter(({ block }) => list(block["inline_policy"]).length > 0)
        .map(({ path }) => path),
    breach: adding("aws_iam_role", { inline_policy: [{ name: "more" }], assume_role_policy: '{"Statement":[]}' }),
  },
];
