import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { Role } from "./role";

/** Settings of a VPC's flow logs. */
export interface FlowLogsProps {
  /** Name of the role. */
  readonly name: string;
  readonly logGroupName: string;
  readonly vpcId: string;
  readonly traffic: "all" | "rejected";
  /** Days that CloudWatch Logs keeps the records. */
  readonly retentionDays: number;
}

/** Records of the connections in a VPC, in their own log group. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: props.logGroupName,
      retentionInDays: props.retentionDays,
    });
    // No CreateLogGroup: otherwise the service would create the log group again while Terraform destroys it.
    const role = new Role(this, "role", {
      name: props.name,
      service: "vpc-flow-logs.amazonaws.com",
      onlyForAccount: accountId,
      statements: [
        {
          actions: ["CreateLogStream", "PutLogEvents", "DescribeLogStreams"].map((action) => `logs:${action}`),
          resources: [`${logs.arn}:*`],
        },
        // IAM can't limit this action to one log group.
        { actions: ["logs:DescribeLogGroups"], resources: ["*"] },
      ],
    });
    new FlowLog(this, "flow-log", {
      vpcId: props.vpcId,
      trafficType: props.traffic === "all" ? "ALL" : "REJECT",
      logDestinationType: "cloud-watch-logs",
      logDestination: logs.arn,
      iamRoleArn: role.arn,
      tags: { Name: props.name },
      dependsOn: [...role.policies],
    });
  }
}
