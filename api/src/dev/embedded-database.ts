import { once } from "node:events";
import { createRequire } from "node:module";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { BY_CREATED_INDEX } from "../tasks/task-table";
import { wholeRequestsOnly } from "./whole-requests";

/** A DynamoDB inside this process, on loopback; it keeps nothing. */
export interface EmbeddedDatabase {
  /** For AWS_ENDPOINT_URL_DYNAMODB. */
  readonly endpoint: string;
  /** What a client needs to reach it. */
  readonly clientConfig: DynamoDBClientConfig;
  close(): Promise<void>;
}

// dynalite has no types; this is all of it that is used.
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

/** Starts a database on a free loopback port, with one table shaped as the service stack shapes it. */
export async function startEmbeddedDatabase(tableName: string): Promise<EmbeddedDatabase> {
  const server = dynalite({ createTableMs: 0 });
  wholeRequestsOnly(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server that listens has an address with a port.
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
