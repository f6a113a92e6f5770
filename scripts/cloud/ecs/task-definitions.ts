import { AwsError } from "../aws-error";
import type { Clock } from "../clock";
import type { TaskDefinitionTemplate } from "../template";
import { type Home, taskDefinitionArn } from "./identifiers";
import type { TaskDefinitionRecord } from "./part";

/** The registered task definitions, all revisions. */
export class TaskDefinitions {
  private readonly records: TaskDefinitionRecord[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly home: Pick<Home, "region" | "accountId">,
  ) {}

  /** Registers the next revision of its family. Revision numbers are never given out again. */
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

  /** Makes a revision INACTIVE: what runs keeps running, nothing new starts from it. */
  deregister(arn: string): TaskDefinitionRecord | undefined {
    const index = this.records.findIndex((record) => record.arn === arn);
    const record = this.records[index];
    if (!record) return undefined;
    return (this.records[index] = { ...record, status: "INACTIVE" });
  }

  /** Finds by ARN, `family:revision` or `family` (the newest active revision). */
  find(reference: string): TaskDefinitionRecord | undefined {
    return (
      this.records.find(({ arn, family, revision }) => reference === arn || reference === `${family}:${revision}`) ??
      this.records.findLast(({ family, status }) => reference === family && status === "ACTIVE")
    );
  }

  /** The one that a new task set may run. @throws AwsError ClientException, as ECS answers */
  runnable(reference: string): TaskDefinitionRecord {
    const record = this.find(reference);
    if (!record) throw new AwsError("ClientException", `The specified task definition does not exist: ${reference}`);
    if (record.status === "INACTIVE") throw new AwsError("ClientException", "TaskDefinition is inactive");
    return record;
  }

  /** Oldest first. */
  all(): readonly TaskDefinitionRecord[] {
    return [...this.records];
  }
}
