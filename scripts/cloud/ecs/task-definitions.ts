import { AwsError } from "../aws-error";
import type { Clock } from "../clock";
import type { TaskDefinitionTemplate } from "../template";
import { type Home, taskDefinitionArn } from "./identifiers";
import type { TaskDefinitionRecord } from "./part";

/** All revisions of the registered task definitions. */
export class TaskDefinitions {
  private readonly records: TaskDefinitionRecord[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly home: Pick<Home, "region" | "accountId">,
  ) {}

  /** Registers the next revision of its family. A revision number is never used again. */
  register(definition: TaskDefinitionTemplate): TaskDefinitionRecord {
    const { family } = definition;
    const revision = this.records.filter((record) => record.family === family).length + 1;
    const record: TaskDefinitionRecord = {
      arn: taskDefinitionArn(this.home, family, revision),
      family,
      revision,
      status: "ACTIVE",
      registeredAt: this.clock.now(),
      definition: structuredClone(definition),
    };
    this.records.push(record);
    return record;
  }

  /** Makes a revision INACTIVE: its running tasks continue, and no new task set can use it. */
  deregister(arn: string): TaskDefinitionRecord | undefined {
    const index = this.records.findIndex((record) => record.arn === arn);
    const record = this.records[index];
    if (!record) return undefined;
    return (this.records[index] = { ...record, status: "INACTIVE" });
  }

  /** Finds a revision by ARN, `family:revision` or `family` (the newest active revision). */
  find(reference: string): TaskDefinitionRecord | undefined {
    return (
      this.records.find(({ arn, family, revision }) => reference === arn || reference === `${family}:${revision}`) ??
      this.records.findLast(({ family, status }) => reference === family && status === "ACTIVE")
    );
  }

  /** Finds a revision that a new task set may use. @throws AwsError ClientException for an unknown or INACTIVE one */
  runnable(reference: string): TaskDefinitionRecord {
    const record = this.find(reference);
    if (!record) throw new AwsError("ClientException", `The specified task definition does not exist: ${reference}`);
    if (record.status === "INACTIVE") throw new AwsError("ClientException", "TaskDefinition is inactive");
    return record;
  }

  /** All revisions, oldest first. */
  all(): readonly TaskDefinitionRecord[] {
    return [...this.records];
  }
}
