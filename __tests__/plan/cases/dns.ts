import { create, destroy, keep, update } from "../plan-fixture";
import type { Case } from "./case";

const RECORD = "aws_route53_record";
const record = (name: string, type: string, rest: object = {}) => ({ name, type, zone_id: "Z1", ...rest });
const old = (name: string, type: string, rest: object = {}) =>
  keep(RECORD, record(name, type, rest), { name: "there-already" });
const alias = (name: string) => ({ alias: [{ name }] });
const plain = (rest: object) => record("api.example.com", "A", rest);
const weighted = (weight: number) => plain({ weighted_routing_policy: [{ weight }] });

/** Records that redirect traffic. */
export const DNS: readonly Case[] = [
  {
    rule: "moves-dns-share",
    when: "a record gets no traffic any more",
    trips: [update(RECORD, weighted(100), weighted(0))],
    says: /^its weight goes from 100 to 0: it gets no traffic any more/,
    silent: [update(RECORD, weighted(100), weighted(100))],
  },
  {
    rule: "moves-dns-share",
    when: "a record gets far less traffic",
    trips: [update(RECORD, weighted(100), weighted(10))],
    says: /^its weight goes from 100 to 10/,
    silent: [create(RECORD, weighted(10))],
  },
  {
    rule: "moves-dns-share",
    when: "a record gets somewhat more traffic",
    trips: [update(RECORD, weighted(100), weighted(120))],
    says: /^its weight goes from 100 to 120/,
    level: "caution",
    silent: [update(RECORD, weighted(100), weighted(100), { after_unknown: { fqdn: true } })],
  },
  {
    rule: "moves-dns-share",
    when: "a record loses its weight",
    trips: [update(RECORD, weighted(100), plain({}))],
    says: /^its weight is added or removed/,
    silent: [update(RECORD, plain({}), plain({}))],
  },
  ...[
    { weighted_routing_policy: [{ weight: 50 }] },
    { failover_routing_policy: [{ type: "PRIMARY" }] },
    { latency_routing_policy: [{ region: "a" }] },
    { geolocation_routing_policy: [{ country: "DE" }] },
    { geoproximity_routing_policy: [{ bias: 1 }] },
    { cidr_routing_policy: [{ location_name: "a" }] },
    { multivalue_answer_routing_policy: true },
  ].map((rest): Case => ({
    rule: "adds-dns-record",
    when: `a record with ${Object.keys(rest).join("")} is added beside one with the same name`,
    trips: [keep(RECORD, plain({}), { name: "old" }), create(RECORD, plain(rest))],
    says: /^it takes a share of the traffic of api\.example\.com$/,
    silent: [
      keep(RECORD, { ...plain({}), name: "other.example.com" }, { name: "old" }),
      create(RECORD, plain(rest)),
      create(RECORD, weighted(0), { name: "none" }),
    ],
  })),
  {
    rule: "adds-dns-record",
    when: "a record overwrites one that Terraform doesn't manage",
    trips: [create(RECORD, plain({ allow_overwrite: true }))],
    says: /^it overwrites an existing record/,
    level: "caution",
    silent: [create(RECORD, plain({ allow_overwrite: false }))],
  },
  {
    rule: "adds-dns-name",
    when: "other name servers answer for a name that stays",
    trips: [old("api.example.com.", "A"), create(RECORD, record("api.example.com", "NS"))],
    says: /^other name servers answer for api\.example\.com/,
    silent: [old("www.example.com", "A"), create(RECORD, record("api.example.com", "NS"))],
  },
  {
    rule: "adds-dns-name",
    when: "a CAA record excludes Amazon",
    trips: [create(RECORD, record("example.com", "CAA", { records: ['0 issue "letsencrypt.org"'] }))],
    says: /^Amazon can't issue or renew a certificate/,
    level: "caution",
    silent: [create(RECORD, record("example.com", "CAA", { records: ['0 issue "amazon.com"'] }))],
  },
  {
    rule: "adds-dns-name",
    when: "a record takes IPv6 clients from an existing one",
    trips: [old("api.example.com", "A", alias("one")), create(RECORD, record("api.example.com", "AAAA", alias("two")))],
    says: /by AAAA/,
    level: "caution",
    silent: [
      old("api.example.com", "A", alias("one")),
      create(RECORD, record("api.example.com", "AAAA", alias("one"))),
    ],
  },
  {
    rule: "adds-dns-name",
    when: "a more specific name overrides a wildcard",
    trips: [old("\\052.example.com", "A"), create(RECORD, record("api.example.com", "A"))],
    says: /no longer resolves as \*\.example\.com does/,
    level: "caution",
    silent: [old("*.example.com", "A"), create(RECORD, record("api.other.com", "A"))],
  },
  ...(
    [
      [100, 50, undefined],
      [100, 51, "caution"],
      [0, 10, undefined],
    ] as const
  ).map(([before, after, level]): Case => ({
    rule: "moves-dns-share",
    when: `the weight of a record goes from ${before} to ${after}`,
    trips: [update(RECORD, weighted(before), weighted(after))],
    says: new RegExp(`^its weight goes from ${before} to ${after}: it gets another share of the traffic$`),
    ...(level && { level }),
    silent: [destroy(RECORD, weighted(before))],
  })),
  {
    rule: "moves-dns-share",
    when: "a record gets a weight",
    trips: [update(RECORD, plain({}), weighted(10))],
    says: /^its weight is added or removed/,
    silent: [update(RECORD, plain({ ttl: 1 }), plain({ ttl: 2 }))],
  },
  {
    rule: "adds-dns-record",
    when: "a record with a routing policy overwrites one, and nothing of the stack has its name",
    trips: [
      keep(RECORD, { ...weighted(10), zone_id: "Z2" }, { name: "zone" }),
      keep(RECORD, { ...weighted(10), type: "AAAA" }, { name: "type" }),
      create(RECORD, { ...weighted(10), allow_overwrite: true }),
    ],
    says: /^it overwrites an existing record, if there is one$/,
    level: "caution",
    silent: [
      update(RECORD, { ...weighted(10), allow_overwrite: true }, { ...weighted(20), allow_overwrite: true }),
      keep(RECORD, weighted(10), { name: "old" }),
    ],
  },
  {
    rule: "adds-dns-record",
    when: "a record with a routing policy overwrites one with its name",
    trips: [keep(RECORD, weighted(10), { name: "old" }), create(RECORD, { ...weighted(10), allow_overwrite: true })],
    says: /^(?=[^]*it overwrites)[^]*it takes a share/,
    level: "both",
    silent: [
      keep(RECORD, weighted(10), { name: "old" }),
      create(RECORD, plain({ multivalue_answer_routing_policy: false })),
      create(RECORD, weighted(0), { name: "none" }),
    ],
  },
  ...(
    [
      ["the name itself", "api.example.com"],
      ["a name below it", "v1.api.example.com"],
    ] as const
  ).map(([what, name]): Case => ({
    rule: "adds-dns-name",
    when: `other name servers answer for ${what}`,
    trips: [
      keep(RECORD, record("www.example.com", "A"), { name: "www" }),
      old(name, "A"),
      create(RECORD, record("api.example.com", "NS")),
    ],
    says: /^other name servers answer for api\.example\.com and all names below it/,
    silent: [
      keep("aws_route53_zone", { zone_id: "Z1", name: "api.example.com" }),
      ...["NS", "SOA"].map((type) => keep(RECORD, record(name, type), { name: type })),
      keep(RECORD, record(name, "A", { zone_id: "Z2" }), { name: "zone" }),
      keep(RECORD, record("other-api.example.com", "A"), { name: "other" }),
      create(RECORD, record("api.example.com", "NS")),
    ],
  })),
  {
    rule: "adds-dns-name",
    when: "the second value of a CAA record excludes Amazon only when no other value allows it",
    trips: [create(RECORD, record("example.com", "CAA", { records: ['0 issue "a.org"', '0 issue "b.org"'] }))],
    says: /^Amazon can't issue or renew a certificate for example\.com/,
    level: "caution",
    silent: [
      create(RECORD, record("example.com", "CAA", { records: ['0 issue "a.org"', '0 issue "amazon.com"'] })),
      create(RECORD, record("example.com", "CAA", { zone_id: null, records: ['0 issue "a.org"'] }), {
        name: "new",
        after_unknown: { zone_id: true },
      }),
      update(RECORD, record("a.example.com", "CAA"), record("b.example.com", "CAA"), { name: "renamed" }),
    ],
  },
  ...(
    [
      ["are no aliases", {}, {}],
      ["are one alias and one address", {}, alias("one")],
    ] as const
  ).map(([what, before, after]): Case => ({
    rule: "adds-dns-name",
    when: `records of two address types ${what}`,
    trips: [old("api.example.com", "A", before), create(RECORD, record("API.example.com.", "AAAA", after))],
    says: /^clients that resolve api\.example\.com by AAAA get this record/,
    level: "caution",
    silent: [
      old("api.example.com", "TXT", before),
      keep(RECORD, record("api.example.com", "AAAA"), { name: "same" }),
      keep(RECORD, record("www.example.com", "A"), { name: "other" }),
      create(RECORD, record("api.example.com", "AAAA", after)),
      create(RECORD, record("www.example.com", "TXT"), { name: "text" }),
    ],
  })),
  {
    rule: "adds-dns-name",
    when: "a name of another level overrides a wildcard",
    trips: [old("*.api.example.com", "A"), create(RECORD, record("v1.api.example.com", "A"))],
    says: /^v1\.api\.example\.com no longer resolves as \*\.api\.example\.com does$/,
    level: "caution",
    silent: [
      old("*.api.example.com", "A"),
      keep(RECORD, record("v1.api.example.com", "A"), { name: "exact" }),
      create(RECORD, record("v1.api.example.com", "A")),
      create(RECORD, record("*.api.example.com", "A"), { name: "wildcard" }),
    ],
  },
];
