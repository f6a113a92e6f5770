import { isOutage, mayHaveSucceeded } from "../../../api/src/tasks/table-failure";

/** An error as the SDK throws it. */
function failure(name: string, fields: { readonly code?: string; readonly status?: number } = {}): Error {
  const { code, status } = fields;
  const error = Object.assign(new Error(name), code !== undefined && { code });
  error.name = name;
  return Object.assign(error, { $metadata: { attempts: 1, ...(status !== undefined && { httpStatusCode: status }) } });
}

describe("a failure of the database", () => {
  it.each([
    ["nobody listens there", failure("Error", { code: "ECONNREFUSED" })],
    ["its name cannot be resolved", failure("Error", { code: "EAI_AGAIN" })],
    ["the connection broke", failure("TimeoutError", { code: "ECONNRESET" })],
    ["no answer came in time", failure("TimeoutError")],
    ["there are no credentials", failure("CredentialsProviderError")],
    ["DynamoDB failed", failure("InternalServerError", { status: 500 })],
    ["a proxy in between failed, and its answer cannot be read", failure("SyntaxError", { status: 502 })],
    ["it throttles", failure("ThrottlingException", { status: 400 })],
    ["the table's capacity is used up", failure("ProvisionedThroughputExceededException", { status: 400 })],
  ])("is an outage when %s", (_what, error) => {
    expect(isOutage(error)).toBe(true);
  });

  it.each([
    ["the condition of a write did not hold", failure("ConditionalCheckFailedException", { status: 400 })],
    ["there is no such table", failure("ResourceNotFoundException", { status: 400 })],
    ["it is not allowed", failure("AccessDeniedException", { status: 400 })],
    ["the request was wrong", failure("ValidationException", { status: 400 })],
    ["the answer makes no sense", failure("SyntaxError", { status: 200 })],
    ["there is no region", failure("Error")],
    ["our own code failed on the way", new TypeError("x is not a function")],
    ["our own code named nothing", new ReferenceError("x is not defined")],
    ["Node was called wrongly", failure("TypeError", { code: "ERR_INVALID_ARG_TYPE" })],
    ["it is no error at all", "a text"],
  ])("is none when %s", (_what, error) => {
    expect(isOutage(error)).toBe(false);
  });
});

describe("a write that failed", () => {
  it.each([
    [true, "no answer came", failure("TimeoutError")],
    [true, "DynamoDB failed", failure("InternalServerError", { status: 500 })],
    [false, "DynamoDB throttles", failure("ThrottlingException", { status: 400 })],
    [false, "DynamoDB refused it", failure("ValidationException", { status: 400 })],
    [false, "it failed on the way there", new TypeError("x is not a function")],
  ])("may have been done: %p, when %s", (expected, _what, error) => {
    expect(mayHaveSucceeded(error)).toBe(expected);
  });
});
