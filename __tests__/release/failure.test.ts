import { UnreadableAnswer } from "../../scripts/command/aws-answers";
import { deploymentIdIn } from "../../scripts/release/create-deployment";
import { hadNoEffect, explain, isRetryable, MismatchedAnswer } from "../../scripts/release/failure";
import { stoppedTask } from "../../scripts/release/service-diagnostics";
import { awsError } from "./fakes";

describe("a failed call", () => {
  it.each([
    ["throttled", awsError("ThrottlingException", "Rate exceeded")],
    ["throttled", awsError("TooManyRequestsException")],
    ["throttled", awsError("Unheard", "", { $metadata: { httpStatusCode: 429 } })],
    ["transient", awsError("TimeoutError", "connect timeout")],
    ["transient", awsError("Error", "read", { code: "ECONNRESET" })],
    ["transient", awsError("AggregateError", "", { code: "ECONNREFUSED" })],
    ["transient", awsError("ServerException", "", { $metadata: { httpStatusCode: 500 } })],
    ["transient", awsError("Unheard", "", { $metadata: { httpStatusCode: 503 } })],
    ["transient", awsError("Error", "aborted", { code: "ECONNRESET" })],
    ["transient", awsError("Error", "Parse Error: Expected HTTP/", { code: "HPE_INVALID_CONSTANT" })],
    ["transient", awsError("Error", "", { code: "CERT_HAS_EXPIRED" })],
    [
      "transient",
      awsError("RequestTimeTooSkewed", "", { $metadata: { httpStatusCode: 400, clockSkewCorrected: true } }),
    ],
    ["transient", new UnreadableAnswer("the answer (503, text/html) can't be read", 503)],
    ["unreadable", new UnreadableAnswer("the answer (200, text/html) can't be read", 200)],
    ["unreadable", new UnreadableAnswer("GetDeployment answered without a status")],
    ["unreadable", awsError("Unknown", "UnknownError", { $metadata: { httpStatusCode: 302 } })],
    ["unreadable", awsError("Unknown", "UnknownError", { $metadata: { httpStatusCode: 403 } })],
    ["transient", awsError("Unknown", "UnknownError", { $metadata: { httpStatusCode: 503 } })],
    ["mismatched", new MismatchedAnswer("GetDeployment was asked about d-A and answered about d-B")],
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
    expect(isRetryable(failure)).toBe(["throttled", "transient", "unreadable", "mismatched"].includes(kind));
  });

  it("of the network has its code as type", () => {
    expect(explain(awsError("Error", "connect", { code: "ECONNREFUSED" })).type).toBe("ECONNREFUSED");
  });
});

describe("whether a failed call had no effect", () => {
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
    [false, "a proxy forbade it in a page", new UnreadableAnswer("the answer (403, text/html) can't be read", 403)],
    [false, "somebody said no without a name", awsError("Unknown", "UnknownError", metadata(403))],
    [true, "it was given up before it was sent", awsError("TimeoutError", "", { neverSent: true })],
    [true, "the sign-in for it failed", awsError("InternalError", "", { ...metadata(500), neverSent: true })],
    [false, "the connection broke", awsError("Error", "", { code: "ECONNRESET" })],
    [false, "no answer came in time", awsError("TimeoutError")],
    [false, "nobody knows", "thrown words"],
  ])("is %s when %s", (expected, _, error) => {
    expect(hadNoEffect(error)).toBe(expected);
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

describe("a stopped task", () => {
  it("has its reason, its container's reason and the exit code", () => {
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

  it("has a text when ECS gives no reason", () => {
    expect(stoppedTask({}).reason).toBe("ECS gave no reason");
  });
});
