import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { App, TerraformStack, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { functionLogGroup } from "../names";
import { packageFunction } from "../functions/package-function";
import type { Statement } from "./policy";
import { Role } from "./role";

/** Settings of a function. */
export interface NodeFunctionProps {
  readonly name: string;
  readonly region: string;
  /** Folder under stacks/functions. */
  readonly source: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** What it may do, beside writing its logs. */
  readonly statements: readonly Statement[];
  readonly logRetentionDays: number;
  /** Key of its logs; default: CloudWatch's own. */
  readonly keyArn?: string | undefined;
  /** Sets aside one concurrent execution, and allows no more. */
  readonly reserveConcurrency: boolean;
  /** Where it runs; default: outside of any VPC. */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/**
 * What Lambda needs to put a function into a VPC (AWSLambdaVPCAccessExecutionRole). It checks for them on every
 * resource, so they can't be narrowed.
 */
const NETWORK_ACTIONS = [
  "CreateNetworkInterface",
  "DescribeNetworkInterfaces",
  "DescribeSubnets",
  "DeleteNetworkInterface",
  "AssignPrivateIpAddresses",
  "UnassignPrivateIpAddresses",
].map((action) => `ec2:${action}`);

/** A Lambda function of our own sources, with its role and logs. */
export class NodeFunction extends Construct {
  readonly arn: string;
  readonly name: string;
  /** For those to depend on whose work needs the role. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { name } = props;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { partition } = new DataAwsPartition(this, "partition");
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: functionLogGroup(name),
      retentionInDays: props.logRetentionDays,
      ...(props.keyArn !== undefined && { kmsKeyId: props.keyArn }),
    });
    const arn = `arn:${partition}:lambda:${props.region}:${accountId}:function:${name}`;
    const role = new Role(this, "role", {
      name,
      service: "lambda.amazonaws.com",
      statements: [
        { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logs.arn}:*`] },
        ...props.statements,
        ...(props.vpc ? networkStatements(arn) : []),
      ],
    });
    const lambda = new LambdaFunction(this, "function", {
      functionName: name,
      description: props.description,
      ...this.code(props.source),
      handler: "index.handler",
      runtime: "nodejs22.x",
      // Cheaper for the same work; nothing in the package knows its processor.
      architectures: ["arm64"],
      role: role.arn,
      memorySize: 256,
      timeout: props.timeoutSeconds,
      environment: { variables: { ...props.environment } },
      ...(props.reserveConcurrency && { reservedConcurrentExecutions: 1 }),
      ...(props.vpc && {
        vpcConfig: { subnetIds: [...props.vpc.subnetIds], securityGroupIds: [...props.vpc.securityGroupIds] },
      }),
      // Without the policy it can't be put into the VPC, nor taken out of it; without the group Lambda would make one.
      dependsOn: [role.policy, logs],
    });
    this.arn = lambda.arn;
    this.name = lambda.functionName;
    this.policy = role.policy;
  }

  /** Puts the package beside the stack's JSON. Its path says its hash, which is that of the sources alone. */
  private code(source: string): { filename: string; sourceCodeHash: string } {
    const { zip, hash } = packageFunction(source);
    // Where CDKTF writes the stack. Its manifest would say so too, but would be made before the stack is complete.
    const folder = path.resolve(App.of(this).outdir, "stacks", TerraformStack.of(this).node.id);
    const functions = path.join("assets", source);
    const filename = path.join(functions, Buffer.from(hash, "base64").toString("hex").slice(0, 16), `${source}.zip`);
    rmSync(path.join(folder, functions), { recursive: true, force: true });
    mkdirSync(path.dirname(path.join(folder, filename)), { recursive: true });
    writeFileSync(path.join(folder, filename), zip);
    return { filename: filename.split(path.sep).join("/"), sourceCodeHash: hash };
  }
}

/** Lambda itself may use the network's actions, the function's code may not. Source: "Giving Lambda functions access to a VPC". */
function networkStatements(functionArn: string): Statement[] {
  return [
    { actions: NETWORK_ACTIONS, resources: ["*"] },
    {
      effect: "Deny",
      actions: NETWORK_ACTIONS,
      resources: ["*"],
      conditions: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
    },
  ];
}
