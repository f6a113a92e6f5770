import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { PutCommand } from "@aws-sdk/lib-dynamodb";
import { mayHaveBeenDone } from "./table-failure";

/**
 * A client that gives up in time: a request to us is answered (with 503, if need be) well before the load balancer
 * loses patience. Region, endpoint and credentials are the SDK's business.
 */
export function tableClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 3,
    // From 2 seconds on the SDK takes its timer of a connection away with the request that failed.
    requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...config,
  });
}

/** Whether a write was done is not known. */
export class Unanswered extends Error {
  /** @param reason the SDK's error. Were it the `cause`, the SDK would look into it, and try again */
  constructor(readonly reason: unknown) {
    super("the database did not say whether it was done");
    this.name = "Unanswered";
  }
}

/**
 * Has the SDK send a write once: it tries again what DynamoDB refuses for now, but nothing that may have been done.
 * @returns the command, which then throws Unanswered
 */
export function once(command: PutCommand): PutCommand {
  command.middlewareStack.add(
    (next) => async (input) => {
      try {
        return await next(input);
      } catch (error) {
        throw mayHaveBeenDone(error) ? new Unanswered(error) : error;
      }
    },
    // The retries have a high priority in this step, so they are outside and see only what is thrown here. The document
    // client adds a command's steps twice, hence the override.
    { step: "finalizeRequest", priority: "low", name: "once", override: true },
  );
  return command;
}
