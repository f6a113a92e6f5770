import type { PutCommand } from "@aws-sdk/lib-dynamodb";
import { mayHaveSucceeded } from "./table-failure";

/** A write got no response, so it is not known whether DynamoDB did it. */
export class OutcomeUnknown extends Error {
  /** @param reason the SDK's error. It is not the `cause`, because the SDK reads the cause and would retry */
  constructor(readonly reason: unknown) {
    super("the database did not report whether the write succeeded");
    this.name = "OutcomeUnknown";
  }
}

/**
 * Limits the SDK's retries of a write to those after a refusal. The SDK does not retry a write that may have succeeded.
 * @returns the same command. Sending it throws OutcomeUnknown when the write may have succeeded
 */
export function sendOnce(command: PutCommand): PutCommand {
  command.middlewareStack.add(
    (next) => async (input) => {
      try {
        return await next(input);
      } catch (error) {
        throw mayHaveSucceeded(error) ? new OutcomeUnknown(error) : error;
      }
    },
    // The SDK's retry middleware has a high priority in this step. With a low priority, this one runs inside of it, so the
    // retries see the error that is thrown here. `override`: the document client adds the middleware of a command twice.
    { step: "finalizeRequest", priority: "low", name: "sendOnce", override: true },
  );
  return command;
}
