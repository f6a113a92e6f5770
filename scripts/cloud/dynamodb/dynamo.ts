import path from "node:path";
import { LAUNCHER } from "../../command/launcher";
import { startChild } from "../tasks/child";
import type { TableTemplate } from "../template";

/** The embedded DynamoDB. */
export interface Dynamo {
  /** Base URL for AWS_ENDPOINT_URL_DYNAMODB, e.g. http://127.0.0.1:40123. */
  readonly endpoint: string;
  /** Resolves when the process has ended, by `stop` or by itself; gives its last lines of output. */
  readonly exited: Promise<readonly string[]>;
  /** Kills the process. The stored data is lost. */
  stop(): Promise<void>;
}

/** Arguments of Node for the process that runs dynalite. */
const SERVER = [LAUNCHER, path.join(__dirname, "server.ts")];

/** DescribeTable calls before giving up. dynalite needs one turn of its event loop to make a table active. */
const DESCRIBE_TRIES = 200;

/**
 * Starts an empty DynamoDB on a free port of the loopback address and creates the tables. Its process ends when this
 * process ends, also when this process is killed.
 * @throws when it does not start, or it refuses a table
 */
export async function startDynamo(input: { readonly tables: readonly TableTemplate[] }): Promise<Dynamo> {
  const child = startChild(SERVER, {});
  const stop = async () => {
    child.kill("SIGKILL");
    await child.exited;
  };
  try {
    const { host, port } = await child.listening;
    const endpoint = `http://${host}:${port}`;
    for (const table of input.tables) await createTable(endpoint, table);
    return { endpoint, exited: child.exited.then(() => child.lastLogLines()), stop };
  } catch (error) {
    await stop();
    const output = child.lastLogLines().join("\n");
    throw new Error(`the embedded DynamoDB did not start: ${(error as Error).message}${output && `\n${output}`}`, {
      cause: error,
    });
  }
}

async function createTable(endpoint: string, table: TableTemplate): Promise<void> {
  await call(endpoint, "CreateTable", createTableInput(table));
  for (let attempt = 0; attempt < DESCRIBE_TRIES; attempt += 1) {
    const { Table } = (await call(endpoint, "DescribeTable", { TableName: table.name })) as {
      Table: { TableStatus: string };
    };
    if (Table.TableStatus === "ACTIVE") return;
  }
  throw new Error(`the table ${table.name} did not become active`);
}

/**
 * The input of CreateTable for a table (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html).
 * The capacity is on demand, so that no request is throttled.
 */
export function createTableInput(table: TableTemplate) {
  const keySchema = (keys: { readonly hashKey: string; readonly rangeKey?: string }) => [
    { AttributeName: keys.hashKey, KeyType: "HASH" },
    ...(keys.rangeKey === undefined ? [] : [{ AttributeName: keys.rangeKey, KeyType: "RANGE" }]),
  ];
  return {
    TableName: table.name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: table.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(table),
    // CreateTable refuses an empty list.
    ...(table.globalSecondaryIndexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: table.globalSecondaryIndexes.map((index) => ({
            IndexName: index.name,
            KeySchema: keySchema(index),
            Projection: { ProjectionType: "ALL" },
          })),
        }),
  };
}

/** Calls an operation of dynalite, which wants a signature but does not verify it. */
async function call(endpoint: string, operation: string, input: unknown): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "x-amz-date": "20200101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none",
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
