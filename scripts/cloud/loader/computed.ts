import { createHash } from "node:crypto";

/** The values from which a computed attribute is derived. */
interface ComputedContext {
  readonly accountId: string;
  readonly region: string;
  /** Reads another attribute of the same resource, resolved; throws when it is not a string. */
  text(attribute: string): string;
  /** Reads another attribute of the same resource, resolved; undefined when it is not set. */
  maybe(attribute: string): unknown;
  /** Hex digits that depend on the resource's stack and address only. */
  hex(length: number): string;
}

type Compute = (context: ComputedContext) => unknown;

/** `length` hex digits, at most 64. The same seed gives the same digits. */
export function fakeHex(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

const arn = (service: string, resource: (context: ComputedContext) => string): Compute => {
  return (context) => `arn:aws:${service}:${context.region}:${context.accountId}:${resource(context)}`;
};
const id = (prefix: string): Compute => {
  return (context) => `${prefix}-0${context.hex(16)}`;
};
const attribute = (name: string): Compute => {
  return (context) => context.text(name);
};

const loadBalancerSuffix = (c: ComputedContext) => `app/${c.text("name")}/${c.hex(16)}`;
const targetGroupSuffix = (c: ComputedContext) => `targetgroup/${c.text("name")}/${c.hex(16)}`;
const loadBalancerArn = arn("elasticloadbalancing", (c) => `loadbalancer/${loadBalancerSuffix(c)}`);
const targetGroupArn = arn("elasticloadbalancing", targetGroupSuffix);
const listenerArn: Compute = (c) =>
  `${c.text("load_balancer_arn").replace(":loadbalancer/", ":listener/")}/${c.hex(16)}`;
const listenerRuleArn: Compute = (c) =>
  `${c.text("listener_arn").replace(":listener/", ":listener-rule/")}/${c.hex(16)}`;
const clusterArn = arn("ecs", (c) => `cluster/${c.text("name")}`);
const lastOfArn = (text: string) => text.slice(text.lastIndexOf("/") + 1);
const serviceArn = arn("ecs", (c) => `service/${lastOfArn(c.text("cluster"))}/${c.text("name")}`);
const taskDefinitionFamilyArn = arn("ecs", (c) => `task-definition/${c.text("family")}`);
const taskDefinitionArn: Compute = (c) => `${String(taskDefinitionFamilyArn(c))}:1`;
const tableArn = arn("dynamodb", (c) => `table/${c.text("name")}`);
const alarmArn = arn("cloudwatch", (c) => `alarm:${c.text("alarm_name")}`);
const roleArn: Compute = (c) => `arn:aws:iam::${c.accountId}:role${iamPath(c)}${c.text("name")}`;
const policyArn: Compute = (c) => `arn:aws:iam::${c.accountId}:policy${iamPath(c)}${c.text("name")}`;
const iamPath = (c: ComputedContext) => (c.maybe("path") === undefined ? "/" : c.text("path"));
const topicArn = arn("sns", (c) => c.text("name"));

/**
 * Attributes that Terraform knows only after apply, by resource type. Their values are fake, deterministic, and in AWS's
 * formats: see "Attribute Reference" on each resource's page of the provider
 * (https://registry.terraform.io/providers/hashicorp/aws/latest/docs), and for ARNs the Service Authorization Reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
 */
const COMPUTED: Readonly<Record<string, Readonly<Record<string, Compute>>>> = {
  aws_vpc: { id: id("vpc"), arn: arn("ec2", (c) => `vpc/vpc-0${c.hex(16)}`) },
  aws_subnet: { id: id("subnet"), arn: arn("ec2", (c) => `subnet/subnet-0${c.hex(16)}`) },
  aws_security_group: { id: id("sg"), arn: arn("ec2", (c) => `security-group/sg-0${c.hex(16)}`) },
  aws_route_table: { id: id("rtb") },
  aws_internet_gateway: { id: id("igw") },
  aws_nat_gateway: { id: id("nat") },
  aws_vpc_endpoint: { id: id("vpce") },
  aws_eip: { id: id("eipalloc"), allocation_id: id("eipalloc") },
  aws_lb: {
    id: loadBalancerArn,
    arn: loadBalancerArn,
    arn_suffix: loadBalancerSuffix,
    dns_name: (c) => `${c.text("name")}-${BigInt(`0x${c.hex(8)}`)}.${c.region}.elb.amazonaws.com`,
  },
  aws_lb_target_group: { id: targetGroupArn, arn: targetGroupArn, arn_suffix: targetGroupSuffix },
  aws_lb_listener: { id: listenerArn, arn: listenerArn },
  aws_lb_listener_rule: { id: listenerRuleArn, arn: listenerRuleArn },
  aws_ecr_repository: {
    id: attribute("name"),
    arn: arn("ecr", (c) => `repository/${c.text("name")}`),
    registry_id: (c) => c.accountId,
    repository_url: (c) => `${c.accountId}.dkr.ecr.${c.region}.amazonaws.com/${c.text("name")}`,
  },
  aws_ecs_cluster: { id: clusterArn, arn: clusterArn },
  aws_ecs_service: { id: serviceArn, arn: serviceArn },
  aws_ecs_task_definition: {
    id: attribute("family"),
    arn: taskDefinitionArn,
    arn_without_revision: taskDefinitionFamilyArn,
    revision: () => 1,
  },
  aws_dynamodb_table: { id: attribute("name"), arn: tableArn },
  aws_cloudwatch_log_group: {
    id: attribute("name"),
    arn: arn("logs", (c) => `log-group:${c.text("name")}`),
  },
  aws_cloudwatch_metric_alarm: { id: attribute("alarm_name"), arn: alarmArn },
  aws_iam_role: { id: attribute("name"), arn: roleArn },
  aws_iam_policy: { id: policyArn, arn: policyArn },
  aws_lambda_function: { arn: arn("lambda", (c) => `function:${c.text("function_name")}`) },
  aws_sns_topic: { id: topicArn, arn: topicArn },
  aws_codedeploy_app: {
    id: attribute("name"),
    arn: arn("codedeploy", (c) => `application:${c.text("name")}`),
  },
  aws_codedeploy_deployment_config: {
    id: attribute("deployment_config_name"),
    arn: arn("codedeploy", (c) => `deploymentconfig:${c.text("deployment_config_name")}`),
  },
  aws_codedeploy_deployment_group: {
    id: attribute("deployment_group_name"),
    arn: arn("codedeploy", (c) => `deploymentgroup:${c.text("app_name")}/${c.text("deployment_group_name")}`),
  },
  docker_image: {
    id: (c) => `sha256:${c.hex(64)}`,
    image_id: (c) => `sha256:${c.hex(64)}`,
    repo_digest: (c) => `${c.text("name").replace(/:[^/:]+$/, "")}@sha256:${c.hex(64)}`,
  },
  docker_registry_image: { id: (c) => `sha256:${c.hex(64)}`, sha256_digest: (c) => `sha256:${c.hex(64)}` },
  terraform_data: { id: (c) => c.hex(32), output: (c) => c.maybe("input") },
  null_resource: { id: (c) => c.hex(18) },
  // A load balancer of another owner: only its ARN is known. The local cloud serves every listener as plain HTTP.
  "data.aws_lb": {
    id: attribute("arn"),
    arn_suffix: (c) => c.text("arn").replace(/^.*:loadbalancer\//, ""),
    name: (c) => c.text("arn").split("/")[2],
    dns_name: (c) => `${c.text("arn").split("/")[2]}.${c.region}.elb.amazonaws.com`,
  },
  "data.aws_lb_listener": { id: attribute("arn"), port: () => 80, protocol: () => "HTTP" },
  "data.aws_caller_identity": {
    id: (c) => c.accountId,
    account_id: (c) => c.accountId,
    arn: (c) => `arn:aws:iam::${c.accountId}:root`,
    user_id: (c) => c.accountId,
  },
  "data.aws_region": { id: (c) => c.region, name: (c) => c.region, region: (c) => c.region },
  "data.aws_partition": { id: () => "aws", partition: () => "aws", dns_suffix: () => "amazonaws.com" },
  "data.aws_availability_zones": {
    id: (c) => c.region,
    names: (c) => ["a", "b", "c"].map((letter) => `${c.region}${letter}`),
    zone_ids: (c) => ["az1", "az2", "az3"].map((zone) => `${c.region}-${zone}`),
  },
  "data.aws_ecr_authorization_token": {
    proxy_endpoint: (c) => `https://${c.accountId}.dkr.ecr.${c.region}.amazonaws.com`,
    user_name: () => "AWS",
  },
};

/**
 * The function that computes an attribute; undefined when there is none.
 * @param type type of the resource; of a data source, with `data.` before it
 */
export function computedAttribute(type: string, name: string): Compute | undefined {
  const attributes = COMPUTED[type];
  return attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}
