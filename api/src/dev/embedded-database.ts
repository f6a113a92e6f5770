import { once } from "node:events";
import { createRequire } from "node:module";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { BY_CREATED_INDEX } from "../tasks/task-table";
import { bufferRequests } from "./buffered-requests";

/** An in-memory DynamoDB in this process, on a loopback address. */
export interface EmbeddedDatabase {
  /** URL for AWS_ENDPOINT_URL_DYNAMODB. */
  readonly endpoint: string;
  /** Configuration of a client for it. */
  readonly clientConfig: DynamoDBClientConfig;
  close(): Promise<void>;
}

// dynalite has no types. This is the used part.
const dynalite = createRequire(__filename)("dynalite") as (options: { readonly createTableMs: number }) => Server;

async function createTable(client: DynamoDBClient, tableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["id", "collection", "createdAt"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: BY_CREATED_INDEX,
          KeySchema: [
            { AttributeName: "collection", KeyType: "HASH" },
            { AttributeName: "createdAt", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
}

/** Starts a database on a free loopback port. It has one table, with the keys and the index of the service stack. */
export async function startEmbeddedDatabase(tableName: string): Promise<EmbeddedDatabase> {
  const server = dynalite({ createTableMs: 0 });
  bufferRequests(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The address of a listening TCP server has a port.
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientConfig = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
  };
  const client = new DynamoDBClient(clientConfig);
  await createTable(client, tableName);
  client.destroy();
  return {
    endpoint,
    clientConfig,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
