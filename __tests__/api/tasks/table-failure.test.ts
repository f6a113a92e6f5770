import { isOutage } from "../../../api/src/tasks/table-failure";

function failure(name: string, httpStatusCode?: number): Error {
  const error = new Error(name);
  error.name = name;
  return Object.assign(error, httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } });
}

describe("a failure of the database", () => {
  it.each([
    ["no answer came", failure("Error")],
    ["none came in time", failure("TimeoutError")],
    ["there are no credentials", failure("CredentialsProviderError")],
    ["DynamoDB failed", failure("InternalServerError", 500)],
    ["it asks for patience", failure("ThrottlingException", 400)],
    ["the table's capacity is used up", failure("ProvisionedThroughputExceededException", 400)],
  ])("is an outage when %s", (_what, error) => {
    expect(isOutage(error)).toBe(true);
  });

  it.each([
    ["the condition of a write did not hold", failure("ConditionalCheckFailedException", 400)],
    ["there is no such table", failure("ResourceNotFoundException", 400)],
    ["it is not allowed", failure("AccessDeniedException", 400)],
    ["the request was wrong", failure("ValidationException", 400)],
    ["our own code failed on the way", new TypeError("x is not a function")],
    ["it is no error at all", "a text"],
  ])("is none when %s", (_what, error) => {
    expect(isOutage(error)).toBe(false);
  });
});
