import { parseAlarmRule, compareAlarmRules } from "../../scripts/plan/rules/composite-alarm-rule";

describe("the rule of a composite alarm", () => {
  it.each([
    ['ALARM("a")', ["a"]],
    ["ALARM(a-b/c d)", ["a-b/c d"]],
    ["ALARM ( a )", ["a"]],
    ['ALARM("a (b)")', ["a (b)"]],
    [
      'ALARM("a of arn:aws:cloudwatch:eu-west-1:123456789012:alarm:b")',
      ["a of arn:aws:cloudwatch:eu-west-1:123456789012:alarm:b"],
    ],
    ["(ALARM('x') OR OK(y)) AND NOT INSUFFICIENT_DATA(z)", ["x", "y", "z"]],
    ["ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a)", ["a"]],
    ["TRUE", []],
  ])("names the alarms of %s", (text, alarms) => expect(parseAlarmRule(text)?.alarms).toEqual(alarms));

  it.each([
    "",
    "ALARM(",
    "ALARM(a) AND",
    "ALARM(a) ALARM(b)",
    "MAYBE(a)",
    "ALARM(a) MAYBE(b)",
    "ALARM() OR TRUE",
    "ALARM() AND TRUE",
    "(ALARM(a)",
    "ALARM()",
  ])("is not read when it isn't one: %j", (text) => expect(parseAlarmRule(text)).toBeUndefined());

  it("gives NOT precedence over AND, and AND over OR", () => {
    expect(compareAlarmRules("ALARM(a) OR ALARM(b) AND ALARM(c)", "ALARM(a) OR (ALARM(b) AND ALARM(c))")).toBe("no");
    expect(compareAlarmRules("ALARM(a) OR ALARM(b) AND ALARM(c)", "(ALARM(a) OR ALARM(b)) AND ALARM(c)")).toBe(
      "misses",
    );
    expect(compareAlarmRules("NOT ALARM(a) AND ALARM(b)", "(NOT ALARM(a)) AND ALARM(b)")).toBe("no");
  });

  it("can't be compared with a text that is no rule", () => {
    expect(compareAlarmRules("MAYBE(a)", "ALARM(a)")).toBe("unknown");
    expect(compareAlarmRules("ALARM(a)", "MAYBE(a)")).toBe("unknown");
  });

  it("fires with OR when one of two alarms does", () => {
    expect(compareAlarmRules("TRUE", "ALARM(a) OR ALARM(b)")).toBe("misses");
  });

  it("is compared by the names of its alarms when there are too many combinations to try", () => {
    const any = (count: number) => Array.from({ length: count }, (_, index) => `ALARM(a${index})`).join(" OR ");
    expect(compareAlarmRules(any(12), any(11))).toBe("misses");
    expect(compareAlarmRules(any(12), any(13))).toBe("unknown");
    expect(compareAlarmRules(any(7), any(8))).toBe("no");
  });
});
