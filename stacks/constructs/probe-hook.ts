import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Fn, Op, Token } from "cdktf";
import { Construct } from "constructs";
import type { ProbeStep } from "../config/request-schema";
import { NodeFunction } from "./node-function";

/** Settings of the hook. */
export interface ProbeHookProps {
  readonly name: string;
  readonly region: string;
  readonly application: string;
  readonly deploymentGroup: string;
  /** Where the requests go: the base URL and its port, and the Host header if it is another than the URL's. */
  readonly testListener: { readonly url: string; readonly port: number; readonly host?: string | undefined };
  readonly healthCheck: { readonly path: string; readonly matcher: string };
  /** The requests after the health check. */
  readonly steps: readonly ProbeStep[];
  readonly vpcId: string;
  /** Private subnets. The test listener must allow their public addresses. */
  readonly subnetIds: readonly string[];
  readonly logRetentionDays: number;
  readonly keyArn?: string | undefined;
  readonly reserveConcurrency: boolean;
}

/** Seconds for a request with three slow attempts, and for the report to CodeDeploy. */
const SECONDS = { request: 20, report: 20 } as const;
const HTTPS = 443;

/**
 * The function that CodeDeploy calls when the new version is behind the test listener. It runs in the private subnets. The load
 * balancer's name resolves to public addresses also there, so its requests go through NAT. The load balancer's security group
 * allows the addresses of NAT.
 */
export class ProbeHook extends Construct {
  readonly functionArn: string;
  readonly functionName: string;

  constructor(scope: Construct, id: string, props: ProbeHookProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { partition } = new DataAwsPartition(this, "partition");
    const group = new SecurityGroup(this, "security-group", {
      name: props.name,
      description: "What the probe of a new version reaches",
      vpcId: props.vpcId,
      tags: { Name: props.name },
    });
    const reach = (name: string, port: number, description: string) =>
      new VpcSecurityGroupEgressRule(this, name, {
        securityGroupId: group.id,
        description,
        // The load balancer and CodeDeploy have no fixed addresses.
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
      });
    reach("to-aws", HTTPS, "CodeDeploy, to tell it what came of the probe");
    const { url, port: testPort, host } = props.testListener;
    if (testPort !== HTTPS) {
      const rule = reach("to-test-listener", testPort, "The test listener");
      // The port of an existing listener is known only to Terraform, and AWS refuses a second rule for the same port.
      if (Token.isUnresolved(testPort)) rule.count = Token.asNumber(Fn.conditional(Op.neq(testPort, HTTPS), 1, 0));
    }
    const probe = new NodeFunction(this, "function", {
      name: props.name,
      region: props.region,
      source: "probe-release",
      constants: { PROBE_STEPS: props.steps },
      description: "Probes a new version through the test listener before it gets traffic",
      environment: {
        TEST_URL: url,
        HEALTH_PATH: props.healthCheck.path,
        HEALTH_MATCHER: props.healthCheck.matcher,
        ...(host !== undefined && { TEST_HOST: host }),
      },
      timeoutSeconds: SECONDS.report + SECONDS.request * (1 + props.steps.length),
      statements: [
        {
          actions: ["codedeploy:PutLifecycleEventHookExecutionStatus"],
          resources: [
            `arn:${partition}:codedeploy:${props.region}:${accountId}:deploymentgroup:${props.application}/${props.deploymentGroup}`,
          ],
        },
      ],
      logRetentionDays: props.logRetentionDays,
      keyArn: props.keyArn,
      reserveConcurrency: props.reserveConcurrency,
      vpc: { subnetIds: props.subnetIds, securityGroupIds: [group.id] },
    });
    this.functionArn = probe.arn;
    this.functionName = probe.name;
  }
}
