import { randomUUID } from "node:crypto";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Position } from "./cursor";
import { isOutage, TableUnavailable } from "./table-failure";
import type { NewTask, Task, TaskChanges } from "./task";

/** Index that lists tasks by their creation: hash key `collection`, range key `createdAt`. */
export const BY_CREATED_INDEX = "by-created";
/** The `collection` of every task. */
const COLLECTION = "tasks";

/** How a conditional write ended; `current` is the task that stood in the way. */
export type WriteOutcome =
  | { readonly kind: "done"; readonly task: Task }
  | { readonly kind: "missing" }
  | { readonly kind: "changed"; readonly current: Task };

/** One page, newest first. `next` is where the following one starts; undefined on the last. */
export interface Page {
  readonly tasks: readonly Task[];
  readonly next: Position | undefined;
}

/**
 * A client that gives up in time: a request to us is answered (with 503, if need be) well before the load balancer
 * loses patience. Region, endpoint and credentials are the SDK's business.
 */
export function tableClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...config,
  });
}

function taskOf(item: Record<string, unknown>): Task {
  const task = { ...item };
  delete task["collection"];
  // Only this class writes the table, and it writes whole tasks.
  return task as unknown as Task;
}

/** The SET and REMOVE of an update, every name behind a placeholder: `status` is a reserved word. */
function updateOf(changes: TaskChanges, updatedAt: string) {
  const names: Record<string, string> = { "#version": "version" };
  const values: Record<string, unknown> = { ":one": 1 };
  const set = ["#version = #version + :one"];
  const remove: string[] = [];
  const fields: Readonly<Record<string, string | null | undefined>> = { ...changes, updatedAt };
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    names[`#${name}`] = name;
    if (value === null) {
      remove.push(`#${name}`);
    } else {
      values[`:${name}`] = value;
      set.push(`#${name} = :${name}`);
    }
  }
  const expression = `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`;
  return { expression, names, values };
}

/** Condition that the task exists in one of `versions`; undefined: in any. */
function conditionOf(versions: readonly number[] | undefined) {
  if (!versions) return { expression: "attribute_exists(id)", values: undefined };
  const values = Object.fromEntries(versions.map((version, index) => [`:version${index}`, version]));
  return { expression: `#version IN (${Object.keys(values).join(", ")})`, values };
}

/**
 * Tasks in DynamoDB. Writes name the version they replace, so a lost race is told, never hidden. The SDK tries a
 * request again when no answer came: a change that was made but not answered is then told as a lost race, and the
 * writer reads the task to see.
 *
 * Every method throws TableUnavailable in an outage.
 */
export class TaskTable {
  private readonly client: DynamoDBDocumentClient;

  /** @param now milliseconds since the Unix epoch */
  constructor(
    client: DynamoDBClient,
    private readonly tableName: string,
    private readonly now: () => number = Date.now,
  ) {
    this.client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async create(input: NewTask): Promise<Task> {
    const createdAt = this.timestamp();
    const task: Task = { id: randomUUID(), ...input, createdAt, updatedAt: createdAt, version: 1 };
    const command = new PutCommand({ TableName: this.tableName, Item: { ...task, collection: COLLECTION } });
    await this.guarded(() => this.client.send(command));
    return task;
  }

  async get(id: string): Promise<Task | undefined> {
    const command = new GetCommand({ TableName: this.tableName, Key: { id }, ConsistentRead: true });
    const { Item: item } = await this.guarded(() => this.client.send(command));
    return item && taskOf(item);
  }

  /**
   * Lists `limit` tasks after a position, newest first, by the index. Two limits come with it, both far off for a
   * service like this one: an index is eventually consistent, so a task may be listed some milliseconds after it was
   * created; and all tasks share one partition of it, which takes about 1,000 writes a second.
   */
  async list(limit: number, after?: Position): Promise<Page> {
    const command = new QueryCommand({
      TableName: this.tableName,
      IndexName: BY_CREATED_INDEX,
      KeyConditionExpression: "#collection = :collection",
      ExpressionAttributeNames: { "#collection": "collection" },
      ExpressionAttributeValues: { ":collection": COLLECTION },
      ScanIndexForward: false,
      ...(after && { ExclusiveStartKey: { collection: COLLECTION, ...after } }),
      // One more than asked for tells whether there is a next page. 101 of the largest tasks stay under the 1 MB of
      // one Query.
      Limit: limit + 1,
    });
    const { Items: items = [] } = await this.guarded(() => this.client.send(command));
    const tasks = items.slice(0, limit).map(taskOf);
    const last = tasks.at(-1);
    return { tasks, next: items.length > limit && last ? { createdAt: last.createdAt, id: last.id } : undefined };
  }

  /** Changes a task that is at one of `versions`. */
  async update(id: string, changes: TaskChanges, versions: readonly number[]): Promise<WriteOutcome> {
    if (versions.length === 0) return this.whyNot(id);
    const update = updateOf(changes, this.timestamp());
    const condition = conditionOf(versions);
    const command = new UpdateCommand({
      TableName: this.tableName,
      Key: { id },
      UpdateExpression: update.expression,
      ConditionExpression: condition.expression,
      ExpressionAttributeNames: update.names,
      ExpressionAttributeValues: { ...update.values, ...condition.values },
      ReturnValues: "ALL_NEW",
    });
    return this.conditional(id, async () => (await this.client.send(command)).Attributes);
  }

  /** Deletes a task that is at one of `versions`; undefined: at any. */
  async remove(id: string, versions?: readonly number[]): Promise<WriteOutcome> {
    if (versions?.length === 0) return this.whyNot(id);
    const condition = conditionOf(versions);
    const command = new DeleteCommand({
      TableName: this.tableName,
      Key: { id },
      ConditionExpression: condition.expression,
      ...(condition.values && {
        ExpressionAttributeNames: { "#version": "version" },
        ExpressionAttributeValues: condition.values,
      }),
      ReturnValues: "ALL_OLD",
    });
    return this.conditional(id, async () => (await this.client.send(command)).Attributes);
  }

  private async conditional(
    id: string,
    write: () => Promise<Record<string, unknown> | undefined>,
  ): Promise<WriteOutcome> {
    try {
      const attributes = await this.guarded(write);
      if (!attributes) throw new Error("DynamoDB returned no attributes for a write that asked for them");
      return { kind: "done", task: taskOf(attributes) };
    } catch (error) {
      if (error instanceof Error && error.name === "ConditionalCheckFailedException") return this.whyNot(id);
      throw error;
    }
  }

  private async whyNot(id: string): Promise<WriteOutcome> {
    const current = await this.get(id);
    return current ? { kind: "changed", current } : { kind: "missing" };
  }

  private async guarded<Result>(send: () => Promise<Result>): Promise<Result> {
    try {
      return await send();
    } catch (error) {
      throw isOutage(error) ? new TableUnavailable(error) : error;
    }
  }

  private timestamp(): string {
    return new Date(this.now()).toISOString();
  }
}
