import { create, destroy, update } from "../plan-fixture";
import type { Case } from "./case";

const LISTENER = "aws_lb_listener";
const MODERN = "ELBSecurityPolicy-TLS13-1-2-2021-06";
const OLD = "ELBSecurityPolicy-2016-08";
const speaks = (ssl_policy: string | null, protocol = "HTTPS") => ({ ssl_policy, protocol });

const redirects = (protocol: string, action: object = {}, port = "443") => ({
  default_action: [{ type: "redirect", redirect: [{ protocol, port }], ...action }],
});

/** Listeners that protect their traffic less. */
export const LISTENERS: readonly Case[] = [
  ...["HTTPS", "TLS"].map((protocol): Case => ({
    rule: "security-https-off",
    when: `${protocol} is turned off`,
    trips: [update(LISTENER, { protocol }, { protocol: "HTTP" })],
    says: new RegExp(`^${protocol} becomes HTTP: traffic is no longer encrypted$`),
    silent: [
      update(LISTENER, { protocol: "HTTP" }, { protocol }),
      update(LISTENER, { protocol: "HTTPS" }, { protocol: "TLS" }, { name: "encrypted" }),
      update(LISTENER, { protocol: "HTTP" }, { protocol: "TCP" }, { name: "plain" }),
    ],
  })),
  {
    rule: "security-redirect-removed",
    when: "clients are redirected to HTTP",
    trips: [update(LISTENER, redirects("HTTPS"), redirects("HTTP"))],
    says: /^clients are redirected to HTTP and no longer to HTTPS$/,
    silent: [
      update(LISTENER, redirects("HTTPS", { order: 1 }), redirects("HTTPS", { order: 2 })),
      create(LISTENER, redirects("HTTP"), { name: "new" }),
    ],
  },
  {
    rule: "security-redirect-removed",
    when: "clients are redirected to another port",
    trips: [update(LISTENER, redirects("HTTPS"), redirects("HTTPS", {}, "8443"))],
    says: /^clients are redirected in another way$/,
    level: "caution",
    silent: [create(LISTENER, redirects("HTTPS", {}, "8443"))],
  },
  {
    rule: "security-redirect-removed",
    when: "clients that were redirected to HTTP are redirected to HTTPS",
    trips: [update(LISTENER, redirects("HTTP"), redirects("HTTPS"))],
    says: /^clients are redirected in another way$/,
    level: "caution",
    silent: [destroy(LISTENER, redirects("HTTP"))],
  },
  {
    rule: "security-redirect-removed",
    when: "clients that were redirected to HTTP are redirected to the protocol that they use",
    trips: [update(LISTENER, redirects("HTTP"), redirects("#{protocol}"))],
    says: /^clients are redirected in another way$/,
    level: "caution",
    silent: [create(LISTENER, redirects("#{protocol}"))],
  },
  {
    rule: "security-redirect-removed",
    when: "HTTP is served instead of redirected",
    trips: [update(LISTENER, { default_action: [{ type: "redirect" }] }, { default_action: [{ type: "forward" }] })],
    says: /no longer redirected from HTTP to HTTPS/,
    silent: [
      update(LISTENER, { default_action: [{ type: "forward" }] }, { default_action: [{ type: "redirect" }] }),
      update(
        LISTENER,
        { default_action: [{ type: "redirect", order: 1 }] },
        { default_action: [{ type: "redirect", order: 2 }] },
        { name: "redirects" },
      ),
      update(
        LISTENER,
        { default_action: [{ type: "forward" }] },
        { default_action: [{ type: "fixed-response" }] },
        { name: "serves" },
      ),
      destroy(LISTENER, { default_action: [{ type: "redirect" }] }, { name: "gone" }),
    ],
  },
  {
    rule: "security-redirect-removed",
    when: "the new default action is not known yet",
    trips: [
      update(LISTENER, { default_action: [{ type: "redirect" }] }, {}, { after_unknown: { default_action: true } }),
    ],
    says: /can't be assessed before apply: default_action/,
    level: "caution",
    silent: [create(LISTENER, {}, { after_unknown: { default_action: true } })],
  },
  {
    rule: "security-tls-weakened",
    when: "older TLS is accepted",
    trips: [update(LISTENER, speaks(MODERN), speaks(OLD))],
    says: /^ELBSecurityPolicy-2016-08 accepts TLS 1\.0, ELBSecurityPolicy-TLS13-1-2-2021-06 nothing below 1\.2$/,
    silent: [update(LISTENER, speaks(OLD), speaks(MODERN))],
  },
  {
    rule: "security-tls-weakened",
    when: "the TLS policy is removed, and the default is the oldest",
    trips: [update(LISTENER, { ssl_policy: MODERN }, { ssl_policy: null })],
    says: /^ELBSecurityPolicy-2016-08 accepts TLS 1\.0/,
    // Another rule reports a listener without TLS.
    silent: [update(LISTENER, speaks(MODERN), speaks(null, "HTTP"))],
  },
  ...(
    [
      ["ELBSecurityPolicy-TLS13-1-0-2021-06", "1.0"],
      ["ELBSecurityPolicy-TLS13-1-1-2021-06", "1.1"],
      ["ELBSecurityPolicy-TLS13-1-0-PQ-2025-09", "1.0"],
      ["ELBSecurityPolicy-TLS-1-1-2017-01", "1.1"],
      ["ELBSecurityPolicy-FS-1-1-2019-08", "1.1"],
      ["ELBSecurityPolicy-FS-2018-06", "1.0"],
      ["ELBSecurityPolicy-TLS-1-0-2015-04", "1.0"],
      ["ELBSecurityPolicy-2015-05", "1.0"],
      ["ELBSecurityPolicy-2014-01", "1.0"],
    ] as const
  ).map(([name, version]): Case => ({
    rule: "security-tls-weakened",
    when: `the policy becomes ${name}`,
    trips: [update(LISTENER, speaks(MODERN), speaks(name))],
    says: new RegExp(`^${name} accepts TLS ${version.replace(".", "\\.")}`),
    silent: [update(LISTENER, speaks(name), speaks(MODERN))],
  })),
  {
    rule: "security-tls-weakened",
    when: "another policy has the same minimum version",
    trips: [update(LISTENER, speaks(MODERN), speaks("ELBSecurityPolicy-TLS-1-2-2017-01"))],
    says: /^another TLS policy: ELBSecurityPolicy-TLS-1-2-2017-01 instead of /,
    level: "caution",
    silent: [update(LISTENER, speaks(MODERN), speaks("ELBSecurityPolicy-TLS13-1-3-2021-06"))],
  },
  {
    rule: "security-tls-weakened",
    when: "the former TLS policy is not known",
    trips: [update(LISTENER, speaks("somebody-elses"), speaks(MODERN))],
    says: /^another TLS policy: ELBSecurityPolicy-TLS13-1-2-2021-06$/,
    level: "caution",
    silent: [update(LISTENER, speaks(OLD), speaks(MODERN))],
  },
  {
    rule: "security-tls-weakened",
    when: "the TLS policy is not known",
    trips: [update(LISTENER, speaks(MODERN), speaks("somebody-elses"))],
    says: /^another TLS policy: somebody-elses$/,
    level: "caution",
    silent: [update(LISTENER, speaks(""), speaks("somebody-elses"))],
  },
];
