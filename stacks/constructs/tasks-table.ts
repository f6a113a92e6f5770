import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

/** Settings of the table. */
export interface TasksTableProps {
  readonly name: string;
  /** Prevents that DynamoDB or Terraform deletes the table. */
  readonly deletionProtection: boolean;
  /** Key that encrypts the table; default: AWS's own key for DynamoDB. */
  readonly keyArn?: string | undefined;
}

/** The table of tasks. Its key is the id. The index `by-created` sorts all tasks by creation time. */
export class TasksTable extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, props: TasksTableProps) {
    super(scope, id);
    const table = new DynamodbTable(this, "table", {
      name: props.name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: ["id", "collection", "createdAt"].map((name) => ({ name, type: "S" })),
      globalSecondaryIndex: [
        { name: "by-created", hashKey: "collection", rangeKey: "createdAt", projectionType: "ALL" },
      ],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, ...(props.keyArn !== undefined && { kmsKeyArn: props.keyArn }) },
      deletionProtectionEnabled: props.deletionProtection,
      // With this, a plan that replaces the table fails: it would lose the tasks.
      ...(props.deletionProtection && { lifecycle: { preventDestroy: true } }),
    });
    this.name = table.name;
    this.arn = table.arn;
    this.keyArn = props.keyArn;
  }
}
