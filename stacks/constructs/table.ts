import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

/** Settings of the table. */
export interface TableProps {
  readonly name: string;
  /** Prevents that DynamoDB or Terraform deletes the table. */
  readonly deletionProtection: boolean;
  /** Key that encrypts the table; default: AWS's own key for DynamoDB. */
  readonly keyArn?: string | undefined;
}

/** Address of the table in states of earlier versions, so that Terraform keeps the table, and doesn't replace it. */
const OLD_ADDRESS = "aws_dynamodb_table.tasks-table_92A50543";

/**
 * A table for the service's items. Its key is the attribute `id`. The index `by-created` has the items of one `collection` in the
 * order of `createdAt`. All three are texts.
 */
export class Table extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, props: TableProps) {
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
      // With this, a plan that replaces the table fails: it would lose the items.
      ...(props.deletionProtection && { lifecycle: { preventDestroy: true } }),
    });
    table.moveFromId(OLD_ADDRESS);
    this.name = table.name;
    this.arn = table.arn;
    this.keyArn = props.keyArn;
  }
}
