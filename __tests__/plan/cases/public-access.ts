import { create, destroy, keep, replace, update } from "../plan-fixture";
import type { Case } from "./case";

const BLOCK = "aws_s3_bucket_public_access_block";
const ACCOUNT_BLOCK = "aws_s3_account_public_access_block";
const ACL = "aws_s3_bucket_acl";
const BUCKET = "aws_s3_bucket";
const SWITCHES = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
const block = (on: boolean) => ({
  ...{ bucket: "logs", block_public_acls: true, block_public_policy: on },
  ...{ ignore_public_acls: true, restrict_public_buckets: true },
});
const forgotten = (type: string, before: object) => ({
  ...destroy(type),
  change: { actions: ["forget"], before, after: null },
});

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const LOGGING = "http://acs.amazonaws.com/groups/s3/LogDelivery";
const grants = (uri: string) => ({ grant: [{ type: "Group", uri, permissions: ["READ", "WRITE"] }] });
const list = (uri: string) => ({
  bucket: "logs",
  access_control_policy: [{ grant: [{ permission: "READ", grantee: [{ type: "Group", uri }] }] }],
});

const OPTIONS = "aws_vpc_block_public_access_options";
const EXCLUSION = "aws_vpc_block_public_access_exclusion";
const mode = (internet_gateway_block_mode: string) => ({ internet_gateway_block_mode });
const allows = (way: string, where: object = { vpc_id: "vpc-1" }) => ({
  internet_gateway_exclusion_mode: `allow-${way}`,
  ...where,
});
/** From one mode of the region to another; `create` stands for no block before, `destroy` for none afterwards. */
const fromTo = (from: string, to: string) => {
  if (from === "create") return create(OPTIONS, mode(to), { name: to });
  if (to === "destroy") return destroy(OPTIONS, mode(from), { name: from });
  return update(OPTIONS, mode(from), mode(to), { name: `${from}-${to}` });
};
const [OFF, INGRESS, BOTH] = ["off", "block-ingress", "block-bidirectional"];

/** Public access to buckets and networks that is opened, or blocked. */
export const PUBLIC_ACCESS: readonly Case[] = [
  {
    rule: "security-public-access-allowed",
    when: "a bucket that stays gets a public access block with fewer switches on",
    trips: [keep("aws_s3_bucket", { bucket: "logs" }), create(BLOCK, block(false))],
    says: /^block_public_policy is off/,
    silent: [keep("aws_s3_bucket", { bucket: "logs" }), create(BLOCK, block(true))],
  },
  {
    rule: "security-public-access-allowed",
    when: "a bucket gets an access list for everybody",
    trips: [create("aws_s3_bucket_acl", { bucket: "logs", acl: "public-read" })],
    says: /^public-read: anybody/,
    silent: [
      create("aws_s3_bucket_acl", { bucket: "logs", acl: "private" }),
      update("aws_s3_bucket_acl", { acl: "public-read", a: 1 }, { acl: "public-read", a: 2 }),
      destroy("aws_s3_bucket_acl", { acl: "public-read" }),
    ],
  },
  {
    rule: "security-public-access-allowed",
    when: "a bucket that stays gets a public access block without any switch",
    trips: [keep("aws_s3_bucket", { bucket: "logs" }), create(BLOCK, { bucket: "logs" })],
    says: /^block_public_acls, block_public_policy, ignore_public_acls, restrict_public_buckets is off/,
    silent: [update(BLOCK, { ...block(false), a: 1 }, { ...block(false), a: 2 })],
  },
  ...SWITCHES.flatMap((name): readonly Case[] => [
    {
      rule: "security-public-access-allowed",
      when: `${name} of the account is turned off`,
      trips: [update(ACCOUNT_BLOCK, { [name]: true }, { [name]: false })],
      says: /^buckets of the account can be made public$/,
      silent: [
        update(ACCOUNT_BLOCK, { [name]: false }, { [name]: true }),
        update(ACCOUNT_BLOCK, { [name]: true, account_id: "1" }, { [name]: true, account_id: "2" }, { name: "same" }),
      ],
    },
    {
      rule: "security-public-access-allowed",
      when: `a block of the account is made without ${name}`,
      trips: [create(ACCOUNT_BLOCK, { ...block(true), [name]: false })],
      says: new RegExp(`^${name} is off: a stricter block of the account is replaced$`),
      level: "caution",
      silent: [create(ACCOUNT_BLOCK, block(true))],
    },
    ...[BLOCK, ACCOUNT_BLOCK].map((type): Case => ({
      rule: "cuts-public-access",
      when: `${name} of ${type} is turned on`,
      trips: [update(type, { [name]: false }, { [name]: true })],
      says: new RegExp(`^${name} is turned on: `),
      level: "caution",
      silent: [
        update(type, { [name]: true }, { [name]: false }),
        update(type, { [name]: true, a: 1 }, { [name]: true, a: 2 }, { name: "same" }),
        destroy(type, { [name]: true }, { name: "gone" }),
      ],
    })),
    {
      rule: "cuts-public-access",
      when: `a block of the account is made with ${name}`,
      trips: [create(ACCOUNT_BLOCK, { [name]: true })],
      says: new RegExp(`^${name} is on: `),
      level: "caution",
      silent: [create(ACCOUNT_BLOCK, { [name]: false }), create(BLOCK, { bucket: "logs", [name]: true })],
    },
  ]),
  {
    rule: "cuts-public-access",
    when: "a switch is not known yet",
    trips: [update(BLOCK, { block_public_acls: false }, {}, { after_unknown: { block_public_acls: true } })],
    says: /^can't be assessed before apply: block_public_acls/,
    level: "caution",
    silent: [create(BLOCK, {}, { after_unknown: { block_public_acls: true } })],
  },
  {
    rule: "security-public-access-allowed",
    when: "the block of the account is destroyed",
    trips: [destroy(ACCOUNT_BLOCK, block(true))],
    says: /^is destroyed: buckets of the account can be made public$/,
    silent: [keep(ACCOUNT_BLOCK, block(true))],
  },
  {
    rule: "security-public-access-allowed",
    when: "a block that outlives its resource is destroyed",
    trips: [destroy(BLOCK, { ...block(true), skip_destroy: true })],
    says: /^is removed from the state, and its skip_destroy keeps it/,
    level: "caution",
    silent: [keep(BLOCK, { ...block(true), skip_destroy: true })],
  },
  {
    rule: "security-public-access-allowed",
    when: "a block that outlives its resource is replaced",
    trips: [replace(BLOCK, { ...block(true), skip_destroy: true }, block(true))],
    says: /^is replaced$/,
    level: "caution",
    silent: [create(BLOCK, { ...block(true), skip_destroy: true })],
  },
  ...[
    [ACL, list] as const,
    // The attribute rule says that the list changes.
    [BUCKET, grants] as const,
  ].flatMap(([type, access]): readonly Case[] => [
    {
      rule: "security-public-access-allowed",
      when: `${type} is made with a grant to everybody`,
      trips: [create(type, access(ALL_USERS))],
      says: /^anybody gets READ/,
      silent: [create(type, access(LOGGING)), keep(type, access(ALL_USERS), { name: "other" })],
    },
    {
      rule: "security-public-access-allowed",
      when: `a grant of ${type} goes to everybody`,
      trips: [update(type, access(LOGGING), access(ALL_USERS.replace("All", "Authenticated")))],
      says: /^anybody gets READ/m,
      ...(type === BUCKET && { level: "both" as const }),
      silent: [update(type, { ...access(ALL_USERS), a: 1 }, { ...access(ALL_USERS), a: 2 })],
    },
  ]),
  {
    rule: "security-public-access-allowed",
    when: "the grants of a list are not known yet",
    trips: [update(ACL, list(LOGGING), {}, { after_unknown: { access_control_policy: true } })],
    says: /^can't be assessed before apply: access_control_policy/,
    level: "caution",
    silent: [create(ACL, {}, { after_unknown: { access_control_policy: true } })],
  },
  {
    rule: "security-public-access-allowed",
    when: "a bucket is made with an access list for everybody",
    trips: [create(BUCKET, { acl: "public-read" })],
    says: /^public-read: anybody may read the objects$/,
    silent: [create(BUCKET, { acl: "private" })],
  },
  ...(
    [
      ["create", BOTH, "loses its connection to the internet"],
      [OFF, BOTH, "loses its connection to the internet"],
      ["create", INGRESS, "can no longer be reached from the internet"],
      [OFF, INGRESS, "can no longer be reached from the internet"],
      [INGRESS, BOTH, "can no longer call the internet"],
    ] as const
  ).map(([from = "", to = "", says]): Case => ({
    rule: "blocks-internet",
    when: `the block of a region goes from ${from} to ${to}`,
    trips: [fromTo(from, to)],
    says: new RegExp(`^every VPC of the region ${says}$`),
    silent: [from === "create" ? fromTo(to, "destroy") : fromTo(to, from), fromTo(to, to)],
  })),
  ...(
    [
      [BOTH, OFF, "be reached from the internet"],
      [INGRESS, OFF, "be reached from the internet"],
      [BOTH, "destroy", "be reached from the internet"],
      [INGRESS, "destroy", "be reached from the internet"],
      [BOTH, INGRESS, "call the internet"],
    ] as const
  ).map(([from = "", to = "", says]): Case => ({
    rule: "security-internet-unblocked",
    when: `the block of a region goes from ${from} to ${to}`,
    trips: [fromTo(from, to)],
    says: new RegExp(`^every VPC of the region can ${says}$`),
    ...(to === INGRESS && { level: "caution" as const }),
    silent: [to === "destroy" ? fromTo("create", from) : fromTo(to, from), fromTo(from, from)],
  })),
  {
    rule: "blocks-internet",
    when: "the mode of a region is not known yet",
    trips: [update(OPTIONS, mode("off"), {}, { after_unknown: { internet_gateway_block_mode: true } })],
    says: /^can't be assessed before apply: internet_gateway_block_mode/,
    level: "caution",
    silent: [
      create(OPTIONS, mode("off")),
      forgotten(OPTIONS, mode("block-ingress")),
      update(OPTIONS, { ...mode("block-ingress"), a: 1 }, { ...mode("block-ingress"), a: 2 }),
    ],
  },
  {
    rule: "blocks-internet",
    when: "a mode is a new one of AWS",
    trips: [update(OPTIONS, mode("off"), mode("block-some"))],
    says: /^internet_gateway_block_mode changes: there is no rule for this mode$/,
    level: "caution",
    silent: [
      keep(OPTIONS, mode("block-some")),
      update(OPTIONS, { ...mode("block-some"), a: 1 }, { ...mode("block-some"), a: 2 }, { name: "other" }),
    ],
  },
  {
    rule: "blocks-internet",
    when: "an exclusion is destroyed",
    trips: [destroy(EXCLUSION, allows("bidirectional"))],
    says: /^vpc-1 loses its connection to the internet$/,
    silent: [create(EXCLUSION, allows("bidirectional")), forgotten(EXCLUSION, allows("bidirectional"))],
  },
  {
    rule: "blocks-internet",
    when: "an exclusion lets less through",
    trips: [update(EXCLUSION, allows("bidirectional"), allows("egress"))],
    says: /^vpc-1 can no longer be reached from the internet$/,
    silent: [update(EXCLUSION, allows("egress"), allows("bidirectional"))],
  },
  {
    rule: "blocks-internet",
    when: "an exclusion for calls is destroyed",
    trips: [destroy(EXCLUSION, allows("egress", { subnet_id: "subnet-1" }))],
    says: /^subnet-1 can no longer call the internet$/,
    silent: [keep(EXCLUSION, allows("egress"))],
  },
  {
    rule: "security-internet-unblocked",
    when: "an exclusion is made",
    trips: [create(EXCLUSION, allows("bidirectional", { subnet_id: "subnet-1" }))],
    says: /^subnet-1 can be reached from the internet$/,
    level: "caution",
    silent: [destroy(EXCLUSION, allows("bidirectional", { subnet_id: "subnet-1" })), create(OPTIONS, mode("off"))],
  },
  {
    rule: "security-internet-unblocked",
    when: "an exclusion for calls is made in a network that the same plan makes",
    trips: [create(EXCLUSION, allows("egress", {}), { after_unknown: { vpc_id: true } })],
    says: /^what it excludes can call the internet$/,
    level: "caution",
    silent: [replace(EXCLUSION, allows("egress"), allows("egress"))],
  },
];
