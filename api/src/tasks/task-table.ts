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
import { OutcomeUnknown, sendOnce } from "./send-once";
import { isConflict, isOutage, TableUnavailable, wasRetried } from "./table-failure";
import type { NewTask, Task, TaskChanges } from "./task";

/** Index that lists tasks by their creation: hash key `collection`, range key `createdAt`. */
export const BY_CREATED_INDEX = "by-created";
/** The `collection` of every task. */
const COLLECTION = "tasks";
/** Number of attempts to create a task when the database does not respond. */
const CREATE_ATTEMPTS = 3;

/** Why a conditional write was refused. `current` is the stored task. */
export type Refusal =
  | { readonly kind: "missing" }
  | { readonly kind: "changed"; readonly current: Task }
  /** An attempt without a response may have succeeded, and others have changed the task since. */
  | { readonly kind: "unknown"; readonly current: Task };

/** One page of tasks, newest first. `next` is the position of the next page; undefined on the last page. */
interface Page {
  readonly tasks: readonly Task[];
  readonly next: Position | undefined;
}

/** A stored task, with the index's hash key and the id of its last write. */
type Item = Readonly<Record<string, unknown>>;

function taskOf(item: Item): Task {
  const task = { ...item };
  delete task["collection"];
  delete task["writeId"];
  // Only this class writes to the table, and it writes complete tasks.
  return task as unknown as Task;
}

/**
 * Tasks in DynamoDB. Each write names the version that it replaces, so the caller learns of concurrent changes.
 *
 * The SDK retries a write without a response, although the first attempt may have succeeded. So each change stores its own id in
 * the task: when DynamoDB refuses the retry, this id shows that the first attempt succeeded. The SDK must not retry the creation
 * of a task: that could bring back a task that was deleted in between.
 *
 * Every method throws TableUnavailable in an outage.
 */
export class TaskTable {
  private readonly client: DynamoDBDocumentClient;

  /** @param now gives milliseconds since the Unix epoch */
  constructor(
    client: DynamoDBClient,
    private readonly tableName: string,
    private readonly now: () => number = Date.now,
  ) {
    this.client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  /**
   * Creates a task and returns it. When the outcome is unknown, this reads the task, and creates it with another id if it is not
   * there.
   */
  async create(input: NewTask): Promise<Task> {
    for (let attempt = 1; ; attempt += 1) {
      const createdAt = this.timestamp();
      const task: Task = { id: randomUUID(), ...input, createdAt, updatedAt: createdAt, version: 1 };
      const command = new PutCommand({ TableName: this.tableName, Item: { ...task, collection: COLLECTION } });
      try {
        await this.guarded(() => this.client.send(sendOnce(command)));
        return task;
      } catch (error) {
        if (!(error instanceof OutcomeUnknown)) throw error;
        if (await this.item(task.id)) return task;
        if (attempt === CREATE_ATTEMPTS) throw new TableUnavailable(error.reason);
      }
    }
  }

  /** The task with this id, by a consistent read; undefined when there is none. */
  async get(id: string): Promise<Task | undefined> {
    const item = await this.item(id);
    return item && taskOf(item);
  }

  /**
   * Lists at most `limit` tasks after a position, newest first. It uses the index, which has two limitations. An index is
   * eventually consistent, so a new task may be missing for some milliseconds. And all tasks are in one partition of the index,
   * which supports 1,000 writes per second
   * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html).
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
      // One more task shows whether there is a next page. 101 tasks of the largest size are less than the 1 MB limit of a Query
      // (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).
      Limit: limit + 1,
    });
    const { Items: items = [] } = await this.guarded(() => this.client.send(command));
    const tasks = items.slice(0, limit).map(taskOf);
    const last = tasks.at(-1);
    return { tasks, next: items.length > limit && last ? { createdAt: last.createdAt, id: last.id } : undefined };
  }

  /** Changes a task that has one of `versions`, and returns the changed task. */
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
      // Each write increments the version by one. After two or more writes, the first one may have been ours.
      const unknown = wasRetried(error) && task.version > Math.min(...versions) + 1;
      return { kind: unknown ? "unknown" : "changed", current: task };
    }
  }

  /** Deletes a task that has one of `versions`; undefined: any version. */
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
      // The task is deleted, most likely by our first attempt.
      return refusal.kind === "missing" && wasRetried(error) ? { kind: "done" } : refusal;
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
