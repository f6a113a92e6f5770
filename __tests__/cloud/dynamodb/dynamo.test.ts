import path from "node:path";
import { createTableInput, type Dynamo, startDynamo } from "../../../scripts/cloud/dynamodb/dynamo";
import type { TableTemplate } from "../../../scripts/cloud/template";
import { closesWithKilledCloud } from "../killed-cloud";
import { program, removePrograms } from "../tasks/programs";

const TABLE: TableTemplate = {
  name: "tasks",
  hashKey: "pk",
  rangeKey: "sk",
  attributes: [
    { name: "pk", type: "S" },
    { name: "sk", type: "S" },
  ],
  globalSecondaryIndexes: [{ name: "by-sk", hashKey: "sk" }],
};

const running: Dynamo[] = [];
async function start(...tables: TableTemplate[]) {
  const dynamo = await startDynamo({ tables });
  running.push(dynamo);
  return dynamo;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((dynamo) => dynamo.stop()));
  removePrograms();
});

async function call(endpoint: string, operation: string, input: unknown) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "x-amz-date": "20200101T000000Z",
      authorization: "AWS4-HMAC-SHA256 Credential=a/b/c/dynamodb/aws4_request, SignedHeaders=host, Signature=none",
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("startDynamo", () => {
  it("creates the tables, active and with their keys and indexes", async () => {
    const { endpoint } = await start(TABLE);
    const { body } = await call(endpoint, "DescribeTable", { TableName: "tasks" });
    expect(body["Table"]).toMatchObject({
      TableStatus: "ACTIVE",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [{ IndexName: "by-sk" }],
    });
  });

  it("stores what is put", async () => {
    const { endpoint } = await start(TABLE);
    const Item = { pk: { S: "a" }, sk: { S: "b" }, title: { S: "c" } };
    expect((await call(endpoint, "PutItem", { TableName: "tasks", Item })).status).toBe(200);
    const { body } = await call(endpoint, "GetItem", { TableName: "tasks", Key: { pk: Item.pk, sk: Item.sk } });
    expect(body["Item"]).toEqual(Item);
  });

  it("listens on the loopback address only, several side by side", async () => {
    const [one, two] = await Promise.all([start(TABLE), start(TABLE)]);
    expect(new URL(one.endpoint).hostname).toBe("127.0.0.1");
    expect(one.endpoint).not.toBe(two.endpoint);
  });

  it("is gone after stop", async () => {
    const dynamo = await start();
    await dynamo.stop();
    await expect(dynamo.exited).resolves.toEqual([]);
    await expect(fetch(dynamo.endpoint)).rejects.toThrow();
  });

  it("refuses a table that DynamoDB refuses, with its words", async () => {
    await expect(start({ ...TABLE, hashKey: "nowhere" })).rejects.toThrow(
      /the embedded DynamoDB did not start: CreateTable answered 400: .*ValidationException/,
    );
  });

  it("ends when the cloud's process is killed", async () => {
    const cloud = program(
      `import { startDynamo } from ${JSON.stringify(path.resolve("scripts/cloud/dynamodb/dynamo.ts"))};
       void startDynamo({ tables: [] }).then(({ endpoint }) => console.log(new URL(endpoint).port));`,
      "cloud.ts",
    );
    await closesWithKilledCloud(cloud);
  });
});

describe("createTableInput", () => {
  it("leaves out what an empty list would break", () => {
    expect(
      createTableInput({
        name: "plain",
        hashKey: "id",
        attributes: [{ name: "id", type: "S" }],
        globalSecondaryIndexes: [],
      }),
    ).toEqual({
      TableName: "plain",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    });
  });
});
