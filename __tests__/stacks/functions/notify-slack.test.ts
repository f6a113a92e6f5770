import { slackText } from "../../../stacks/functions/notify-slack/message";

describe("a message in Slack", () => {
  it.each([
    ["ALARM", "🔴 a-5xx: ALARM. Threshold &gt; 2"],
    ["OK", "🟢 a-5xx: OK. Threshold &gt; 2"],
  ])("contains an alarm's name, state and reason: %s", (NewStateValue, expected) => {
    const Message = JSON.stringify({ AlarmName: "a-5xx", NewStateValue, NewStateReason: "Threshold > 2" });
    expect(slackText({ Subject: "ALARM: …", Message })).toBe(expected);
  });

  it("reports a rollback", () => {
    const Message = JSON.stringify({ eventTriggerName: "tasks-release-was-rolled-back", deploymentId: "d-ABC" });
    expect(slackText({ Message })).toBe("↩️ tasks-release-was-rolled-back: d-ABC");
  });

  it("removes EventBridge's quotes", () => {
    expect(slackText({ Message: '"Deployment d-ABC of tasks: SUCCESS"' })).toBe("Deployment d-ABC of tasks: SUCCESS");
  });

  it.each(["plain words", "{ not JSON", "[1]", "null"])("leaves anything else as it is: %s", (Message) => {
    expect(slackText({ Message })).toBe(Message);
    expect(slackText({ Subject: "A subject", Message })).toBe(`A subject\n${Message}`);
  });
});
