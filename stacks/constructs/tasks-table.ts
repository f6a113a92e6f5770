import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

/** The tasks: by id, and by `by-created` as one collection in the order of their creation. */
export class TasksTable extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { readonly name: string }) {
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
      serverSideEncryption: { enabled: true },
    });
    this.name = table.name;
    this.arn = table.arn;
  }
}
