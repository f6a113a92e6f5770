import { whyGateDidNotStop } from "../../../scripts/rehearse/judgement/gate";
import type { AlarmTransition } from "../../../scripts/cloud/alarms/part";
import { alarm, at, deployment, facts } from "../facts";

const change = (second: number, from: AlarmTransition["from"], to: AlarmTransition["to"]): AlarmTransition => ({
  alarmName: "too-many-errors",
  at: at(second),
  from,
  to,
  reason: "",
});
const calm = change(15, "INSUFFICIENT_DATA", "OK");

describe("why the gate did not see 5xx answers", () => {
  it.each([
    {
      it: "no alarm reads them",
      alarms: [],
      says: "no alarm of the new version's target group reads HTTPCode_Target_5XX",
    },
    {
      it: "only the old version's alarm does",
      alarms: [alarm({ watches: "old" })],
      says: "no alarm of the new version's",
    },
    {
      it: "the alarm is not in the group",
      alarms: [alarm({ inGate: false })],
      says: "is not one that CodeDeploy reads",
    },
    { it: "the alarm never had data", transitions: [], says: "had INSUFFICIENT_DATA all the time" },
    {
      it: "the alarm lost its data again",
      transitions: [calm, change(20, "OK", "INSUFFICIENT_DATA")],
      says: "did not fire",
    },
    {
      it: "they stayed below the threshold",
      alarms: [alarm({ worst: 2 })],
      says: "did not fire: it fires when HTTPCode_Target_5XX_Count (Sum of 60 s) is above 2 in 1 of 1, and the worst value was 2",
    },
    {
      it: "the alarm came too late",
      transitions: [calm, change(90, "OK", "ALARM")],
      says: "fired only 10 s after the deployment had ended",
    },
    {
      it: "CodeDeploy does not act on it",
      transitions: [calm, change(50, "OK", "ALARM")],
      says: "fired, but CodeDeploy continued",
    },
  ])("is given when $it", ({ alarms = [alarm()], transitions = [calm], says }) => {
    const recorded = facts({ alarms, transitions, deployment: deployment({ completedAt: at(80) }) });
    const lines = whyGateDidNotStop(["5xx", "5xx"], recorded);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(says);
  });
});
