import { at, type Block } from "../estate";
import { adding, json, statement, type Change, type Rule } from "../rule";
import { allowed, condition, isAnyone, statementsOf, TRUST_POLICIES, type PolicyStatement } from "../statements";

const GITHUB = "token.actions.githubusercontent.com";
/** The refs from which the shipped workflows deploy and release. */
const BRANCH = "refs/heads/main";
const VERSIONS = "refs/tags/v*";
/** A subject of one repository, by names or by names and ids. */
const REPOSITORY = /^repo:([\w-]+\/[\w.-]+|[\w-]+@\d+\/[\w.-]+@\d+):./;

const isFederated = ({ principal }: PolicyStatement) => at(principal, "Federated") !== undefined;
const refs = (one: PolicyStatement) => [
  ...condition(one, "StringEquals", `${GITHUB}:ref`),
  ...condition(one, "StringLike", `${GITHUB}:ref`),
];
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

/** Changes the condition of an access role for one claim of a token, with any operator. */
const trusting = (role: string, claim: "sub" | "ref", values: readonly string[]): Change =>
  json(
    "aws_iam_role",
    "assume_role_policy",
    (document) => {
      for (const asked of Object.values(at(document, "Statement.Condition") as Record<string, Block>)) {
        if (`${GITHUB}:${claim}` in asked) asked[`${GITHUB}:${claim}`] = values;
      }
    },
    `access/${role}`,
  );

/** Rules for trust policies. */
export const TRUST_RULES: readonly Rule[] = [
  {
    id: "trust-names-a-principal",
    title: "A trust policy names its principals",
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
    title: "A service assumes a role only for this account's resources",
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
    title: "A token of GitHub has AWS as its audience",
    scanners: ["CKV_AWS_358", "CKV_AWS_393"],
    check: allowed(
      TRUST_POLICIES,
      (one) => !isFederated(one) || condition(one, "StringEquals", `${GITHUB}:aud`).join() === "sts.amazonaws.com",
    ),
    breach: adding("aws_iam_role", trust({ StringLike: { [`${GITHUB}:sub`]: "repo:octo-org/tasks-api:*" } })),
  },
  {
    id: "oidc-subject",
    title: "A token of GitHub is from one repository",
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
    title: "Only the read-only role is for all branches; the others are for main, and for releases also version tags",
    scanners: ["CKV_AWS_358", "CKV_AWS_393"],
    check: (estate) =>
      statementsOf(estate, TRUST_POLICIES)
        .filter((one) => isFederated(one) && !one.path.startsWith("access/plan/"))
        .filter((one) => {
          const places = one.path.startsWith("access/release/") ? [BRANCH, VERSIONS] : [BRANCH];
          const isOfOnePlace = (subject: string) => /:(environment:[\w -]+|ref:refs\/heads\/main)$/.test(subject);
          const isBound = refs(one).length > 0 && refs(one).every((ref) => places.includes(ref));
          return !isBound || !subjects(one).every(isOfOnePlace);
        })
        .map(({ path }) => path),
    breach: [
      adding(
        "aws_iam_role",
        trust({
          StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" },
          StringLike: { [`${GITHUB}:sub`]: "repo:octo-org/tasks-api:*", [`${GITHUB}:ref`]: BRANCH },
        }),
      ),
      trusting("deploy", "sub", ["repo:octo-org/tasks-api:ref:refs/heads/feature"]),
      trusting("deploy", "sub", ["repo:octo-org/tasks-api:pull_request"]),
      trusting("deploy", "ref", ["refs/heads/*"]),
      trusting("deploy", "ref", [BRANCH, VERSIONS]),
      trusting("release", "ref", []),
    ],
  },
];
