import { EXISTING_LOAD_BALANCER, SHARED } from "../shared-load-balancer";
import { like, synthesize, type Block } from "./synthesize";

const { arn, productionListenerArn, testListenerArn, securityGroupId } = EXISTING_LOAD_BALANCER;
const REPOSITORY = { provider: "github", repository: "octo-org/carts-api" };
const { stacks } = synthesize({ ...SHARED, ci: REPOSITORY });
const { service, delivery, access } = stacks;

const withRule = (rule: Block, more: Block = {}) =>
  synthesize({ ...SHARED, loadBalancer: { existing: { ...EXISTING_LOAD_BALANCER, rule } }, ...more }).stacks;
const statementsOf = (policy: Block) =>
  (JSON.parse(String(policy["policy"])) as { Statement: Block[] }).Statement.map((one) => ({ ...one }));
const environmentOf = (template: typeof delivery) =>
  (template.find("aws_lambda_function", { handler: "index.handler" })["environment"] as { variables: Block }).variables;

describe("a service behind an existing load balancer", () => {
  it("creates no load balancer, listener, certificate, record, web ACL, bucket and cluster", () => {
    const types = Object.keys(service.json.resource ?? {});
    expect(types.filter((type) => /^aws_(lb$|lb_listener|acm_|route53|wafv2|s3_|ecs_cluster)/.test(type))).toEqual([
      "aws_lb_listener_rule",
    ]);
  });

  it("adds one rule to each listener, which forwards to one target group and knows the other", () => {
    const [first, second] = ["1", "2"].map((key) => {
      const { address } = service.find("aws_lb_target_group", { name: `carts-api-staging-${key}` });
      return `\${${String(address)}.arn}`;
    });
    const ruleOn = (listener_arn: string, live: unknown, idle: unknown) =>
      expect(service.find("aws_lb_listener_rule", { listener_arn })).toMatchObject({
        priority: 100,
        condition: [{ host_header: { values: ["tasks.example.com"] } }],
        action: [
          {
            type: "forward",
            forward: {
              target_group: [
                { arn: live, weight: 100 },
                { arn: idle, weight: 0 },
              ],
            },
          },
        ],
        lifecycle: { ignore_changes: ["action"] },
      });
    ruleOn(productionListenerArn, first, second);
    ruleOn(testListenerArn, second, first);
  });

  it("may match hosts and paths", () => {
    const rule = { hosts: ["*.example.com"], paths: ["/carts/*", "/health"], priority: 7 };
    for (const { condition } of withRule(rule).service.all("aws_lb_listener_rule")) {
      expect(condition).toEqual([{ host_header: { values: rule.hosts } }, { path_pattern: { values: rule.paths } }]);
    }
  });

  it("runs in the existing cluster, after the rules", () => {
    const rules = Object.keys(service.resources("aws_lb_listener_rule")).map((name) => `aws_lb_listener_rule.${name}`);
    expect(service.only("aws_ecs_service")).toMatchObject({
      cluster: SHARED.cluster.existing,
      depends_on: expect.arrayContaining(rules) as unknown,
    });
    const named = synthesize({ ...SHARED, cluster: { existing: "shared" } }).stacks;
    expect(named.service.only("aws_ecs_service")["cluster"]).toBe("shared");
    for (const template of [delivery, named.delivery]) {
      expect(template.only("aws_codedeploy_deployment_group")["ecs_service"]).toMatchObject({ cluster_name: "shared" });
    }
  });

  it("lets the load balancer reach the tasks, and leaves its security group alone", () => {
    expect(service.only("aws_vpc_security_group_ingress_rule")).toMatchObject({
      referenced_security_group_id: securityGroupId,
      from_port: 8080,
    });
    const egress = service.all("aws_vpc_security_group_egress_rule").map((rule) => rule["security_group_id"]);
    expect(egress).not.toContain(securityGroupId);
  });

  it("stops a plan where the load balancer is another one than the configuration says", () => {
    expect(service.json.data?.["aws_lb"]).toMatchObject({
      "shared-load-balancer_373AD0D9": {
        arn,
        lifecycle: {
          postcondition: [
            { condition: '${self.vpc_id == "vpc-0123456789abcdef0"}', error_message: like(/network\.vpc\.id/) },
            { condition: like(/contains\(self\.security_groups, "sg-/), error_message: like(/securityGroupId/) },
          ],
        },
      },
    });
    const protocols = (template: typeof service) =>
      Object.values(template.json.data?.["aws_lb_listener"] ?? {}).map((listener) => listener["lifecycle"]);
    expect(protocols(service)).toEqual([undefined, undefined]);
    const byPath = { postcondition: [{ condition: '${self.protocol == "HTTP"}', error_message: like(/rule\.hosts/) }] };
    expect(protocols(withRule({ paths: ["/*"], priority: 1 }).service)).toEqual([byPath, byPath]);
  });

  it("has URLs with the host of the rule, or with the load balancer's name", () => {
    const url = (template: typeof service, id: string) => template.json.output?.[id]?.value;
    for (const id of ["url", "test_url"]) {
      expect(url(service, id)).toMatch(
        /^\$\{lower\(data\.aws_lb_listener\..*\)\}:\/\/tasks\.example\.com:\$\{.*port\}$/,
      );
      expect(url(withRule({ paths: ["/*"], priority: 1 }).service, id)).toMatch(/:\/\/\$\{data\.aws_lb\..*dns_name\}:/);
    }
  });

  it("scales by the requests to its own target groups", () => {
    const scaling = { enabled: true, requestsPerMinute: 600 };
    const policy = synthesize({ ...SHARED, service: { scaling } }).stacks.service.find("aws_appautoscaling_policy", {
      name: "carts-api-staging-requests",
    });
    const { metrics } = (
      policy["target_tracking_scaling_policy_configuration"] as {
        customized_metric_specification: { metrics: Block[] };
      }
    ).customized_metric_specification;
    expect(metrics.at(-1)?.["expression"]).toBe("SUM([r1, r2]) / MAX([h1, h2])");
    expect(metrics.filter(({ id }) => /^r/.test(String(id))).map((metric) => JSON.stringify(metric))).toEqual([
      like(/"RequestCount".*|TargetGroup.*target-group-1/),
      like(/"RequestCount".*|TargetGroup.*target-group-2/),
    ]);
  });
});

describe("the releases of a service behind an existing load balancer", () => {
  it("shift the traffic on its listeners, and may change this service's rules only", () => {
    expect(delivery.only("aws_codedeploy_deployment_group")["load_balancer_info"]).toMatchObject({
      target_group_pair_info: {
        prod_traffic_route: { listener_arns: [productionListenerArn] },
        test_traffic_route: { listener_arns: [testListenerArn] },
      },
    });
    const policy = delivery.find("aws_iam_role_policy", { name: "carts-api-staging-codedeploy" });
    const modify = statementsOf(policy).find(({ Action }) =>
      [Action].flat().includes("elasticloadbalancing:ModifyRule"),
    );
    expect(modify?.["Resource"]).toEqual([
      ...[productionListenerArn, testListenerArn],
      like(/outputs\..*aws_lb_listener_rule.*production-rule.*arn/),
      like(/outputs\..*aws_lb_listener_rule.*test-rule.*arn/),
    ]);
  });

  it("watch the target groups behind it", () => {
    for (const alarm of delivery.all("aws_cloudwatch_metric_alarm")) {
      // An alarm on an expression has its dimensions in its queries.
      expect(JSON.stringify(alarm)).toContain('"LoadBalancer":"app/shared/0123456789abcdef"');
    }
  });

  it("are probed at the load balancer's own name, with the host of the rule", () => {
    expect(environmentOf(delivery)).toMatchObject({ TEST_URL: like(/dns_name/), TEST_HOST: "tasks.example.com" });
    const wild = withRule({ hosts: ["*.example.com"], priority: 1 }).delivery;
    expect(environmentOf(wild)["TEST_HOST"]).toBe("probe.example.com");
    expect(environmentOf(withRule({ paths: ["/*"], priority: 1 }).delivery)).not.toHaveProperty("TEST_HOST");
    expect(environmentOf(synthesize().stacks.delivery)).not.toHaveProperty("TEST_HOST");
  });
});

describe("the role that deploys a service behind an existing load balancer", () => {
  const statements = access
    .all("aws_iam_policy")
    .flatMap(statementsOf)
    .map((one) => ({ ...one, Action: [one["Action"]].flat() as string[], Resource: [one["Resource"]].flat() }));
  const allows = (action: string) => statements.filter(({ Action }) => Action.includes(action));

  it("may create rules on the two listeners, and change only those with the environment's tags", () => {
    expect(allows("elasticloadbalancing:CreateRule")).toMatchObject([
      {
        Resource: [productionListenerArn, testListenerArn],
        Condition: { StringEquals: { "aws:RequestTag/project": "carts-api" } },
      },
    ]);
    for (const action of ["DeleteRule", "ModifyRule", "SetRulePriorities"]) {
      expect(allows(`elasticloadbalancing:${action}`)).toMatchObject([
        {
          Resource: [like(/:listener-rule\/app\/shared\/\w+\/1111111111111111\/\*$/), like(/\/2222222222222222\/\*$/)],
          Condition: {
            StringEquals: { "aws:ResourceTag/project": "carts-api", "aws:ResourceTag/environment": "staging" },
          },
        },
      ]);
    }
  });

  it("may change no load balancer, listener, cluster and access logs", () => {
    for (const action of ["CreateLoadBalancer", "ModifyListener", "DeleteListener", "SetWebAcl"]) {
      expect(allows(`elasticloadbalancing:${action}`)).toEqual([]);
    }
    expect([...allows("ecs:DeleteCluster"), ...allows("s3:DeleteBucket")]).toEqual([]);
    expect(allows("ecs:CreateService")[0]?.Resource).toContainEqual(like(/:service\/shared\/carts-api-staging$/));
  });
});
