import { at, list, type Block, type Estate } from "../estate";
import { every, json, set, type Change, type Check, type Rule } from "../rule";

const TASK = "aws_ecs_task_definition";
const SERVICE = "aws_ecs_service";
const CLUSTER = "aws_ecs_cluster";
/** Names of secrets, and values that look like secrets. */
const SECRET_NAME = /PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL/i;
const SECRET_VALUE = /AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^/:@\s$]+:[^/@\s]+@/;
/** Attributes that CodeDeploy changes with every release, and those whose change would replace the service. */
const MOVED = [
  ...["task_definition", "load_balancer", "desired_count", "network_configuration"],
  ...["launch_type", "capacity_provider_strategy"],
];

/** Checks that `holds` is true for every container of a task definition. */
const everyContainer = (holds: (container: Block) => boolean): Check =>
  every(TASK, (block) => containersOf(block).every(holds));

const containersOf = (block: Block) => JSON.parse(String(block["container_definitions"])) as Block[];

/** Changes the first container. */
const container = (change: Block): Change =>
  json(TASK, "container_definitions", (document) => Object.assign(list(document)[0] as Block, change));

/** Variables with a secret, by name or by value. */
export function isSecret(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || SECRET_VALUE.test(value);
}

/** Rules for tasks, service, cluster and autoscaling. */
export const SERVICE_RULES: readonly Rule[] = [
  {
    id: "task-awsvpc",
    title: "A task has its own network interface, and so a security group",
    scanners: [],
    check: every(TASK, (block) => block["network_mode"] === "awsvpc"),
    breach: set(TASK, "network_mode", "bridge"),
  },
  {
    id: "task-roles-differ",
    title: "The execution role and the task role are different",
    scanners: ["CKV_AWS_249"],
    check: every(
      TASK,
      (block) => block["task_role_arn"] !== undefined && block["task_role_arn"] !== block["execution_role_arn"],
    ),
    breach: (estate) => {
      for (const { block } of estate.all(TASK)) block["task_role_arn"] = block["execution_role_arn"];
    },
  },
  {
    id: "task-own-processes",
    title: "A task sees only its own processes",
    scanners: ["CKV_AWS_335"],
    check: every(TASK, (block) => block["pid_mode"] !== "host"),
    breach: set(TASK, "pid_mode", "host"),
  },
  {
    id: "container-not-privileged",
    title: "No container is privileged",
    scanners: ["CKV_AWS_334"],
    check: everyContainer((one) => one["privileged"] !== true),
    breach: container({ privileged: true }),
  },
  {
    id: "container-read-only",
    title: "No container can write to its root file system",
    scanners: ["CKV_AWS_336"],
    check: everyContainer((one) => one["readonlyRootFilesystem"] === true),
    breach: container({ readonlyRootFilesystem: false }),
  },
  {
    id: "container-no-plain-secrets",
    title: "A task definition contains no secret",
    scanners: ["AVD-AWS-0036"],
    check: everyContainer((one) =>
      list(one["environment"]).every((each) => !isSecret(String(at(each, "name")), String(at(each, "value")))),
    ),
    breach: container({ environment: [{ name: "DATABASE_URL", value: "postgres://tasks:hunter2@db/tasks" }] }),
  },
  {
    id: "container-no-added-capabilities",
    title: "No container gets additional kernel capabilities",
    scanners: [],
    check: everyContainer((one) => list(at(one, "linuxParameters.capabilities.add")).length === 0),
    breach: container({ linuxParameters: { capabilities: { add: ["SYS_PTRACE"] } } }),
  },
  {
    id: "container-image-fixed",
    title: "A container's image is fixed by its digest, not by a mutable tag",
    scanners: [],
    check: everyContainer((one) => /@sha256:|^\$\{/.test(String(one["image"]))),
    breach: container({ image: "carts-api:latest" }),
  },
  {
    id: "container-logs",
    title: "The output of a container is logged",
    scanners: [],
    check: everyContainer((one) => at(one, "logConfiguration.logDriver") === "awslogs"),
    breach: container({ logConfiguration: undefined }),
  },
  {
    id: "service-no-public-address",
    title: "No task has a public address",
    scanners: ["CKV_AWS_333"],
    check: every(SERVICE, (block) => at(block, "network_configuration.assign_public_ip") === false),
    breach: set(SERVICE, "network_configuration.assign_public_ip", true),
  },
  {
    id: "service-latest-platform",
    title: "Tasks run on Fargate's latest platform",
    scanners: ["CKV_AWS_332"],
    check: every(SERVICE, (block) => [undefined, "LATEST"].includes(block["platform_version"] as string)),
    breach: set(SERVICE, "platform_version", "1.3.0"),
  },
  {
    id: "service-no-shell",
    title: "ECS Exec is turned off",
    scanners: [],
    check: every(SERVICE, (block) => block["enable_execute_command"] !== true),
    breach: set(SERVICE, "enable_execute_command", true),
  },
  {
    id: "service-more-than-one-task",
    title: "The service survives the loss of a zone",
    scanners: [],
    check: every(
      SERVICE,
      (block) => Number(block["desired_count"]) > 1 && list(at(block, "network_configuration.subnets")).length > 1,
    ),
    breach: set(SERVICE, "desired_count", 1),
  },
  {
    id: "service-left-to-codedeploy",
    title: "Terraform ignores what CodeDeploy changes in service and listeners",
    scanners: [],
    check: (estate) => [
      ...every(SERVICE, (block) => MOVED.every((key) => list(at(block, "lifecycle.ignore_changes")).includes(key)))(
        estate,
      ),
      ...every("aws_lb_listener", (block) => !forwards(block) || ignoresAction(block))(estate),
    ],
    breach: [
      set(SERVICE, "lifecycle.ignore_changes", ["desired_count"]),
      set(SERVICE, "lifecycle.ignore_changes", MOVED.slice(0, 4)),
      set("aws_lb_listener", "lifecycle", {}, "test-listener"),
    ],
  },
  {
    id: "service-waits-for-permissions",
    title: "The service is destroyed before the permissions and listeners that it needs to stop",
    scanners: [],
    check: every(SERVICE, (block, estate) => {
      const needs = list(block["depends_on"]).map(String);
      return (
        listenersOf(estate).every((name) => needs.includes(name)) &&
        needs.some((one) => one.startsWith("aws_iam_role_policy."))
      );
    }),
    breach: set(SERVICE, "depends_on", []),
  },
  {
    id: "cluster-insights",
    title: "The cluster has Container Insights",
    scanners: ["CKV_AWS_65", "AVD-AWS-0034"],
    check: every(CLUSTER, (block) =>
      list(block["setting"]).some(
        (one) => at(one, "name") === "containerInsights" && ["enabled", "enhanced"].includes(String(at(one, "value"))),
      ),
    ),
    breach: (estate) => {
      const { resource } = estate.stacks["service"] ?? {};
      if (resource) resource[CLUSTER] = { ...resource[CLUSTER], added: { name: "another" } };
    },
  },
  {
    id: "scaling-never-below-two",
    title: "Autoscaling keeps at least two tasks",
    scanners: [],
    check: every("aws_appautoscaling_target", (block) => Number(block["min_capacity"]) >= 2),
    breach: set("aws_appautoscaling_target", "min_capacity", 1),
  },
];

const forwards = (block: Block) => at(block, "default_action.type") === "forward";
const ignoresAction = (block: Block) => list(at(block, "lifecycle.ignore_changes")).includes("default_action");

/** Addresses of the listeners that forward. */
function listenersOf(estate: Estate): string[] {
  return estate
    .all("aws_lb_listener")
    .filter(({ block }) => forwards(block))
    .map(({ type, name }) => `${type}.${name}`);
}
