import { ALARM_ACTIVE, alarmCauseOf } from "../../scripts/release/alarm-cause";
import { alarmsActive } from "../../scripts/cloud/codedeploy/messages";

const alarm = (name: string, reason?: string) => ({ name, state: "OK", ...(reason !== undefined && { reason }) });
const active = (message: string) => ({ code: ALARM_ACTIVE, message });
/** What CodeDeploy's message tells when these alarms have fired, of those that the deployment watches. */
const causeOf = (watched: readonly string[], fired: readonly string[]) =>
  alarmCauseOf(alarmsActive(fired), watched, [], []);
const named = (watched: readonly string[], message: string) =>
  alarmCauseOf(active(message), watched, [], []).alarms.map(({ name }) => name);

describe("the alarms that CodeDeploy's list names", () => {
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
  it("blames neither for certain, and tells both readings", () => {
    const told = causeOf(["a", "b", "a> <b"], ["a> <b"]);
    expect(told.alarms).toEqual([]);
    expect(told.possible).toEqual(["a", "b", "a> <b"]);
    expect(told.remarks).toEqual([expect.stringMatching(/"a" and "b"; or as "a> <b"/)]);
  });

  it("blames for certain what both readings have", () => {
    const told = causeOf(["a", "b", "a> <b", "c"], ["c", "a", "b"]);
    expect(told.alarms.map(({ name }) => name)).toEqual(["c"]);
    expect(told.possible).toEqual(["a", "b", "a> <b"]);
  });

  it("is none when the other reading has an alarm twice: CodeDeploy lists each once", () => {
    expect(causeOf(["a", "a> <a"], ["a> <a"])).toMatchObject({
      alarms: [{ name: "a> <a" }],
      possible: [],
      remarks: [],
    });
  });

  it("is given up in time when names overlap everywhere", () => {
    const watched = Array.from({ length: 40 }, (_, i) => Array.from({ length: i + 1 }, () => "a").join("> <"));
    expect(causeOf(watched, watched).remarks).toHaveLength(1);
  });
});

describe("a list that the known alarms don't make up", () => {
  it("is told as CodeDeploy writes it", () => {
    const told = causeOf(["a"], ["a", "someone else's"]);
    expect(told.alarms.map(({ name }) => name)).toEqual(["a"]);
    expect(told.possible).toEqual(["someone else's"]);
    expect(told.remarks.join()).toMatch(/"someone else's", which this watch does not know/);
  });

  it("is told when no alarms are known at all", () => {
    expect(causeOf([], ["a", "b/c"])).toMatchObject({ alarms: [], possible: ["a", "b/c"] });
  });

  it("leaves those seen firing as possible, not as certain", () => {
    const told = alarmCauseOf(active("An alarm went off"), ["slow", "errors"], [], [alarm("slow", "3 s")]);
    expect(told).toMatchObject({ alarms: [], possible: ["slow"] });
    expect(told.remarks.join()).toMatch(/names no alarm that this watch knows; seen in ALARM.*slow \(3 s\)/);
    const blind = alarmCauseOf(active("An alarm went off"), ["slow"], [], []);
    expect(blind.remarks.join()).toMatch(/none was seen in ALARM/);
  });
});

describe("the reason of an alarm that ended a deployment", () => {
  const message = active("Activated alarms: <api-5xx-1>");

  it("is that of the moment it fired", () => {
    const seen = [alarm("api-5xx-1", "3 errors")];
    expect(alarmCauseOf(message, ["api-5xx-1"], [alarm("api-5xx-1", "fine")], seen).alarms).toEqual(seen);
  });

  it("is not the one for which it is quiet now", () => {
    const quiet = [{ name: "api-5xx-1", state: "OK", reason: "no datapoint was greater than the threshold" }];
    const firing = [{ name: "api-5xx-1", state: "ALARM", reason: "3 errors" }];
    expect(alarmCauseOf(message, ["api-5xx-1"], quiet, []).alarms).toEqual([{ name: "api-5xx-1", state: "OK" }]);
    expect(alarmCauseOf(message, ["api-5xx-1"], firing, []).alarms).toEqual(firing);
  });
});

it("blames no alarm when the deployment ended for another reason, whatever fired and whatever the message holds", () => {
  const error = { code: "HEALTH_CONSTRAINTS", message: "not steady: Activated alarms: <steady>" };
  expect(alarmCauseOf(error, ["steady", "not"], [], [alarm("steady")])).toEqual({
    alarms: [],
    possible: [],
    remarks: [],
  });
});
