import { at, type Block } from "../estate";
import { adding, json, statement, type Change, type Rule } from "../rule";
import { allowed, condition, isAnyone, statementsOf, TRUST_POLICIES, type PolicyStatement } from "../statements";

const GITHUB = "token.actions.githubusercontent.com";
/** The refs from which the shipped workflows deploy and release. */
const BRANCH = "refs/heads/main";
const VERSIONS = "refs/tags/v*";
/** A subject of one repository (by names, or by names and ids), of one project, of one pipeline. */
const ONE_SOURCE =
  /^(repo:([\w-]+\/[\w.-]+|[\w-]+@\d+\/[\w.-]+@\d+):.|project_path:[\w./-]+:ref_type:(branch|tag):ref:.|org:1:pipeline:tasks:ref:refs\/.)/;
/** A subject of one protected place: a GitHub environment, or the branch main. */
const PROTECTED = /:environment:[\w -]+$|:ref:(refs\/heads\/)?main$/;
/** A subject of version tags, which only a release has. */
const OF_VERSIONS = /:ref_type:tag:ref:v\*$|:ref:refs\/tags\/v\*$/;

const isFederated = ({ principal }: PolicyStatement) => at(principal, "Federated") !== undefined;
/** Values of a token's claim, whichever issuer it is of. Its name in a condition is the issuer, then `:`, then the claim. */
const claim = (one: PolicyStatement, name: string, ...operators: readonly string[]) =>
  operators.flatMap((operator) =>
    Object.keys(one.conditions[operator] ?? {})
      .filter((key) => key.endsWith(`:${name}`))
      .flatMap((key) => condition(one, operator, key)),
  );
const refs = (one: PolicyStatement) => claim(one, "ref", "StringEquals", "StringLike");
const subjects = (one: PolicyStatement) => claim(one, "sub", "StringEquals", "StringLike");
const isOfGithub = ({ conditions }: PolicyStatement) => JSON.stringify(conditions).includes(GITHUB);
const trust = (Condition: object, issuer = GITHUB) => ({
  assume_role_policy: JSON.stringify({
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition,
      },
    ],
  }),
});

/** Changes the condition of an access role for one claim of a token, with any operator. */
const trusting = (role: string, name: "sub" | "ref", values: readonly string[]): Change =>
  json(
    "aws_iam_role",
    "assume_role_policy",
    (document) => {
      for (const asked of Object.values(at(document, "Statement.Condition") as Record<string, Block>)) {
        if (`${GITHUB}:${name}` in asked) asked[`${GITHUB}:${name}`] = values;
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
    title: "The token of a CI has the audience that is meant for AWS",
    scanners: ["CKV_AWS_358", "CKV_AWS_393"],
    check: allowed(
      TRUST_POLICIES,
      (one) => !isFederated(one) || claim(one, "aud", "StringEquals").join() === "sts.amazonaws.com",
    ),
    breach: [
      adding("aws_iam_role", trust({ StringLike: { [`${GITHUB}:sub`]: "repo:octo-org/carts-api:*" } })),
      adding(
        "aws_iam_role",
        trust(
          {
            StringEquals: { "gitlab.com:sub": "project_path:octo-group/carts-api:ref_type:branch:ref:main" },
            StringLike: { "gitlab.com:aud": "*" },
          },
          "gitlab.com",
        ),
      ),
    ],
  },
  {
    id: "oidc-subject",
    title: "The token of a CI is from one repository or project",
    scanners: ["CKV_AWS_358", "CKV_AWS_393"],
    check: allowed(
      TRUST_POLICIES,
      (one) =>
        !isFederated(one) || (subjects(one).length > 0 && subjects(one).every((subject) => ONE_SOURCE.test(subject))),
    ),
    breach: [
      adding("aws_iam_role", trust({ StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" } })),
      ...["project_path:octo-group/*:ref_type:branch:ref:main", "*"].map((sub) =>
        adding("aws_iam_role", trust({ StringLike: { "gitlab.com:sub": sub } }, "gitlab.com")),
      ),
    ],
  },
  {
    id: "oidc-writes-from-one-place",
    title: "Only the read-only role is for all branches; the others are for main, and for releases also version tags",
    scanners: ["CKV_AWS_358", "CKV_AWS_393"],
    check: (estate) =>
      statementsOf(estate, TRUST_POLICIES)
        .filter((one) => isFederated(one) && !one.path.startsWith("access/plan/"))
        .filter((one) => {
          const isRelease = one.path.startsWith("access/release/");
          const isOfOnePlace = (subject: string) =>
            PROTECTED.test(subject) || (isRelease && !isOfGithub(one) && OF_VERSIONS.test(subject));
          const places = isRelease ? [BRANCH, VERSIONS] : [BRANCH];
          // The subject of a GitHub environment names no branch. Other subjects do.
          const isBound = !isOfGithub(one) || (refs(one).length > 0 && refs(one).every((ref) => places.includes(ref)));
          return !isBound || !subjects(one).every(isOfOnePlace);
        })
        .map(({ path }) => path),
    breach: [
      adding(
        "aws_iam_role",
        trust({
          StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" },
          StringLike: { [`${GITHUB}:sub`]: "repo:octo-org/carts-api:*", [`${GITHUB}:ref`]: BRANCH },
        }),
      ),
      trusting("deploy", "sub", ["repo:octo-org/carts-api:ref:refs/heads/feature"]),
      trusting("deploy", "sub", ["repo:octo-org/carts-api:pull_request"]),
      trusting("deploy", "ref", ["refs/heads/*"]),
      trusting("deploy", "ref", [BRANCH, VERSIONS]),
      trusting("release", "ref", []),
      ...["branch:ref:*", "branch:ref:feature", "tag:ref:v*"].map((ref) =>
        adding(
          "aws_iam_role",
          trust(
            { StringLike: { "gitlab.com:sub": `project_path:octo-group/carts-api:ref_type:${ref}` } },
            "gitlab.com",
          ),
        ),
      ),
    ],
  },
];
