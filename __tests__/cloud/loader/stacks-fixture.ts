import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A stack as cdk.tf.json holds it; parts left out are empty. */
export interface StackJson {
  provider?: unknown;
  data?: Record<string, Record<string, Record<string, unknown>>>;
  resource?: Record<string, Record<string, Record<string, unknown>>>;
  output?: Record<string, { value: unknown }>;
}

const provider = { aws: [{ region: "eu-central-1" }] };
const folders: string[] = [];

/** Writes stacks into a new folder as CDKTF does, and gives its path. */
export function writeStacks(stacks: Record<string, StackJson>): string {
  const out = mkdtempSync(path.join(tmpdir(), "loader-"));
  folders.push(out);
  const manifest: Record<string, unknown> = {};
  for (const [name, stack] of Object.entries(stacks)) {
    const folder = path.join(out, "stacks", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify({ provider, ...stack }));
    manifest[name] = { name, synthesizedStackPath: `stacks/${name}/cdk.tf.json` };
  }
  writeFileSync(path.join(out, "manifest.json"), JSON.stringify({ version: "0.21.0", stacks: manifest }));
  return out;
}

/** Removes what writeStacks made. */
export function removeStacks(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Reference to an output of another stack, as CDKTF writes it. */
function remote(stack: string, output: string): string {
  return `\${data.terraform_remote_state.cross-stack-reference-input-${stack}.outputs.${output}}`;
}

export const TOPIC = "arn:aws:sns:eu-central-1:123456789012:releases";

const targetGroup = (name: string) => ({
  name,
  port: 8080,
  protocol: "HTTP",
  target_type: "ip",
  vpc_id: remote("staging-network", "vpc"),
  deregistration_delay: "30",
  health_check: {
    path: "/health",
    protocol: "HTTP",
    port: "traffic-port",
    interval: 30,
    timeout: 5,
    healthy_threshold: 2,
    unhealthy_threshold: 3,
  },
});

/** A network, registry, service and delivery stack that belong together; new objects on every call. */
export function environment() {
  return {
    "staging-network": {
      resource: {
        aws_vpc: { main: { cidr_block: "10.0.0.0/16" } },
        aws_subnet: { a: { vpc_id: "${aws_vpc.main.id}" } },
      },
      output: { vpc: { value: "${aws_vpc.main.id}" }, subnet: { value: "${aws_subnet.a.id}" } },
    },
    "staging-registry": {
      resource: { aws_ecr_repository: { api: { name: "carts-api" } } },
      output: { url: { value: "${aws_ecr_repository.api.repository_url}" } },
    },
    "staging-service": {
      resource: {
        aws_ecs_cluster: { main: { name: "tasks-staging" } },
        aws_iam_role: { task: { name: "task" }, execution: { name: "execution" } },
        aws_security_group: { tasks: { name: "tasks" } },
        aws_lb: {
          main: {
            name: "tasks-staging",
            load_balancer_type: "application",
            internal: false,
            subnets: [remote("staging-network", "subnet")],
            security_groups: ["${aws_security_group.tasks.id}"],
          },
        },
        aws_lb_target_group: { one: targetGroup("tasks-1"), two: targetGroup("tasks-2") },
        aws_lb_listener: {
          production: {
            load_balancer_arn: "${aws_lb.main.arn}",
            port: 80,
            protocol: "HTTP",
            default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.one.arn}" }],
          },
          test: {
            load_balancer_arn: "${aws_lb.main.arn}",
            port: 9090,
            protocol: "HTTP",
            default_action: [
              {
                type: "forward",
                forward: {
                  target_group: [
                    { arn: "${aws_lb_target_group.one.arn}", weight: "100" },
                    { arn: "${aws_lb_target_group.two.arn}", weight: 0 },
                  ],
                },
              },
            ],
          },
        },
        aws_dynamodb_table: {
          tasks: {
            name: "tasks-staging",
            hash_key: "pk",
            range_key: "sk",
            attribute: [
              { name: "pk", type: "S" },
              { name: "sk", type: "S" },
            ],
            global_secondary_index: [{ name: "by-sk", hash_key: "sk", projection_type: "ALL" }],
          },
        },
        aws_ecs_task_definition: {
          main: {
            family: "tasks",
            cpu: "256",
            memory: 512,
            network_mode: "awsvpc",
            requires_compatibilities: ["FARGATE"],
            execution_role_arn: "${aws_iam_role.execution.arn}",
            task_role_arn: "${aws_iam_role.task.arn}",
            runtime_platform: { cpu_architecture: "X86_64", operating_system_family: "LINUX" },
            container_definitions: JSON.stringify([
              {
                name: "api",
                image: `${remote("staging-registry", "url")}:abc`,
                essential: true,
                portMappings: [{ containerPort: 8080, protocol: "tcp" }],
                environment: [{ name: "TABLE", value: "${aws_dynamodb_table.tasks.name}" }],
                stopTimeout: 45,
              },
            ]),
          },
        },
        aws_ecs_service: {
          main: {
            name: "tasks",
            cluster: "${aws_ecs_cluster.main.arn}",
            desired_count: 2,
            launch_type: "FARGATE",
            platform_version: "1.4.0",
            health_check_grace_period_seconds: 60,
            deployment_controller: { type: "CODE_DEPLOY" },
            load_balancer: [
              { container_name: "api", container_port: 8080, target_group_arn: "${aws_lb_target_group.one.arn}" },
            ],
            network_configuration: {
              subnets: [remote("staging-network", "subnet")],
              security_groups: ["${aws_security_group.tasks.id}"],
            },
          },
        },
      },
      output: {
        lbSuffix: { value: "${aws_lb.main.arn_suffix}" },
        oneSuffix: { value: "${aws_lb_target_group.one.arn_suffix}" },
        production: { value: "${aws_lb_listener.production.arn}" },
        test: { value: "${aws_lb_listener.test.arn}" },
      },
    },
    "staging-delivery": {
      data: { aws_caller_identity: { current: {} } },
      resource: {
        aws_codedeploy_app: { main: { name: "tasks", compute_platform: "ECS" } },
        aws_codedeploy_deployment_config: {
          custom: {
            deployment_config_name: "tasks-canary",
            compute_platform: "ECS",
            traffic_routing_config: { type: "TimeBasedCanary", time_based_canary: { interval: 7, percentage: 20 } },
          },
        },
        aws_cloudwatch_metric_alarm: {
          errors: {
            alarm_name: "tasks-target-5xx-1",
            alarm_actions: [TOPIC],
            ok_actions: [TOPIC],
            comparison_operator: "GreaterThanThreshold",
            threshold: 2,
            evaluation_periods: 1,
            treat_missing_data: "notBreaching",
            namespace: "AWS/ApplicationELB",
            metric_name: "HTTPCode_Target_5XX_Count",
            period: 60,
            statistic: "Sum",
            dimensions: {
              LoadBalancer: remote("staging-service", "lbSuffix"),
              TargetGroup: remote("staging-service", "oneSuffix"),
            },
          },
          share: {
            alarm_name: "tasks-share",
            comparison_operator: "GreaterThanThreshold",
            threshold: "0.5",
            evaluation_periods: 3,
            datapoints_to_alarm: 2,
            metric_query: [
              { id: "share", expression: "errors * 100", return_data: true },
              { id: "errors", metric: { namespace: "n", metric_name: "m", period: 60, stat: "p99", dimensions: {} } },
            ],
          },
        },
        aws_codedeploy_deployment_group: {
          main: {
            app_name: "${aws_codedeploy_app.main.name}",
            deployment_group_name: "tasks",
            deployment_config_name: "${aws_codedeploy_deployment_config.custom.deployment_config_name}",
            service_role_arn: "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/deploy",
            ecs_service: { cluster_name: "tasks-staging", service_name: "tasks" },
            alarm_configuration: {
              enabled: true,
              alarms: ["${aws_cloudwatch_metric_alarm.errors.alarm_name}", "tasks-share"],
            },
            trigger_configuration: [
              {
                trigger_name: "releases",
                trigger_target_arn: TOPIC,
                trigger_events: ["DeploymentFailure"],
              },
            ],
            auto_rollback_configuration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
            blue_green_deployment_config: {
              deployment_ready_option: { action_on_timeout: "CONTINUE_DEPLOYMENT" },
              terminate_blue_instances_on_deployment_success: {
                action: "TERMINATE",
                termination_wait_time_in_minutes: 5,
              },
            },
            load_balancer_info: {
              target_group_pair_info: {
                target_group: [{ name: "tasks-1" }, { name: "tasks-2" }],
                prod_traffic_route: { listener_arns: [remote("staging-service", "production")] },
                test_traffic_route: { listener_arns: [remote("staging-service", "test")] },
              },
            },
          },
        },
      },
    },
  };
}
