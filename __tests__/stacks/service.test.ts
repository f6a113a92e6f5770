import { like, synthesize, type Block } from "./synthesize";

const staging = synthesize();
const { service: template } = staging.stacks;
const targetGroup = (key: string) => template.find("aws_lb_target_group", { name: `carts-api-staging-${key}` });
const listener = (port: number) => template.find("aws_lb_listener", { port });
const policyOf = (role: string) =>
  JSON.parse(String(template.find("aws_iam_role_policy", { name: role })["policy"])) as {
    Statement: { Action: string[]; Resource: string[] }[];
  };

describe("the load balancer", () => {
  it("faces the internet in the public subnets and drops headers that are not valid", () => {
    const loadBalancer = template.only("aws_lb");
    expect(loadBalancer).toMatchObject({
      internal: false,
      drop_invalid_header_fields: true,
      name: "carts-api-staging",
    });
    expect((loadBalancer["subnets"] as unknown[]).map(staging.follow)).toEqual([
      expect.stringMatching(/aws_subnet\.vpc_public-0/),
      expect.stringMatching(/aws_subnet\.vpc_public-1/),
    ]);
  });

  it.each(["1", "2"])("has target group %s by IP address, with the health check", (key) => {
    expect(targetGroup(key)).toMatchObject({
      target_type: "ip",
      protocol: "HTTP",
      port: 8080,
      deregistration_delay: "30",
      health_check: {
        path: "/health",
        matcher: "200",
        interval: 30,
        timeout: 5,
        healthy_threshold: 2,
        unhealthy_threshold: 3,
      },
    });
  });

  it("takes the statuses of the configuration for health, in both target groups", () => {
    const { stacks } = synthesize({ healthCheck: { matcher: "200-299" } });
    for (const key of ["1", "2"]) {
      const group = stacks.service.find("aws_lb_target_group", { name: `carts-api-staging-${key}` });
      expect(group).toMatchObject({ health_check: { matcher: "200-299" } });
    }
  });

  it.each([
    ["production", 80, "1"],
    ["test", 9090, "2"],
  ])("forwards %s on port %d to target group %s at first, and then lets CodeDeploy", (_, port, key) => {
    const { address } = targetGroup(key);
    expect(listener(port)).toMatchObject({
      protocol: "HTTP",
      default_action: [{ type: "forward", target_group_arn: `\${${String(address)}.arn}` }],
      lifecycle: { ignore_changes: ["default_action"] },
    });
  });

  it.each(["1", "2"])("keeps target group %s when the container's port changes, for it may be the live one", (key) => {
    expect(targetGroup(key)["lifecycle"]).toEqual({ ignore_changes: ["port"] });
  });

  it("is destroyed listeners first, whichever target group is live", () => {
    for (const port of [80, 9090]) {
      expect(listener(port)["depends_on"]).toEqual(
        expect.arrayContaining([targetGroup("1")["address"], targetGroup("2")["address"]]),
      );
    }
  });
});

describe("the security group rules", () => {
  const ingress = (settings: Block, port: number) => {
    const { stacks, follow } = synthesize(settings);
    return stacks.service
      .all("aws_vpc_security_group_ingress_rule")
      .filter((rule) => rule["from_port"] === port)
      .map(({ cidr_ipv4: cidr }) => follow(String(cidr).replace(/\/32$/, "")));
  };

  it("let everyone reach the production listener", () => {
    expect(ingress({}, 80)).toEqual(["0.0.0.0/0"]);
  });

  it("let only the VPC and its NAT gateways reach the test listener", () => {
    expect(ingress({}, 9090)).toEqual(["10.0.0.0/16", expect.stringMatching(/aws_eip\..*public_ip/)]);
  });

  it("let the configured ranges reach the listeners", () => {
    const settings = { loadBalancer: { allowedCidrs: ["192.0.2.0/24"], testAllowedCidrs: ["198.51.100.0/24"] } };
    expect(ingress(settings, 80)).toEqual(["192.0.2.0/24"]);
    expect(ingress(settings, 9090)).toContain("198.51.100.0/24");
  });

  it("let only the load balancer reach the tasks", () => {
    const tasks = template.find("aws_security_group", { name: "carts-api-staging-tasks" });
    const loadBalancer = template.find("aws_security_group", { name: "carts-api-staging-load-balancer" });
    const rules = template
      .all("aws_vpc_security_group_ingress_rule")
      .filter((rule) => rule["security_group_id"] === `\${${String(tasks["address"])}.id}`);
    expect(rules).toMatchObject([
      { from_port: 8080, to_port: 8080, referenced_security_group_id: `\${${String(loadBalancer["address"])}.id}` },
    ]);
    expect(rules[0]).not.toHaveProperty("cidr_ipv4");
  });

  it("keep the port of the running tasks when the container's port changes", () => {
    const rules = [
      ...template.all("aws_vpc_security_group_ingress_rule"),
      ...template.all("aws_vpc_security_group_egress_rule"),
    ].filter((rule) => rule["from_port"] === 8080);
    expect(rules).toHaveLength(2);
    for (const { lifecycle } of rules) expect(lifecycle).toEqual({ ignore_changes: ["from_port", "to_port"] });
  });

  it("let the tasks send only HTTPS, and the load balancer only to the tasks", () => {
    expect(
      template.all("aws_vpc_security_group_egress_rule").map(({ from_port: from, to_port: to, cidr_ipv4: cidr }) => ({
        from,
        to,
        cidr,
      })),
    ).toEqual(
      expect.arrayContaining([
        { from: 443, to: 443, cidr: "0.0.0.0/0" },
        { from: 8080, to: 8080, cidr: undefined },
      ]),
    );
  });
});

describe("the task definition", () => {
  const definition = template.only("aws_ecs_task_definition");
  const containersOf = (settings: Block) =>
    JSON.parse(
      String(synthesize(settings).stacks.service.only("aws_ecs_task_definition")["container_definitions"]),
    ) as Record<string, unknown>[];
  const [container] = containersOf({});

  it("runs the first image by digest", () => {
    const [url, digest] = String(container?.["image"]).split("@");
    expect(staging.follow(url)).toMatch(/aws_ecr_repository\..*\.repository_url/);
    expect(staging.follow(digest)).toMatch(/docker_registry_image\..*\.sha256_digest/);
  });

  it("is for Fargate, and Terraform never deregisters its revisions", () => {
    expect(definition).toMatchObject({
      family: "carts-api-staging",
      requires_compatibilities: ["FARGATE"],
      network_mode: "awsvpc",
      cpu: "256",
      memory: "512",
      runtime_platform: { cpu_architecture: "X86_64", operating_system_family: "LINUX" },
      skip_destroy: true,
    });
  });

  it("passes port, table, region and stop timeout to the container", () => {
    const table = template.find("aws_dynamodb_table", { name: "carts-api-staging-table" });
    expect(container).toMatchObject({
      name: "api",
      essential: true,
      portMappings: [{ containerPort: 8080, protocol: "tcp" }],
      stopTimeout: 30,
      environment: [
        { name: "AWS_REGION", value: "eu-central-1" },
        { name: "PORT", value: "8080" },
        { name: "STOP_TIMEOUT_SECONDS", value: "25" },
        { name: "TABLE_NAME", value: `\${${String(table["address"])}.name}` },
      ],
    });
  });

  it("passes the user's variables on", () => {
    const [other] = containersOf({ service: { environment: { LOG_LEVEL: 'a "quoted" level' } } });
    expect(other?.["environment"]).toContainEqual({ name: "LOG_LEVEL", value: 'a "quoted" level' });
  });

  it("logs to a group with a retention time", () => {
    expect(template.only("aws_cloudwatch_log_group")).toMatchObject({
      name: "/ecs/carts-api-staging",
      retention_in_days: 30,
    });
    expect(container).toMatchObject({
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": like(/aws_cloudwatch_log_group/) },
      },
    });
  });

  it("has the permissions for its table that the service needs, and no others", () => {
    const table = String(template.find("aws_dynamodb_table", {})["address"]);
    expect(policyOf("carts-api-staging-task").Statement).toEqual([
      {
        Effect: "Allow",
        Action: [
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
          "dynamodb:Query",
        ],
        Resource: [`\${${table}.arn}`, `\${${table}.arn}/index/*`],
      },
    ]);
  });

  it("pulls and logs with a role for only its repository and its log group", () => {
    const open = policyOf("carts-api-staging-execution").Statement.filter(({ Resource }) => Resource.includes("*"));
    expect(open.flatMap(({ Action }) => Action)).toEqual(["ecr:GetAuthorizationToken"]);
  });
});

describe("the service", () => {
  const service = template.only("aws_ecs_service");

  it("runs two tasks on Fargate in the private subnets, released by CodeDeploy", () => {
    expect(service).toMatchObject({
      name: "carts-api-staging",
      desired_count: 2,
      launch_type: "FARGATE",
      deployment_controller: { type: "CODE_DEPLOY" },
      network_configuration: { assign_public_ip: false },
      load_balancer: [
        {
          container_name: "api",
          container_port: 8080,
          target_group_arn: `\${${String(targetGroup("1")["address"])}.arn}`,
        },
      ],
    });
    const { subnets } = service["network_configuration"] as { subnets: string[] };
    expect(subnets.map(staging.follow)).toEqual([
      expect.stringMatching(/aws_subnet\.vpc_private-0/),
      expect.stringMatching(/aws_subnet\.vpc_private-1/),
    ]);
  });

  it("gives its tags to its tasks", () => {
    expect(service).toMatchObject({ propagate_tags: "SERVICE", enable_ecs_managed_tags: true });
  });

  it("has nothing that CODE_DEPLOY refuses", () => {
    expect(service).not.toHaveProperty("deployment_circuit_breaker");
    expect(service).not.toHaveProperty("alarms");
  });

  it("leaves to releases what they change", () => {
    expect(service["lifecycle"]).toEqual({
      ignore_changes: [
        "task_definition",
        "load_balancer",
        "desired_count",
        "network_configuration",
        "launch_type",
        "capacity_provider_strategy",
        "propagate_tags",
        "enable_ecs_managed_tags",
      ],
    });
  });

  it("is destroyed before the listeners and before the policies that its tasks need to stop", () => {
    const policies = ["task", "execution"].map(
      (role) => template.find("aws_iam_role_policy", { name: `carts-api-staging-${role}` })["address"],
    );
    expect(service["depends_on"]).toEqual(
      expect.arrayContaining([listener(80)["address"], listener(9090)["address"], ...policies]),
    );
  });
});

describe("the table", () => {
  it("is keyed by id, listed by creation, on demand, encrypted and restorable", () => {
    expect(template.only("aws_dynamodb_table")).toMatchObject({
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "id",
      attribute: [
        { name: "id", type: "S" },
        { name: "collection", type: "S" },
        { name: "createdAt", type: "S" },
      ],
      global_secondary_index: [
        { name: "by-created", hash_key: "collection", range_key: "createdAt", projection_type: "ALL" },
      ],
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true },
    });
  });
});

describe("the address of the service", () => {
  it.each([
    [80, /^http:\/\/\$\{aws_lb\..*\.dns_name\}$/],
    [8000, /^http:\/\/\$\{aws_lb\..*\.dns_name\}:8000$/],
  ])("on port %d reads well", (productionPort, url) => {
    const { output } = synthesize({ loadBalancer: { productionPort } }).stacks.service.json;
    expect(output?.["url"]?.value).toMatch(url);
    expect(output?.["test_url"]?.value).toMatch(/:9090$/);
  });
});
