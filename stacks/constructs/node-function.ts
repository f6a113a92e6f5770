import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { App, TerraformStack, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { functionLogGroup } from "../names";
import { packageFunction, type Constants } from "../functions/package-function";
import type { Statement } from "./policy";
import { Role } from "./role";

/** Settings of a function. */
export interface NodeFunctionProps {
  readonly name: string;
  readonly region: string;
  /** Folder under stacks/functions. */
  readonly source: string;
  /** Values that the package contains, by their names in the sources. */
  readonly constants?: Constants;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Permissions, in addition to writing its logs. */
  readonly statements: readonly Statement[];
  readonly logRetentionDays: number;
  /** Key that encrypts its logs; default: CloudWatch's own. */
  readonly keyArn?: string | undefined;
  /** Reserves one concurrent execution, which is also the limit. */
  readonly reserveConcurrency: boolean;
  /** The VPC's subnets and security groups; default: the function runs outside of any VPC. */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/**
 * Permissions that Lambda needs to run a function in a VPC
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html). Lambda requires them for
 * all resources, so they can't be limited.
 */
const NETWORK_ACTIONS = [
  "CreateNetworkInterface",
  "DescribeNetworkInterfaces",
  "DescribeSubnets",
  "DeleteNetworkInterface",
  "AssignPrivateIpAddresses",
  "UnassignPrivateIpAddresses",
].map((action) => `ec2:${action}`);

/** A Lambda function built from stacks/functions, with its role and its logs. */
export class NodeFunction extends Construct {
  readonly arn: string;
  readonly name: string;
  /** For resources to depend on that need the role's permissions. */
  readonly policies: readonly ITerraformDependable[];

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
      ...this.code(props.source, props.constants),
      handler: "index.handler",
      runtime: "nodejs22.x",
      // Cheaper than x86_64. The package has no code for a specific processor.
      architectures: ["arm64"],
      role: role.arn,
      memorySize: 256,
      timeout: props.timeoutSeconds,
      environment: { variables: { ...props.environment } },
      ...(props.reserveConcurrency && { reservedConcurrentExecutions: 1 }),
      ...(props.vpc && {
        vpcConfig: { subnetIds: [...props.vpc.subnetIds], securityGroupIds: [...props.vpc.securityGroupIds] },
      }),
      // Lambda needs the policy to add the function to the VPC and to remove it. Without the log group, Lambda would create one.
      dependsOn: [...role.policies, logs],
    });
    this.arn = lambda.arn;
    this.name = lambda.functionName;
    this.policies = role.policies;
  }

  /** Writes the package into the folder of the stack's JSON. Its path contains the hash of the sources. */
  private code(source: string, constants?: Constants): { filename: string; sourceCodeHash: string } {
    const { zip, hash } = packageFunction(source, constants);
    // The folder to which CDKTF writes the stack. Reading it from CDKTF's manifest would create the manifest too early.
    const folder = path.resolve(App.of(this).outdir, "stacks", TerraformStack.of(this).node.id);
    const functions = path.join("assets", source);
    const filename = path.join(functions, Buffer.from(hash, "base64").toString("hex").slice(0, 16), `${source}.zip`);
    rmSync(path.join(folder, functions), { recursive: true, force: true });
    mkdirSync(path.dirname(path.join(folder, filename)), { recursive: true });
    writeFileSync(path.join(folder, filename), zip);
    return { filename: filename.split(path.sep).join("/"), sourceCodeHash: hash };
  }
}

/**
 * Allows Lambda to use the network actions, and denies them to the function's code
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html).
 */
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
