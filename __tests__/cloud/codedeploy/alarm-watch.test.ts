import type { AlarmStateValue } from "../../../scripts/cloud/alarms/part";
import { lookAtAlarms } from "../../../scripts/cloud/codedeploy/alarm-watch";

type States = Readonly<Record<string, AlarmStateValue>>;

const look = (
  states: States,
  { enabled = true, ignorePollAlarmFailure = false, insufficientDataStops = false, names = ["a", "b"] } = {},
) => lookAtAlarms({ enabled, names, ignorePollAlarmFailure }, (name) => states[name], insufficientDataStops);

describe("a look at the alarms", () => {
  it.each<[string, States, Parameters<typeof look>[1], ReturnType<typeof look>]>([
    ["means nothing while all are OK", { a: "OK", b: "OK" }, {}, undefined],
    ["names the alarm that fired", { a: "OK", b: "ALARM" }, {}, { type: "alarmFired", names: ["b"] }],
    ["names all that fired", { a: "ALARM", b: "ALARM" }, {}, { type: "alarmFired", names: ["a", "b"] }],
    ["means nothing when alarms are off", { a: "ALARM", b: "OK" }, { enabled: false }, undefined],
    ["passes over INSUFFICIENT_DATA", { a: "INSUFFICIENT_DATA", b: "OK" }, {}, undefined],
    [
      "takes INSUFFICIENT_DATA for ALARM where it is set to",
      { a: "INSUFFICIENT_DATA", b: "OK" },
      { insufficientDataStops: true },
      { type: "alarmFired", names: ["a"] },
    ],
    ["names the alarm that can't be read", { a: "OK" }, {}, { type: "alarmsUnreadable", names: ["b"] }],
    [
      "passes over one that can't be read where it is told to",
      { a: "OK" },
      { ignorePollAlarmFailure: true },
      undefined,
    ],
    ["minds what fired before what can't be read", { a: "ALARM" }, {}, { type: "alarmFired", names: ["a"] }],
  ])("%s", (_name, states, options, event) => {
    expect(look(states, options)).toEqual(event);
  });
});
