import type { AlarmStateValue } from "../../../scripts/cloud/alarms/part";
import { checkAlarms } from "../../../scripts/cloud/codedeploy/alarm-watch";

type States = Readonly<Record<string, AlarmStateValue>>;

const check = (
  states: States,
  { enabled = true, ignorePollAlarmFailure = false, insufficientDataStops = false, names = ["a", "b"] } = {},
) => checkAlarms({ enabled, names, ignorePollAlarmFailure }, (name) => states[name], insufficientDataStops);

describe("a check of the alarms", () => {
  it.each<[string, States, Parameters<typeof check>[1], ReturnType<typeof check>]>([
    ["means nothing while all are OK", { a: "OK", b: "OK" }, {}, undefined],
    ["names the alarm that fired", { a: "OK", b: "ALARM" }, {}, { type: "alarmFired", names: ["b"] }],
    ["names all that fired", { a: "ALARM", b: "ALARM" }, {}, { type: "alarmFired", names: ["a", "b"] }],
    ["means nothing when alarms are off", { a: "ALARM", b: "OK" }, { enabled: false }, undefined],
    ["ignores INSUFFICIENT_DATA", { a: "INSUFFICIENT_DATA", b: "OK" }, {}, undefined],
    [
      "counts INSUFFICIENT_DATA as ALARM where the setting says so",
      { a: "INSUFFICIENT_DATA", b: "OK" },
      { insufficientDataStops: true },
      { type: "alarmFired", names: ["a"] },
    ],
    ["names the alarm that can't be read", { a: "OK" }, {}, { type: "alarmsUnreadable", names: ["b"] }],
    [
      "ignores one that can't be read where the group says so",
      { a: "OK" },
      { ignorePollAlarmFailure: true },
      undefined,
    ],
    ["minds what fired before what can't be read", { a: "ALARM" }, {}, { type: "alarmFired", names: ["a"] }],
  ])("%s", (_name, states, options, event) => {
    expect(check(states, options)).toEqual(event);
  });
});
