import { blamedAlarms } from "../../scripts/release/alarms";
import { deploymentIdIn } from "../../scripts/release/deployments";
import { didNothing, explain, isWorthAnotherTry } from "../../scripts/release/failure";
import { stoppedTask } from "../../scripts/release/mishaps";
import { awsError } from "./fakes";

describe("a failed call", () => {
  it.each([
    ["throttled", awsError("ThrottlingException", "Rate exceeded")],
    ["throttled", awsError("TooManyRequestsException")],
    ["throttled", awsError("Unheard", "", { $metadata: { httpStatusCode: 429 } })],
    ["passing", awsError("TimeoutError", "connect timeout")],
    ["passing", awsError("Error", "read", { code: "ECONNRESET" })],
    ["passing", awsError("AggregateError", "", { code: "ECONNREFUSED" })],
    ["passing", awsError("ServerException", "", { $metadata: { httpStatusCode: 500 } })],
    ["passing", awsError("Unheard", "", { $metadata: { httpStatusCode: 503 } })],
    ["credentials", awsError("ExpiredTokenException", "expired")],
    ["credentials", awsError("CredentialsProviderError", "none")],
    ["credentials", awsError("UnrecognizedClientException", "", { $metadata: { httpStatusCode: 400 } })],
    ["denied", awsError("AccessDeniedException", "not authorized")],
    ["other", awsError("InvalidParameterException", "", { $metadata: { httpStatusCode: 400 } })],
    ["other", "thrown words"],
  ])("is %s: %s", (kind, error) => {
    const failure = explain(error);
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toBe("");
    expect(isWorthAnotherTry(failure)).toBe(kind === "throttled" || kind === "passing");
  });

  it("of the network is called by its code", () => {
    expect(explain(awsError("Error", "connect", { code: "ECONNREFUSED" })).type).toBe("ECONNREFUSED");
  });
});

describe("a failed call did nothing", () => {
  const metadata = (httpStatusCode: number, attempts = 1) => ({ $metadata: { httpStatusCode, attempts } });

  it.each([
    [true, "AWS said no", awsError("InvalidRoleException", "", metadata(400))],
    [true, "AWS throttled it", awsError("ThrottlingException", "", metadata(429))],
    [true, "nobody listened", awsError("AggregateError", "", { code: "ECONNREFUSED" })],
    [true, "the host has no address", awsError("Error", "", { code: "ENOTFOUND" })],
    [true, "there was nothing to sign it with", awsError("CredentialsProviderError")],
    [false, "AWS said no to a repetition of it", awsError("InvalidRoleException", "", metadata(400, 2))],
    [false, "its request timed out at AWS", awsError("RequestTimeout", "", metadata(408))],
    [false, "AWS failed inside", awsError("InternalFailure", "", metadata(500))],
    [false, "the answer can't be read", awsError("SyntaxError", "", metadata(200))],
    [false, "the connection broke", awsError("Error", "", { code: "ECONNRESET" })],
    [false, "no answer came in time", awsError("TimeoutError")],
    [false, "nobody knows", "thrown words"],
  ])("(%s) when %s", (expected, _, error) => {
    expect(didNothing(error)).toBe(expected);
  });
});

describe("the deployment that an error message names", () => {
  it.each([
    ["The Deployment Group 'x' already has an active Deployment 'd-ABCDEFGHI'", "d-ABCDEFGHI"],
    ["Deployment group x is busy: d-A1B2C3D4E5 is running.", "d-A1B2C3D4E5"],
    ["The Deployment Group 'blue-d-backend' already has an active Deployment 'd-ABCDEFGHI'", "d-ABCDEFGHI"],
    ["The Deployment Group 'BLUE-d-BACKEND' already has an active Deployment 'd-ABCDEFGHI'", "d-ABCDEFGHI"],
    ["Group d-BACKEND-blue is busy with d-ABCDEFGHI.", "d-ABCDEFGHI"],
    ["The deployment group already has a deployment", undefined],
    ["Deployment of red-green", undefined],
    ["The group d-backend is busy", undefined],
  ])("is found in %j", (message, id) => {
    expect(deploymentIdIn(message)).toBe(id);
  });
});

describe("the alarms that ended a deployment", () => {
  const alarm = (name: string, reason?: string) => ({ name, state: "OK", ...(reason !== undefined && { reason }) });
  const known = [alarm("api-5xx-1"), alarm("api-5xx-10"), alarm("api-latency-1")];
  const active = (message: string) => ({ code: "ALARM_ACTIVE", message });

  it("are those that CodeDeploy names, and no other whose name only begins alike", () => {
    expect(blamedAlarms(active("Activated alarms: api-5xx-10"), known, [])).toEqual([alarm("api-5xx-10")]);
  });

  it("can be several", () => {
    const named = blamedAlarms(active("Activated alarms: api-5xx-1 api-latency-1"), known, []);
    expect(named.map(({ name }) => name)).toEqual(["api-5xx-1", "api-latency-1"]);
  });

  it.each(["<api-5xx-1>", "'api-5xx-1',", "api-5xx-1.", "api-5xx-10, api-5xx-1"])("are found in %s", (words) => {
    const named = blamedAlarms(active(`Activated alarms: ${words}`), known, []);
    expect(named.map(({ name }) => name)).toContain("api-5xx-1");
  });

  it("have the reason of the moment they fired", () => {
    const seen = [alarm("api-5xx-1", "3 errors")];
    expect(blamedAlarms(active("Activated alarms: api-5xx-1"), known, seen)).toEqual(seen);
  });

  it("are not given the reason for which they are quiet now", () => {
    const quiet = [{ name: "api-5xx-1", state: "OK", reason: "no datapoint was greater than the threshold" }];
    const firing = [{ name: "api-5xx-1", state: "ALARM", reason: "3 errors" }];
    const error = active("Activated alarms: api-5xx-1");
    expect(blamedAlarms(error, quiet, [])).toEqual([{ name: "api-5xx-1", state: "OK" }]);
    expect(blamedAlarms(error, firing, [])).toEqual(firing);
  });

  it("are those seen firing when the message names none that we know", () => {
    const seen = [alarm("api-latency-1", "slow")];
    expect(blamedAlarms(active("An alarm went off"), known, seen)).toEqual(seen);
  });

  it("are none when it ended for another reason, whatever else fired", () => {
    expect(blamedAlarms({ code: "HEALTH_CONSTRAINTS", message: "not steady" }, known, [alarm("api-5xx-1")])).toEqual(
      [],
    );
  });
});

describe("a stopped task", () => {
  it("is told with its reason, its container's and the exit code", () => {
    const task = stoppedTask({
      taskArn: "arn:aws:ecs:eu-central-1:123456789012:task/cluster/abc",
      stoppedReason: "Essential container in task exited",
      containers: [
        { name: "sidecar", exitCode: 0 },
        { name: "api", exitCode: 137, reason: "OutOfMemoryError" },
      ],
    });
    expect(task).toEqual({
      id: "abc",
      reason: "Essential container in task exited: OutOfMemoryError",
      exitCode: 137,
    });
  });

  it("has the exit code of a container that ended well, when none ended badly", () => {
    expect(stoppedTask({ stoppedReason: "Exited", containers: [{ exitCode: 0 }] }).exitCode).toBe(0);
  });

  it("is told when ECS gives no reason", () => {
    expect(stoppedTask({}).reason).toBe("ECS gave no reason");
  });
});
