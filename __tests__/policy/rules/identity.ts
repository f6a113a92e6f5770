import { at, list } from "../estate";
import { adding, none, statement, type Rule } from "../rule";
import {
  allowed,
  condition,
  IDENTITY_POLICIES,
  isAnyone,
  RESOURCE_POLICIES,
  statementsOf,
  TRUST_POLICIES,
  type PolicyStatement,
} from "../statements";

const ROLE_POLICY = "aws_iam_role_policy";
const GITHUB = "token.actions.githubusercontent.com";
/** Actions that only look. */
const LOOKS = /^[\w-]+:(Describe|List|Get|BatchGet|BatchCheck|View)/;

/** Actions that read what is stored, secrets among it. */
const READS_DATA =
  /^(secretsmanager:GetSecretValue|ssm:GetParameter|s3:GetObject|dynamodb:(GetItem|BatchGetItem|Query|Scan)|logs:(GetLogEvents|FilterLogEvents)|kms:Decrypt)/;
/** What a release changes: images, task definitions, deployments. */
const RELEASES =
  /^(ecr:(InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload|PutImage)|ecs:(RegisterTaskDefinition|DeregisterTaskDefinition|TagResource)|codedeploy:(CreateDeployment|StopDeployment|RegisterApplicationRevision)|iam:PassRole)$/;

/** A subject of one repository, by names or by names and ids. */
const REPOSITORY = /^repo:([\w-]+\/[\w.-]+|[\w-]+@\d+\/[\w.-]+@\d+):./;

const isWildcard = (action: string) => action === "*" || action.endsWith(":*");
const isFederated = ({ principal }: PolicyStatement) => at(principal, "Federated") !== undefined;
const subjects = (one: PolicyStatement) => [
  ...condition(one, "StringEquals", `${GITHUB}:sub`),
  ...condition(one, "StringLike", `${GITHUB}:sub`),
];
const trust = (Condition: object) => ({
  assume_role_policy: JSON.stringify({
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${GITHUB}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition,
      },
    ],
  }),
});

/** Who may do what. */
export const IDENTITY_RULES: readonly Rule[] = [
  {
    id: "no-wildcard-action-on-wildcard-resource",
    title: "No policy allows every action, of a service or of all, on every resource",
    scanners: ["CKV_AWS_62", "AVD-AWS-0057"],
    check: allowed(
      IDENTITY_POLICIES,
      ({ actions, resources }) => !(actions.some(isWildcard) && resources.includes("*")),
    ),
    breach: statement(ROLE_POLICY, "policy", { Effect: "Allow", Action: "dynamodb:*", Resource: "*" }),
  },
  {
    id: "no-wildcard-action",
    title: "A role's policy names its actions",
    scanners: ["CKV_AWS_63", "AVD-AWS-0057"],
    check: allowed(IDENTITY_POLICIES, ({ actions }) => !actions.some(isWildcard)),
    breach: statement(ROLE_POLICY, "policy", { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::one" }),
  },
  {
    id: "writes-name-resources",
    title: "What changes something names what it changes",
    scanners: ["CKV_AWS_290", "CKV_AWS_355"],
    check: allowed(
      IDENTITY_POLICIES,
      ({ actions, resources }) => !resources.includes("*") || actions.every((action) => LOOKS.test(action)),
    ),
    breach: statement(
      ROLE_POLICY,
      "policy",
      { Effect: "Allow", Action: "dynamodb:DeleteTable", Resource: "*" },
      "task-role",
    ),
  },
  {
    id: "no-not-action",
    title: "No policy allows everything but something",
    scanners: [],
    check: allowed(IDENTITY_POLICIES, ({ actions, resources }) => actions.length > 0 && resources.length > 0),
    breach: statement(ROLE_POLICY, "policy", { Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
  },
  {
    id: "pass-role-narrowed",
    title: "A role is passed on by name, and to a named service",
    scanners: ["CKV_AWS_286"],
    check: allowed(
      IDENTITY_POLICIES,
      (one) =>
        !one.actions.includes("iam:PassRole") ||
        (!one.resources.includes("*") &&
          ["StringEquals", "StringLike"].some(
            (operator) => condition(one, operator, "iam:PassedToService").length > 0,
          )),
    ),
    breach: statement(ROLE_POLICY, "policy", {
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: "arn:aws:iam::1:role/x",
    }),
  },
  {
    id: "no-administrators",
    title: "No role is an administrator",
    scanners: ["CKV_AWS_274", "CKV2_AWS_56"],
    check: (estate) =>
      estate
        .all("aws_iam_role_policy_attachment")
        .filter(({ block }) => /(AdministratorAccess|IAMFullAccess|PowerUserAccess)$/.test(String(block["policy_arn"])))
        .map(({ path }) => path),
    breach: adding("aws_iam_role_policy_attachment", { policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
  },
  {
    id: "no-users",
    title: "There are no IAM users and no keys to steal",
    scanners: ["CKV_AWS_40", "CKV_AWS_273"],
    check: none("aws_iam_user", "aws_iam_access_key", "aws_iam_user_policy"),
    breach: adding("aws_iam_access_key", { user: "deployer" }),
  },
  {
    id: "trust-names-somebody",
    title: "A role trusts somebody in particular",
    scanners: ["CKV_AWS_60", "CKV_AWS_61"],
    check: allowed(TRUST_POLICIES, ({ principal }) => !isAnyone(principal) && principal !== undefined),
    breach: statement("aws_iam_role", "assume_role_policy", {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "sts:AssumeRole",
    }),
  },
  {
    id: "trust-on-behalf-of-this-account",
    title: "A service takes a role on for this account's resources alone",
    scanners: [],
    check: allowed(
      TRUST_POLICIES,
      (one) =>
        at(one.principal, "Service") === undefined ||
        ["aws:SourceAccount", "aws:SourceArn"].some((key) =>
          ["StringEquals", "ArnLike", "ArnEquals"].some((operator) => condition(one, operator, key).length > 0),
        ),
    ),
    breach: adding("aws_iam_role", {
      assume_role_policy: JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: { Service: "codedeploy.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    }),
  },
  {
    id: "oidc-audience",
    title: "A token of GitHub's is for AWS",
    scanners: ["CKV_AWS_358", "CKV_AWS_393"],
    check: allowed(
      TRUST_POLICIES,
      (one) => !isFederated(one) || condition(one, "StringEquals", `${GITHUB}:aud`).join() === "sts.amazonaws.com",
    ),
    breach: adding("aws_iam_role", trust({ StringLike: { [`${GITHUB}:sub`]: "repo:octo-org/tasks-api:*" } })),
  },
  {
    id: "oidc-subject",
    title: "A token of GitHub's is of one repository",
    scanners: ["CKV_AWS_358", "CKV_AWS_393"],
    check: allowed(
      TRUST_POLICIES,
      (one) =>
        !isFederated(one) || (subjects(one).length > 0 && subjects(one).every((subject) => REPOSITORY.test(subject))),
    ),
    breach: adding("aws_iam_role", trust({ StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" } })),
  },
  {
    id: "oidc-writes-from-one-place",
    title: "Only the role that looks is for any branch; those that change something are for one",
    scanners: ["CKV_AWS_358", "CKV_AWS_393"],
    check: (estate) =>
      statementsOf(estate, TRUST_POLICIES)
        .filter((one) => isFederated(one) && !one.path.includes("plan"))
        .filter((one) => subjects(one).some((subject) => subject.includes("*") || subject.endsWith(":pull_request")))
        .map(({ path }) => path),
    breach: adding(
      "aws_iam_role",
      trust({
        StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" },
        StringLike: { [`${GITHUB}:sub`]: "repo:octo-org/tasks-api:*" },
      }),
    ),
  },
  {
    id: "resources-not-for-anyone",
    title: "No policy of a resource allows anything to anyone",
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
    title: "Whoever reads data or secrets may read named ones alone",
    scanners: ["CKV_AWS_287", "CKV_AWS_288"],
    check: allowed(
      IDENTITY_POLICIES,
      ({ actions, resources }) => !resources.includes("*") || !actions.some((action) => READS_DATA.test(action)),
    ),
    breach: statement(ROLE_POLICY, "policy", {
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: "*",
    }),
  },
  {
    id: "github-plan-only-looks",
    title: "The role of any pull request only looks",
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
    id: "github-release-only-releases",
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
    id: "rights-in-one-place",
    title: "Rights are a role's own, and in one place",
    scanners: [],
    check: (estate) =>
      estate
        .all("aws_iam_role")
        .filter(({ block }) => list(block["inline_policy"]).length > 0)
        .map(({ path }) => path),
    breach: adding("aws_iam_role", { inline_policy: [{ name: "more" }], assume_role_policy: '{"Statement":[]}' }),
  },
];
