import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

/**
 * A DynamoDB client with short timeouts, so that the service responds (with 503 if necessary) before the load balancer times
 * out. The SDK reads region, endpoint and credentials from the environment.
 */
export function tableClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 3,
    // With 2000 ms or more, the SDK clears the timer of a connection when its request fails.
    requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...config,
  });
}
