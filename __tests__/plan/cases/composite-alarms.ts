import { create, destroy, keep, update } from "../plan-fixture";
import type { Case } from "./case";

const COMPOSITE = "aws_cloudwatch_composite_alarm";
const rule = (alarm_rule: string) => ({ alarm_rule });

/** Composite alarms that fire less. */
export const COMPOSITE_ALARMS: readonly Case[] = [
  ...[
    ["FALSE", 'ALARM("a")'],
    ["ALARM(a) AND FALSE", "ALARM(a)"],
    ["NOT TRUE", "ALARM(a)"],
    ["ALARM(a) AND NOT ALARM(a)", "ALARM(a)"],
  ].map(([never, before]): Case => ({
    rule: "gate-composite-weakened",
    when: `its rule becomes ${String(never)}`,
    trips: [update(COMPOSITE, rule(String(before)), rule(String(never)))],
    says: /^its rule can't be met any more: it never fires$/,
    silent: [update(COMPOSITE, rule(String(never)), rule(String(before)))],
  })),
  ...[
    ["ALARM(a) OR ALARM(b)", "ALARM(a)"],
    ["ALARM(a) OR ALARM(b)", "ALARM(a) AND ALARM(b)"],
    ["ALARM(a)", "ALARM(a) AND NOT ALARM(maintenance)"],
    ["ALARM(a) OR INSUFFICIENT_DATA(a)", "ALARM(a)"],
    ["NOT OK(a)", "ALARM(a)"],
  ].map(([before, after]): Case => ({
    rule: "gate-composite-weakened",
    when: `its rule goes from ${String(before)} to ${String(after)}`,
    trips: [update(COMPOSITE, rule(String(before)), rule(String(after)))],
    says: /^there are states in which it fired before, and no longer does$/,
    silent: [
      update(COMPOSITE, rule(String(after)), rule(String(before))),
      update(COMPOSITE, rule(String(before)), rule(` (${String(before)}) `), { name: "other" }),
    ],
  })),
  {
    rule: "gate-composite-weakened",
    when: "its rule can't be read",
    trips: [update(COMPOSITE, rule("ALARM(a)"), rule("AT_LEAST(2, ALARM, (a, b))"))],
    says: /^its rule changes: it fires in other states$/,
    level: "caution",
    silent: [update(COMPOSITE, rule('ALARM("a")'), rule("ALARM('arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a')"))],
  },
  {
    rule: "gate-composite-weakened",
    when: "it is destroyed",
    trips: [destroy(COMPOSITE, rule("ALARM(a)"))],
    says: /^is destroyed: its alarms are no longer combined$/,
    silent: [create(COMPOSITE, rule("FALSE")), keep(COMPOSITE, rule("FALSE"), { name: "b" })],
  },
];
