import { ALARM_ACTIVE, alarmCauseOf } from "../../scripts/release/alarm-cause";
import { alarmsActive } from "../../scripts/cloud/codedeploy/messages";

const alarm = (name: string, reason?: string) => ({ name, state: "OK", ...(reason !== undefined && { reason }) });
const active = (message: string) => ({ code: ALARM_ACTIVE, message });
/** The cause in CodeDeploy's message when, of the watched alarms, these have fired. */
const causeOf = (watched: readonly string[], fired: readonly string[]) =>
  alarmCauseOf(alarmsActive(fired), watched, [], []);
const named = (watched: readonly string[], message: string) =>
  alarmCauseOf(active(message), watched, [], []).alarms.map(({ name }) => name);

describe("the alarms in CodeDeploy's list", () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ["one", ["api-5xx-1", "api-5xx-10"], ["api-5xx-10"]],
    ["several", ["api-5xx-1", "api-5xx-10", "api-latency-1"], ["api-5xx-1", "api-latency-1"]],
    ["one that another contains, with a slash", ["a", "a/b", "b"], ["a/b"]],
    ["one that contains another, with a slash", ["a", "a/b", "b"], ["a"]],
    ["names with spaces", ["high", "high errors", "errors"], ["high errors"]],
    ["names with round and square brackets", ["5xx", "5xx (prod)", "5xx [prod]", "prod"], ["5xx [prod]", "5xx (prod)"]],
    ["names with angle brackets", ["p99 <2s>", "p99", "2s"], ["p99 <2s>"]],
    ["a name in angle brackets", ["<a>", "a"], ["<a>"]],
    ["its twin without them", ["<a>", "a"], ["a"]],
    ["names with dots and a dot at the end", ["api.v2", "api", "v2", "api."], ["api."]],
    ["names in other scripts, and emoji", ["エラー率", "エラー", "🔥", "🔥🔥", "é"], ["🔥🔥", "エラー率"]],
    ["names with the words of the message", ["Activated alarms: <a>", "a", "stopped"], ["Activated alarms: <a>"]],
    ["names with commas and quotes", ["a,b", "a", "b", "'a'"], ["a,b", "'a'"]],
    ["names with the characters of regular expressions", ["a.*", "ab", "a+(b|c)$"], ["a.*", "a+(b|c)$"]],
    ["the same beginning in several", ["a", "aa", "aaa"], ["aa"]],
    ["names with leading and trailing spaces", [" a ", "a", " a"], [" a "]],
    [
      "all of fifty",
      Array.from({ length: 50 }, (_, i) => `alarm ${i}`),
      Array.from({ length: 50 }, (_, i) => `alarm ${i}`),
    ],
  ])("are %s", (_, watched, fired) => {
    const told = causeOf(watched, fired);
    expect(told.alarms.map(({ name }) => name).toSorted()).toEqual([...fired].toSorted());
    expect(told).toMatchObject({ possible: [], remarks: [] });
  });

  it.each([
    ["Activated alarms: api-5xx-10", ["api-5xx-10"]],
    ["Activated alarms: api-5xx-1 api-latency-1", ["api-5xx-1", "api-latency-1"]],
    ["Activated alarms: 'api-5xx-1',", ["api-5xx-1"]],
    ["Activated alarms: api-5xx-1.", ["api-5xx-1"]],
    ["Activated alarms: api-5xx-10, api-5xx-1", ["api-5xx-1", "api-5xx-10"]],
    ["activated Alarms:   <api-5xx-1>, <api-5xx-10>.", ["api-5xx-1", "api-5xx-10"]],
    ["Stopped by <api-5xx-1>", ["api-5xx-1"]],
  ])("are found in other wordings too: %s", (message, expected) => {
    expect(named(["api-5xx-1", "api-5xx-10", "api-latency-1"], message)).toEqual(expected);
  });
});

describe("a list of alarms that can be read in two ways", () => {
  it("names neither as certain, and shows both readings", () => {
    const told = causeOf(["a", "b", "a> <b"], ["a> <b"]);
    expect(told.alarms).toEqual([]);
    expect(told.possible).toEqual(["a", "b", "a> <b"]);
    expect(told.remarks).toEqual([expect.stringMatching(/"a" and "b"; or as "a> <b"/)]);
  });

  it("names as certain what both readings contain", () => {
    const told = causeOf(["a", "b", "a> <b", "c"], ["c", "a", "b"]);
    expect(told.alarms.map(({ name }) => name)).toEqual(["c"]);
    expect(told.possible).toEqual(["a", "b", "a> <b"]);
  });

  it("has no second reading that contains an alarm twice: CodeDeploy lists each once", () => {
    expect(causeOf(["a", "a> <a"], ["a> <a"])).toMatchObject({
      alarms: [{ name: "a> <a" }],
      possible: [],
      remarks: [],
    });
  });

  it("is not searched without end when names overlap everywhere", () => {
    const watched = Array.from({ length: 40 }, (_, i) => Array.from({ length: i + 1 }, () => "a").join("> <"));
    expect(causeOf(watched, watched).remarks).toHaveLength(1);
  });
});

describe("a list with names that are not known as alarms", () => {
  it("is shown as CodeDeploy writes it", () => {
    const told = causeOf(["a"], ["a", "someone else's"]);
    expect(told.alarms.map(({ name }) => name)).toEqual(["a"]);
    expect(told.possible).toEqual(["someone else's"]);
    expect(told.remarks.join()).toMatch(/"someone else's", which this watch does not know/);
  });

  it("is shown when no alarms are known", () => {
    expect(causeOf([], ["a", "b/c"])).toMatchObject({ alarms: [], possible: ["a", "b/c"] });
  });

  it("leaves alarms that were seen firing as possible, not as certain", () => {
    const told = alarmCauseOf(active("An alarm went off"), ["slow", "errors"], [], [alarm("slow", "3 s")]);
    expect(told).toMatchObject({ alarms: [], possible: ["slow"] });
    expect(told.remarks.join()).toMatch(/names no alarm that this watch knows; seen in ALARM.*slow \(3 s\)/);
    const blind = alarmCauseOf(active("An alarm went off"), ["slow"], [], []);
    expect(blind.remarks.join()).toMatch(/none was seen in ALARM/);
  });
});

describe("the reason of an alarm that ended a deployment", () => {
  const message = active("Activated alarms: <api-5xx-1>");

  it("is the reason for which it fired", () => {
    const seen = [alarm("api-5xx-1", "3 errors")];
    expect(alarmCauseOf(message, ["api-5xx-1"], [alarm("api-5xx-1", "fine")], seen).alarms).toEqual(seen);
  });

  it("is not the reason for which it is OK now", () => {
    const quiet = [{ name: "api-5xx-1", state: "OK", reason: "no datapoint was greater than the threshold" }];
    const firing = [{ name: "api-5xx-1", state: "ALARM", reason: "3 errors" }];
    expect(alarmCauseOf(message, ["api-5xx-1"], quiet, []).alarms).toEqual([{ name: "api-5xx-1", state: "OK" }]);
    expect(alarmCauseOf(message, ["api-5xx-1"], firing, []).alarms).toEqual(firing);
  });
});

it("names no alarm when the deployment ended for another reason, even when one fired or is in the message", () => {
  const error = { code: "HEALTH_CONSTRAINTS", message: "not steady: Activated alarms: <steady>" };
  expect(alarmCauseOf(error, ["steady", "not"], [], [alarm("steady")])).toEqual({
    alarms: [],
    possible: [],
    remarks: [],
  });
});
