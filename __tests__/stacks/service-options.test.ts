import { synthesize, type Block } from "./synthesize";

const SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:database-AbCdEf";
const PARAMETER = "arn:aws:ssm:eu-central-1:123456789012:parameter/token";
const KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

const serviceWith = (service: Block) => synthesize({ service }).stacks.service;
type Template = ReturnType<typeof serviceWith>;
const containerOf = (template: Template) =>
  (JSON.parse(String(template.only("aws_ecs_task_definition")["container_definitions"])) as Block[])[0];
const statementsOf = (template: Template, role: string) =>
  (
    JSON.parse(String(template.find("aws_iam_role_policy", { name: `carts-api-staging-${role}` })["policy"])) as {
      Statement: { Action: string[]; Resource: string[]; Condition?: Block }[];
    }
  ).Statement;

describe("secrets", () => {
  const template = serviceWith({
    secrets: { TOKEN: PARAMETER, PASSWORD: `${SECRET}:password::`, USER_NAME: `${SECRET}:user::` },
    secretsKeyArns: [KEY],
  });
  const none = serviceWith({});

  it("are only references in the task definition", () => {
    expect(containerOf(template)?.["secrets"]).toEqual([
      { name: "PASSWORD", valueFrom: `${SECRET}:password::` },
      { name: "TOKEN", valueFrom: PARAMETER },
      { name: "USER_NAME", valueFrom: `${SECRET}:user::` },
    ]);
    expect(containerOf(none)).not.toHaveProperty("secrets");
  });

  it("are read by ECS, only these, and decrypted with the named keys", () => {
    expect(statementsOf(template, "execution").slice(-3)).toEqual([
      { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [SECRET] },
      { Effect: "Allow", Action: ["ssm:GetParameters"], Resource: [PARAMETER] },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [KEY],
        Condition: {
          StringEquals: {
            "kms:ViaService": ["secretsmanager.eu-central-1.amazonaws.com", "ssm.eu-central-1.amazonaws.com"],
          },
        },
      },
    ]);
  });

  it("give the service itself no permissions, and nobody any when there are none", () => {
    const rights = [...statementsOf(template, "task"), ...statementsOf(none, "execution")].flatMap(
      ({ Action }) => Action,
    );
    expect(rights.filter((action) => /^(secretsmanager|ssm|kms):/.test(action))).toEqual([]);
  });
});

describe("the egress rules of the tasks", () => {
  /** Attributes of a rule besides its destination. */
  const OTHERS = ["security_group_id", "description", "//"];
  const ways = (template: Template) => {
    const [configuration] = [template.only("aws_ecs_service")["network_configuration"]].flat() as Block[];
    const [own] = configuration?.["security_groups"] as string[];
    return template
      .all("aws_vpc_security_group_egress_rule")
      .filter((rule) => rule["security_group_id"] === own)
      .map((rule) => Object.fromEntries(Object.entries(rule).filter(([key]) => !OTHERS.includes(key))));
  };
  const https = { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 443, to_port: 443 };

  it("allow TCP 443 to everywhere by default", () => {
    expect(ways(serviceWith({}))).toEqual([https]);
  });

  it("contain this and one rule for each configured one", () => {
    const egress = [
      { port: 5432, to: "10.0.128.0/20" },
      { port: "8000-8010", protocol: "udp", to: "sg-0123456789abcdef0" },
      { port: 443, to: "pl-0123456789abcdef0" },
    ];
    expect(ways(serviceWith({ egress }))).toEqual(
      expect.arrayContaining([
        https,
        { cidr_ipv4: "10.0.128.0/20", ip_protocol: "tcp", from_port: 5432, to_port: 5432 },
        { referenced_security_group_id: "sg-0123456789abcdef0", ip_protocol: "udp", from_port: 8000, to_port: 8010 },
        { prefix_list_id: "pl-0123456789abcdef0", ip_protocol: "tcp", from_port: 443, to_port: 443 },
      ]),
    );
    expect(ways(serviceWith({ egress }))).toHaveLength(4);
  });

  it("may have an IPv6 range in an existing network", () => {
    const vpc = {
      id: "vpc-00000001",
      cidr: "10.0.0.0/16",
      publicSubnetIds: ["subnet-00000001", "subnet-00000002"],
      privateSubnetIds: ["subnet-00000003", "subnet-00000004"],
      natAddresses: ["203.0.113.7"],
    };
    const service = { egress: [{ port: 5432, to: "2001:db8::/32" }] };
    expect(ways(synthesize({ network: { vpc }, service }).stacks.service)).toContainEqual({
      ...{ cidr_ipv6: "2001:db8::/32", ip_protocol: "tcp" },
      ...{ from_port: 5432, to_port: 5432 },
    });
  });

  it("keep their addresses in the state when another rule is added before", () => {
    const database = { port: 5432, to: "10.0.128.0/20" };
    const addresses = (egress: readonly object[]) =>
      Object.keys(serviceWith({ egress }).resources("aws_vpc_security_group_egress_rule"));
    expect(addresses([{ port: 25, to: "10.0.0.0/16" }, database])).toEqual(
      expect.arrayContaining(addresses([database])),
    );
  });

  it("exist before the first task starts", () => {
    const template = serviceWith({ egress: [{ port: 5432, to: "10.0.128.0/20" }] });
    const rules = Object.keys(template.resources("aws_vpc_security_group_egress_rule"));
    const dependsOn = template.only("aws_ecs_service")["depends_on"] as string[];
    expect(dependsOn).toEqual(
      expect.arrayContaining(rules.map((name) => `aws_vpc_security_group_egress_rule.${name}`)),
    );
  });
});

describe("security groups of the tasks", () => {
  const groupsOf = (template: Template) =>
    ([template.only("aws_ecs_service")["network_configuration"]].flat() as Block[])[0]?.["security_groups"];

  it("are their own, which is an output, and those that are named", () => {
    const template = serviceWith({ securityGroupIds: ["sg-00000002", "sg-00000001"] });
    const own = template.json.output?.["tasks_security_group_id"]?.value;
    expect(own).toMatch(/^\$\{aws_security_group\.service_[\w-]+\.id\}$/);
    expect(groupsOf(template)).toEqual([own, "sg-00000002", "sg-00000001"]);
    expect(groupsOf(serviceWith({}))).toEqual([own]);
  });
});

describe("policies of the task role", () => {
  const managed = "arn:aws:iam::123456789012:policy/teams/orders";
  const template = serviceWith({
    taskPolicies: [
      managed,
      { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/*"] },
      {
        actions: ["s3:ListAllMyBuckets"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:RequestedRegion": "x" } },
      },
    ],
  });

  it("are its own statements, with those of the configuration", () => {
    const before = statementsOf(serviceWith({}), "task");
    expect(statementsOf(template, "task")).toEqual([
      ...before,
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::orders/*"] },
      {
        Effect: "Allow",
        Action: ["s3:ListAllMyBuckets"],
        Resource: ["*"],
        Condition: { StringEquals: { "aws:RequestedRegion": "x" } },
      },
    ]);
  });

  it("are the managed ones, attached to the task role alone and until the last task is gone", () => {
    const { role: taskRole } = template.find("aws_iam_role_policy", { name: "carts-api-staging-task" });
    const [address] = Object.keys(template.resources("aws_iam_role_policy_attachment"));
    expect(template.all("aws_iam_role_policy_attachment")).toEqual([
      expect.objectContaining({ policy_arn: managed, role: String(taskRole).replace(/\.id\}$/, ".name}") }),
    ]);
    expect(template.only("aws_ecs_service")["depends_on"]).toContain(
      `aws_iam_role_policy_attachment.${String(address)}`,
    );
    expect(serviceWith({}).all("aws_iam_role_policy_attachment")).toEqual([]);
  });
});

describe("Fargate and Fargate Spot", () => {
  it("are both in the cluster, independent of the service, because a release may choose another", () => {
    for (const fargateSpotWeight of [0, 1]) {
      const template = serviceWith({ capacity: { fargateSpotWeight } });
      expect(template.only("aws_ecs_cluster_capacity_providers")["capacity_providers"]).toEqual([
        "FARGATE",
        "FARGATE_SPOT",
      ]);
    }
  });

  it("need no strategy while there is no Spot", () => {
    const template = serviceWith({});
    expect(template.only("aws_ecs_service")["launch_type"]).toBe("FARGATE");
    expect(template.only("aws_ecs_service")).not.toHaveProperty("capacity_provider_strategy");
  });

  it.each<[Block, Block[]]>([
    [
      { fargateWeight: 1, fargateSpotWeight: 3, fargateBase: 2 },
      [
        { capacity_provider: "FARGATE", weight: 1, base: 2 },
        { capacity_provider: "FARGATE_SPOT", weight: 3, base: 0 },
      ],
    ],
    [{ fargateWeight: 0, fargateSpotWeight: 1 }, [{ capacity_provider: "FARGATE_SPOT", weight: 1, base: 0 }]],
  ])("share the tasks by %j", (capacity, strategy) => {
    const template = serviceWith({ capacity });
    const service = template.only("aws_ecs_service");
    expect(service["capacity_provider_strategy"]).toEqual(strategy);
    expect(service).not.toHaveProperty("launch_type");
  });

  it("stay with the cluster until the service is gone", () => {
    const template = serviceWith({});
    const [association] = Object.keys(template.resources("aws_ecs_cluster_capacity_providers"));
    expect(template.only("aws_ecs_service")["depends_on"]).toContain(
      `aws_ecs_cluster_capacity_providers.${String(association)}`,
    );
  });
});

describe("autoscaling", () => {
  const template = serviceWith({ scaling: { enabled: true, maxCount: 8, requestsPerMinute: 600 } });
  interface Metric {
    readonly id: string;
    readonly expression?: string;
    readonly return_data?: boolean;
    readonly metric_stat?: {
      readonly stat: string;
      readonly metric: {
        readonly metric_name: string;
        readonly dimensions: readonly { readonly name: string; readonly value: string }[];
      };
    };
  }
  const policy = (name: string) => {
    const found = template.find("aws_appautoscaling_policy", { name: `carts-api-staging-${name}` });
    return found["target_tracking_scaling_policy_configuration"] as {
      readonly target_value: number;
      readonly customized_metric_specification: { readonly metrics: readonly Metric[] };
    };
  };
  const metricsOf = (name: string) => policy(name).customized_metric_specification.metrics;

  it("is off unless asked for", () => {
    expect(serviceWith({}).all("aws_appautoscaling_target")).toEqual([]);
  });

  it("stays between desiredCount and maxCount", () => {
    expect(template.only("aws_appautoscaling_target")).toMatchObject({
      min_capacity: 2,
      max_capacity: 8,
      scalable_dimension: "ecs:service:DesiredCount",
      service_namespace: "ecs",
      resource_id: expect.stringMatching(/^service\/\$\{aws_ecs_cluster.*\}\/\$\{aws_ecs_service.*\}$/) as unknown,
    });
  });

  it.each([
    ["cpu", 60, "CPUUtilization", "cpu / MAX([h1, h2])"],
    ["requests", 600, "RequestCount", "requests / MAX([h1, h2])"],
  ])("aims with %s at %d a task, whichever target group the tasks are in", (name, target, metricName, expression) => {
    expect(policy(name).target_value).toBe(target);
    const [work, ...others] = metricsOf(name);
    expect(work?.metric_stat).toMatchObject({ stat: "Sum", metric: { metric_name: metricName } });
    expect(metricsOf(name).filter(({ return_data: returned }) => returned)).toMatchObject([{ expression }]);
    const groups = others.flatMap(({ metric_stat: stat }) =>
      (stat?.metric.dimensions ?? []).filter((dimension) => dimension.name === "TargetGroup"),
    );
    const suffixes = ["1", "2"].map((key) => {
      const { address } = template.find("aws_lb_target_group", { name: `carts-api-staging-${key}` });
      return `\${${String(address)}.arn_suffix}`;
    });
    expect(groups.map(({ value }) => value)).toEqual(suffixes);
  });

  it("follows CPU alone when no number of requests is named", () => {
    const { stacks } = synthesize({ service: { scaling: { enabled: true } } });
    expect(stacks.service.all("aws_appautoscaling_policy").map(({ name }) => name)).toEqual(["carts-api-staging-cpu"]);
  });

  it("sets a count that Terraform leaves alone", () => {
    const { ignore_changes: ignored } = template.only("aws_ecs_service")["lifecycle"] as { ignore_changes: string[] };
    expect(ignored).toContain("desired_count");
  });
});

describe("a shell in the tasks", () => {
  const CHANNEL = /^ssmmessages:/;
  const channelOf = (template: Template) =>
    statementsOf(template, "task").flatMap(({ Action }) => Action.filter((action) => CHANNEL.test(action)));

  it("is off, without its permissions, on a read-only file system", () => {
    const template = serviceWith({});
    expect(template.only("aws_ecs_service")["enable_execute_command"]).toBe(false);
    expect(channelOf(template)).toEqual([]);
    expect(containerOf(template)).toMatchObject({ readonlyRootFilesystem: true });
  });

  it("has its permissions and a writable file system when it is on", () => {
    const template = serviceWith({ exec: true, readOnlyRootFileSystem: false });
    expect(template.only("aws_ecs_service")["enable_execute_command"]).toBe(true);
    expect(channelOf(template)).toHaveLength(4);
    expect(containerOf(template)).toMatchObject({
      readonlyRootFilesystem: false,
      linuxParameters: { initProcessEnabled: true },
    });
  });
});

describe("the table", () => {
  it("can be destroyed without deletion protection", () => {
    const table = serviceWith({}).only("aws_dynamodb_table");
    expect(table["deletion_protection_enabled"]).toBe(false);
    expect(table).not.toHaveProperty("lifecycle");
  });

  it("can be destroyed neither in DynamoDB nor by Terraform when it is protected", () => {
    const { stacks } = synthesize({ table: { deletionProtection: true } });
    expect(stacks.service.only("aws_dynamodb_table")).toMatchObject({
      deletion_protection_enabled: true,
      lifecycle: { prevent_destroy: true },
    });
  });
});
