import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

/** Settings of the table. */
export interface TasksTableProps {
  readonly name: string;
  /** Neither DynamoDB nor Terraform deletes it. */
  readonly deletionProtection: boolean;
  /** Key that it is encrypted with; default: the one that AWS keeps for DynamoDB in the account. */
  readonly keyArn?: string | undefined;
}

/** The tasks: by id, and by `by-created` as one collection in the order of their creation. */
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
      // A change that replaces the table would lose the tasks too: the plan itself fails.
      ...(props.deletionProtection && { lifecycle: { preventDestroy: true } }),
    });
    this.name = table.name;
    this.arn = table.arn;
    this.keyArn = props.keyArn;
  }
}
