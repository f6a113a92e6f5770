import { create, policy, update } from "../plan-fixture";
import type { Case } from "./case";

type Claims = Readonly<Record<string, string | readonly string[]>>;

/** A role that accepts an issuer's tokens with these claims; `like`: with patterns. */
function role(issuer: string, equal: Claims, like: Claims = {}) {
  const ofIssuer = (claims: Claims) =>
    Object.fromEntries(Object.entries(claims).map(([claim, value]) => [`${issuer}:${claim}`, value]));
  return {
    assume_role_policy: policy({
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: `arn:aws:iam::1:oidc-provider/${issuer}` },
      Condition: {
        ...(Object.keys(equal).length > 0 && { StringEquals: ofIssuer(equal) }),
        ...(Object.keys(like).length > 0 && { StringLike: ofIssuer(like) }),
      },
    }),
  };
}

const ROLE = "aws_iam_role";
const AUD = { aud: "sts.amazonaws.com" };
const gitlab = (ref: string, project = "acme/tasks") => `project_path:${project}:ref_type:${ref}`;
const MAIN = gitlab("branch:ref:main");

/** Kinds of CI: an issuer, a subject that it trusts, one that it doesn't, and a pattern of both. */
const ISSUERS: readonly (readonly [string, { own: string; other: string; pattern: string }])[] = [
  [
    "token.actions.githubusercontent.com",
    {
      own: "repo:acme/tasks:environment:production",
      other: "repo:acme/tasks:environment:staging",
      pattern: "repo:acme/tasks:environment:*",
    },
  ],
  ["gitlab.com", { own: MAIN, other: gitlab("branch:ref:feature"), pattern: gitlab("branch:ref:*") }],
  ["git.example.com/gitlab", { own: MAIN, other: gitlab("tag:ref:v1"), pattern: gitlab("*") }],
  [
    "ci.example.com/org/1",
    { own: "pipeline:tasks:main", other: "pipeline:tasks:feature", pattern: "pipeline:tasks:*" },
  ],
];
const WIDER = /^more principals may assume the role: /;

/** Trust in the tokens of a CI that becomes wider, or is wide from the start. */
export const TOKEN_TRUST: readonly Case[] = [
  ...ISSUERS.flatMap(([issuer, { own, other, pattern }]): readonly Case[] => {
    const narrow = role(issuer, { ...AUD, sub: own });
    const case_ = (when: string, wide: ReturnType<typeof role>, says = WIDER, from = narrow): Case => ({
      rule: "security-trust-widened",
      when: `${when} of ${issuer}`,
      trips: [update(ROLE, from, wide)],
      says,
      // The way back.
      silent: [update(ROLE, wide, from)],
    });
    const withClaim = role(issuer, { ...AUD, sub: own, ref_protected: "true" });
    return [
      case_("one more subject is trusted", role(issuer, { ...AUD, sub: [own, other] })),
      case_("a pattern of subjects is trusted", role(issuer, AUD, { sub: pattern })),
      case_("any subject is trusted", role(issuer, AUD), /^any .* may assume the role: no condition restricts/),
      case_("every subject is trusted", role(issuer, AUD, { sub: "*" }), /^any .* may assume the role: \*$/),
      case_("any audience is trusted", role(issuer, { sub: own })),
      case_("one more audience is trusted", role(issuer, { aud: ["sts.amazonaws.com", "x"], sub: own })),
      case_("a pattern of audiences is trusted", role(issuer, { sub: own }, { aud: "*" })),
      case_("another claim is no longer asked for", narrow, WIDER, withClaim),
      {
        rule: "security-trust-widened",
        when: `the tokens of another issuer than ${issuer} are trusted`,
        trips: [update(ROLE, narrow, role("evil.example.com", { ...AUD, sub: own }))],
        says: WIDER,
        silent: [update(ROLE, narrow, narrow)],
      },
      {
        rule: "security-trust-widened",
        when: `a new role trusts any subject of ${issuer}`,
        trips: [create(ROLE, role(issuer, AUD))],
        says: /no condition restricts the subject$/,
        silent: [create(ROLE, narrow)],
      },
      {
        rule: "security-trust-widened",
        when: `a new role trusts any audience of ${issuer}`,
        trips: [create(ROLE, role(issuer, { sub: own })), create(ROLE, role(issuer, { sub: own }, { aud: "*" }))],
        says: /for any audience of the provider may assume the role$/,
        level: "caution",
        silent: [create(ROLE, narrow)],
      },
    ];
  }),
  {
    rule: "security-trust-widened",
    when: "a new role trusts every project of a group on GitLab",
    trips: [
      create(ROLE, role("gitlab.com", AUD, { sub: gitlab("branch:ref:main", "acme/*") })),
      create(ROLE, role("gitlab.com", AUD, { sub: gitlab("branch:ref:main", "acme/tasks*") })),
      create(ROLE, role("git.example.com", AUD, { sub: "project_path:*" })),
      create(ROLE, role("git.example.com", AUD, { sub: "project*" })),
    ],
    says: /^jobs of other projects may assume the role: project/,
    silent: [
      create(ROLE, role("gitlab.com", AUD, { sub: gitlab("branch:ref:*") })),
      create(ROLE, role("gitlab.com", { ...AUD, project_id: "42", sub: MAIN })),
    ],
  },
  {
    rule: "security-trust-widened",
    when: "a new role trusts a pattern of subjects whose form nobody knows",
    trips: [create(ROLE, role("ci.example.com", AUD, { sub: "pipeline:tasks:*" }))],
    says: /^every job of ci\.example\.com whose subject fits may assume the role: pipeline:tasks:\*$/,
    level: "caution",
    silent: [create(ROLE, role("ci.example.com", { ...AUD, sub: "pipeline:tasks:main" }))],
  },
  {
    rule: "security-trust-widened",
    when: "a new role restricts the subject of another issuer than its own",
    trips: [
      create(ROLE, {
        assume_role_policy: policy({
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "arn:aws:iam::1:oidc-provider/gitlab.com" },
          Condition: { StringEquals: { "gitlab.com:aud": "a", "git.example.com:sub": MAIN } },
        }),
      }),
    ],
    says: /^any job on GitLab\.com may assume the role/,
    silent: [create(ROLE, { assume_role_policy: policy({ Principal: { Service: "ecs-tasks.amazonaws.com" } }) })],
  },
  {
    rule: "security-trust-widened",
    when: "the provider accepts one more audience",
    trips: [
      update(
        "aws_iam_openid_connect_provider",
        { url: "https://gitlab.com", client_id_list: ["sts.amazonaws.com"] },
        { url: "https://gitlab.com", client_id_list: ["sts.amazonaws.com", "x"] },
      ),
    ],
    says: /^client_id_list .*more tokens may be accepted$/,
    level: "caution",
    silent: [create("aws_iam_openid_connect_provider", { url: "https://gitlab.com", client_id_list: ["x"] })],
  },
];
