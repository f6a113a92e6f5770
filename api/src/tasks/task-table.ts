import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Position } from "./cursor";
import { conditionOf, updateOf } from "./expressions";
import { once, Unanswered } from "./table-client";
import { isConflict, isOutage, TableUnavailable, wasRepeated } from "./table-failure";
import type { NewTask, Task, TaskChanges } from "./task";

/** Index that lists tasks by their creation: hash key `collection`, range key `createdAt`. */
export const BY_CREATED_INDEX = "by-created";
/** The `collection` of every task. */
const COLLECTION = "tasks";
/** How often a task is created anew when the database did not answer. */
const CREATE_ATTEMPTS = 3;

/** Why a conditional write was not done; `current` is the task that stood in the way. */
export type Refusal =
  | { readonly kind: "missing" }
  | { readonly kind: "changed"; readonly current: Task }
  /** It may have been done, unanswered; others have written since. */
  | { readonly kind: "unknown"; readonly current: Task };

/** One page, newest first. `next` is where the following one starts; undefined on the last. */
interface Page {
  readonly tasks: readonly Task[];
  readonly next: Position | undefined;
}

/** A task as it is stored: with the index's hash key, and the id of the write that made it what it is. */
type Item = Readonly<Record<string, unknown>>;

function taskOf(item: Item): Task {
  const task = { ...item };
  delete task["collection"];
  delete task["writeId"];
  // Only this class writes the table, and it writes whole tasks.
  return task as unknown as Task;
}

/**
 * Tasks in DynamoDB. Writes name the version they replace, so a lost race is told, never hidden.
 *
 * The SDK tries again when no answer came, though the write may have been done. So each change leaves its own id in the
 * task: the refusal of its repetition is then no lost race. A creation is not repeated, which would bring a task back
 * that was deleted meanwhile.
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

  /**
   * Creates a task, and gives it as it was at that moment. When the database doesn't say whether it did, the task is
   * looked for, and if it isn't there, created under another id.
   */
  async create(input: NewTask): Promise<Task> {
    for (let attempt = 1; ; attempt += 1) {
      const createdAt = this.timestamp();
      const task: Task = { id: randomUUID(), ...input, createdAt, updatedAt: createdAt, version: 1 };
      const command = new PutCommand({ TableName: this.tableName, Item: { ...task, collection: COLLECTION } });
      try {
        await this.guarded(() => this.client.send(once(command)));
        return task;
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        if (await this.item(task.id)) return task;
        if (attempt === CREATE_ATTEMPTS) throw new TableUnavailable(error.reason);
      }
    }
  }

  /** The task with this id, as the last acknowledged write left it. */
  async get(id: string): Promise<Task | undefined> {
    const item = await this.item(id);
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

  /** Changes a task that is at one of `versions`, and gives it as it is then. */
  async update(
    id: string,
    changes: TaskChanges,
    versions: readonly number[],
  ): Promise<{ readonly kind: "done"; readonly task: Task } | Refusal> {
    if (versions.length === 0) return this.refusal(id);
    const writeId = randomUUID();
    const update = updateOf({ ...changes, updatedAt: this.timestamp(), writeId });
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
    try {
      const { Attributes: item } = await this.guarded(() => this.client.send(command));
      if (!item) throw new Error("DynamoDB returned no attributes for a write that asked for them");
      return { kind: "done", task: taskOf(item) };
    } catch (error) {
      if (!isConflict(error)) throw error;
      const current = await this.item(id);
      if (!current) return { kind: "missing" };
      const task = taskOf(current);
      if (current["writeId"] === writeId) return { kind: "done", task };
      // A write raises the version by one. Only two of them could hide that the first was ours.
      const unknown = wasRepeated(error) && task.version > Math.min(...versions) + 1;
      return { kind: unknown ? "unknown" : "changed", current: task };
    }
  }

  /** Deletes a task that is at one of `versions`; undefined: at any. */
  async remove(id: string, versions?: readonly number[]): Promise<{ readonly kind: "done" } | Refusal> {
    if (versions?.length === 0) return this.refusal(id);
    const condition = conditionOf(versions);
    const command = new DeleteCommand({
      TableName: this.tableName,
      Key: { id },
      ConditionExpression: condition.expression,
      ExpressionAttributeNames: condition.names,
      ExpressionAttributeValues: condition.values,
    });
    try {
      await this.guarded(() => this.client.send(command));
      return { kind: "done" };
    } catch (error) {
      if (!isConflict(error)) throw error;
      const refusal = await this.refusal(id);
      // It is gone, as was asked for, and most likely by the first of our attempts.
      return refusal.kind === "missing" && wasRepeated(error) ? { kind: "done" } : refusal;
    }
  }

  private async refusal(id: string): Promise<Refusal> {
    const current = await this.get(id);
    return current ? { kind: "changed", current } : { kind: "missing" };
  }

  private async item(id: string): Promise<Item | undefined> {
    const command = new GetCommand({ TableName: this.tableName, Key: { id }, ConsistentRead: true });
    return (await this.guarded(() => this.client.send(command))).Item;
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
