import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Config } from "./config";
import { listenersOf, urlOf } from "./config/listeners";
import { TLS_POLICIES } from "./config/load-balancer-schema";
import { hostOf, loadBalancerSuffix, type SharedLoadBalancer } from "./config/shared-load-balancer-schema";
import { Alias } from "./constructs/alias";
import { Certificate } from "./constructs/certificate";
import { Cluster, type ServiceCluster } from "./constructs/cluster";
import { FargateService, type CapacityShare } from "./constructs/fargate-service";
import { Listener } from "./constructs/listener";
import { rangeSource, LoadBalancer } from "./constructs/load-balancer";
import { RedirectListener } from "./constructs/redirect-listener";
import { ServiceScaling } from "./constructs/service-scaling";
import { SharedLoadBalancerRules } from "./constructs/shared-load-balancer";
import { TargetGroup } from "./constructs/target-group";
import { TaskDefinition } from "./constructs/task-definition";
import { Table } from "./constructs/table";
import { WebAcl } from "./constructs/web-acl";
import { EnvironmentStack } from "./environment-stack";
import { TARGET_GROUPS, type TargetGroupKey } from "./names";
import type { NetworkValues } from "./network";
import type { RegistryValues } from "./registry";

type Https = NonNullable<Config["loadBalancer"]["https"]>;

/** Where the probe of a new version sends its requests. */
interface TestListener {
  /** Base URL of the version that is being released. */
  readonly url: string;
  readonly port: number;
  /** The Host header that leads to this service behind a load balancer with several; undefined: that of the URL. */
  readonly host?: string | undefined;
}

/** The load balancer of the service, its own or an existing one. */
interface Front {
  readonly securityGroupId: string;
  readonly arnSuffix: string;
  /** What forwards to the target groups. */
  readonly listeners: readonly { readonly resource: ITerraformDependable }[];
  readonly productionListenerArn: string;
  readonly testListenerArn: string;
  readonly listenerRuleArns?: readonly string[];
  readonly url: string;
  readonly testUrl: string;
  readonly testListener: TestListener;
}

type TargetGroups = readonly [TargetGroup, TargetGroup];

/** Values of the service for the delivery stack. */
export interface ServiceValues {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly serviceArn: string;
  readonly loadBalancerArnSuffix: string;
  readonly targetGroups: Readonly<Record<TargetGroupKey, { readonly name: string; readonly arnSuffix: string }>>;
  readonly productionListenerArn: string;
  readonly testListenerArn: string;
  /** This service's rules on the listeners of an existing load balancer. */
  readonly listenerRuleArns?: readonly string[] | undefined;
  readonly testListener: TestListener;
  /** Roles of the task definition. */
  readonly taskRoleArns: readonly string[];
}

/** The running service: load balancer, listeners, cluster, task definition, service, and table if it has one. */
export class ServiceStack extends EnvironmentStack {
  readonly values: ServiceValues;

  constructor(scope: Construct, config: Config, network: NetworkValues, registry: RegistryValues) {
    super(scope, config, "service");
    const { names } = this;

    const table = config.service.table
      ? new Table(this, "table", {
          name: names.table,
          deletionProtection: config.table.deletionProtection,
          keyArn: registry.keys.table,
        })
      : undefined;
    const [first, second] = TARGET_GROUPS.map(
      (key) =>
        new TargetGroup(this, `target-group-${key}`, {
          name: names.targetGroups[key],
          vpcId: network.vpcId,
          port: config.service.containerPort,
          deregistrationDelaySeconds: config.loadBalancer.deregistrationDelaySeconds,
          healthCheck: config.healthCheck,
        }),
    ) as [TargetGroup, TargetGroup];
    const { existing } = config.loadBalancer;
    const front = existing
      ? this.sharedFront(existing, network, [first, second])
      : this.ownFront(network, [first, second], registry.keys.logs);

    const taskDefinition = new TaskDefinition(this, "task-definition", {
      names,
      region: config.region,
      image: registry.firstImage,
      repositoryArn: registry.repositoryArn,
      table,
      logsKeyArn: registry.keys.logs,
      settings: config.service,
    });
    const cluster: ServiceCluster =
      config.cluster.existing === undefined
        ? new Cluster(this, "cluster", { name: names.cluster })
        : { name: names.cluster, arn: config.cluster.existing };
    const service = new FargateService(this, "service", {
      name: names.service,
      cluster,
      taskDefinition,
      desiredCount: config.service.desiredCount,
      capacity: capacityOf(config.service.capacity),
      exec: config.service.exec,
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      awsServices: ["ECR", "CloudWatch Logs", ...(table ? ["DynamoDB"] : [])],
      egress: config.service.egress,
      securityGroupIds: config.service.securityGroupIds,
      loadBalancer: { securityGroupId: front.securityGroupId, isOpened: existing === undefined },
      targetGroup: first,
      listeners: front.listeners,
    });

    if (config.service.scaling.enabled) {
      new ServiceScaling(this, "scaling", {
        name: names.service,
        clusterName: cluster.name,
        serviceName: service.name,
        minCount: config.service.desiredCount,
        settings: config.service.scaling,
        loadBalancerArnSuffix: front.arnSuffix,
        isShared: existing !== undefined,
        targetGroupArnSuffixes: [first.arnSuffix, second.arnSuffix],
      });
    }

    this.values = {
      clusterName: cluster.name,
      serviceName: service.name,
      serviceArn: service.arn,
      loadBalancerArnSuffix: front.arnSuffix,
      targetGroups: { "1": first, "2": second },
      productionListenerArn: front.productionListenerArn,
      testListenerArn: front.testListenerArn,
      listenerRuleArns: front.listenerRuleArns,
      testListener: front.testListener,
      taskRoleArns: taskDefinition.roleArns,
    };
    this.output("url", front.url, "The service");
    this.output("test_url", front.testUrl, "The version being released, before it gets traffic");
    this.output("cluster_name", cluster.name, "ECS cluster");
    this.output("service_name", service.name, "ECS service");
    this.output(
      "tasks_security_group_id",
      service.securityGroupId,
      "Security group of the tasks: let it into a database",
    );
    if (table) this.output("table_name", table.name, "DynamoDB table of the service");
    this.output("log_group_name", taskDefinition.logGroupName, "The service's logs");
  }

  /** This service's rules on the listeners of an existing load balancer. */
  private sharedFront(loadBalancer: SharedLoadBalancer, { vpcId }: NetworkValues, targetGroups: TargetGroups): Front {
    const { rules, url, testUrl, testAddress, testPort } = new SharedLoadBalancerRules(this, "shared-load-balancer", {
      ...{ loadBalancer, vpcId, targetGroups },
    });
    const { securityGroupId, productionListenerArn, testListenerArn } = loadBalancer;
    return {
      ...{ securityGroupId, productionListenerArn, testListenerArn, url, testUrl, listeners: rules },
      arnSuffix: loadBalancerSuffix(loadBalancer),
      listenerRuleArns: rules.map(({ arn }) => arn),
      testListener: { url: testAddress, port: testPort, host: hostOf(loadBalancer) },
    };
  }

  /** A load balancer for this service alone. */
  private ownFront(network: NetworkValues, [first, second]: TargetGroups, logsKeyArn: string | undefined): Front {
    const { names, config } = this;
    const { allowedCidrs, testAllowedCidrs, accessLogs, https, waf } = config.loadBalancer;
    const { scheme, productionPort, testPort, redirectPort } = listenersOf(config.loadBalancer);
    const loadBalancer = new LoadBalancer(this, "load-balancer", {
      name: names.loadBalancer,
      vpcId: network.vpcId,
      subnetIds: network.publicSubnetIds,
      ports: [
        { name: "production", port: productionPort, from: allowedCidrs.map(rangeSource) },
        {
          name: "test",
          port: testPort,
          // The load balancer's name resolves to public addresses also in the VPC, so private subnets use NAT.
          from: [...[network.cidr, ...testAllowedCidrs].map(rangeSource), ...network.nat],
        },
        ...(redirectPort === undefined
          ? []
          : [{ name: "redirect", port: redirectPort, from: allowedCidrs.map(rangeSource) }]),
      ],
      deletionProtection: config.loadBalancer.deletionProtection,
      ...(accessLogs.enabled && {
        accessLogs: { bucketPrefix: names.accessLogBucketPrefix, retentionDays: accessLogs.retentionDays },
      }),
    });
    const certificate = https && {
      arn: this.certificateArn(https),
      tlsPolicy: https.tlsPolicy ?? TLS_POLICIES[0],
    };
    const production = new Listener(this, "production-listener", {
      loadBalancer,
      port: productionPort,
      ...(certificate && { certificate }),
      forwardTo: first,
      otherTargetGroup: second,
    });
    const test = new Listener(this, "test-listener", {
      loadBalancer,
      port: testPort,
      ...(certificate && { certificate }),
      forwardTo: second,
      otherTargetGroup: first,
    });
    if (redirectPort !== undefined) {
      new RedirectListener(this, "redirect-listener", { loadBalancer, port: redirectPort, to: production });
    }
    if (https?.zoneId !== undefined) {
      new Alias(this, "alias", { domainName: https.domainName, zoneId: https.zoneId, loadBalancer });
    }
    if (waf.enabled) {
      new WebAcl(this, "web-acl", {
        name: names.webAcl,
        loadBalancerArn: loadBalancer.arn,
        mode: waf.mode,
        requestsPerFiveMinutes: waf.requestsPerFiveMinutes,
        ...(waf.logs && {
          logs: {
            logGroupName: names.webAclLogGroup,
            retentionDays: waf.logRetentionDays,
            keyArn: logsKeyArn,
          },
        }),
      });
    }
    const host = https?.domainName ?? loadBalancer.dnsName;
    const testUrl = urlOf(scheme, host, testPort);
    return {
      securityGroupId: loadBalancer.securityGroupId,
      arnSuffix: loadBalancer.arnSuffix,
      listeners: [production, test],
      productionListenerArn: production.arn,
      testListenerArn: test.arn,
      url: urlOf(scheme, host, productionPort),
      testUrl,
      testListener: { url: testUrl, port: testPort },
    };
  }

  /** ARN of the configured certificate, or of a new one. */
  private certificateArn({ certificateArn, domainName, zoneId }: Https): string {
    if (certificateArn !== undefined) return certificateArn;
    if (zoneId === undefined) throw new Error("HTTPS needs a certificate or a zone to issue one by: name either");
    return new Certificate(this, "certificate", { domainName, zoneId }).arn;
  }
}

/** The shares of the capacity providers; empty when all tasks are on Fargate, which needs no provider. */
function capacityOf({ fargateWeight, fargateSpotWeight, fargateBase }: Config["service"]["capacity"]): CapacityShare[] {
  if (fargateSpotWeight === 0) return [];
  const spot: CapacityShare = { capacityProvider: "FARGATE_SPOT", weight: fargateSpotWeight, base: 0 };
  if (fargateWeight === 0 && fargateBase === 0) return [spot];
  return [{ capacityProvider: "FARGATE", weight: fargateWeight, base: fargateBase }, spot];
}
