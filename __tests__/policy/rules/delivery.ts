import { at, list, type Block, type Estate } from "../estate";
import { adding, every, json, none, set, without, type Check, type Rule } from "../rule";
import { allowed, condition } from "../statements";
import { isSecret } from "./service";

const ALARM = "aws_cloudwatch_metric_alarm";
const GROUP = "aws_codedeploy_deployment_group";
const TOPIC = "aws_sns_topic";
const LAMBDA = "aws_lambda_function";
const CONFIG = "aws_codedeploy_deployment_config";
const ROLLBACK_EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];
/** Node.js versions that Lambda supports beyond 2026. */
const RUNTIMES = ["nodejs22.x", "nodejs24.x"];
const LONGEST_TIMEOUT_SECONDS = 300;

/** What the alarms of one target group look at. */
function kindsOf(estate: Estate): string[] {
  const groups = new Map<string, string[]>();
  for (const { block } of estate.all(ALARM)) {
    const group = String(at(block, "dimensions.TargetGroup"));
    groups.set(group, [...(groups.get(group) ?? []), String(block["metric_name"])].sort());
  }
  return [...groups.values()].map((metrics) => metrics.join());
}

const inGroup: Check = every(ALARM, (_, estate, alarm) =>
  estate.all(GROUP).some(({ block }) => {
    const { enabled, alarms } = (at(block, "alarm_configuration") ?? {}) as Block;
    return enabled === true && JSON.stringify(alarms).includes(`\${${alarm.type}.${alarm.name}.`);
  }),
);

/** What decides, what is told, and the functions that help. */
export const DELIVERY_RULES: readonly Rule[] = [
  {
    id: "alarms-gate-releases",
    title: "Every alarm stops a release",
    scanners: [],
    check: inGroup,
    breach: set(GROUP, "alarm_configuration.alarms", []),
  },
  {
    id: "alarms-for-both-colours",
    title: "Both target groups have the same alarms: either may carry the new version",
    scanners: [],
    check: (estate) => {
      const kinds = kindsOf(estate);
      return estate.all(GROUP).flatMap(({ path }) => (kinds.length === 2 && kinds[0] === kinds[1] ? [] : [path]));
    },
    breach: set(ALARM, "metric_name", "RequestCount"),
  },
  {
    id: "alarms-without-data",
    title: "No data is no fault: a load balancer publishes no zeros",
    scanners: [],
    check: every(ALARM, (block) => block["treat_missing_data"] === "notBreaching"),
    breach: set(ALARM, "treat_missing_data", "missing"),
  },
  {
    id: "alarms-tell",
    title: "Every alarm tells somebody",
    scanners: ["CKV_AWS_319"],
    check: every(ALARM, (block) => block["actions_enabled"] !== false && list(block["alarm_actions"]).length > 0),
    breach: set(ALARM, "alarm_actions", []),
  },
  {
    id: "alarms-before-the-old-ones-go",
    title: "A replaced alarm is there before the group loses the old one",
    scanners: [],
    check: every(ALARM, (block) => at(block, "lifecycle.create_before_destroy") === true),
    breach: set(ALARM, "lifecycle", {}),
  },
  {
    id: "releases-roll-back",
    title: "A release that fails, is stopped or trips an alarm is rolled back",
    scanners: [],
    check: every(
      GROUP,
      (block) =>
        at(block, "auto_rollback_configuration.enabled") === true &&
        list(at(block, "auto_rollback_configuration.events")).map(String).sort().join() === ROLLBACK_EVENTS.join(),
    ),
    breach: set(GROUP, "auto_rollback_configuration.events", ["DEPLOYMENT_FAILURE"]),
  },
  {
    id: "releases-see-their-alarms",
    title: "A release that can't see its alarms stops",
    scanners: [],
    check: every(GROUP, (block) => at(block, "alarm_configuration.ignore_poll_alarm_failure") !== true),
    breach: set(GROUP, "alarm_configuration.ignore_poll_alarm_failure", true),
  },
  {
    id: "releases-are-gradual",
    title: "A release never moves all traffic at once",
    scanners: [],
    check: every(GROUP, (block) => !String(block["deployment_config_name"]).includes("AllAtOnce")),
    breach: set(GROUP, "deployment_config_name", "CodeDeployDefault.ECSAllAtOnce"),
  },
  {
    id: "releases-keep-the-old-version",
    title: "The old version stays for a while after all traffic has moved",
    scanners: [],
    check: every(GROUP, (block) => {
      const old = at(block, "blue_green_deployment_config.terminate_blue_instances_on_deployment_success");
      return Number(at(old, "termination_wait_time_in_minutes")) > 0;
    }),
    breach: set(
      GROUP,
      "blue_green_deployment_config.terminate_blue_instances_on_deployment_success.termination_wait_time_in_minutes",
      0,
    ),
  },
  {
    id: "releases-are-tested-first",
    title: "A new version is behind the test listener before any user meets it",
    scanners: [],
    check: every(
      GROUP,
      (block) =>
        list(at(block, "load_balancer_info.target_group_pair_info.test_traffic_route.listener_arns")).length > 0,
    ),
    breach: set(GROUP, "load_balancer_info.target_group_pair_info.test_traffic_route", undefined),
  },
  {
    id: "own-strategy-is-gradual",
    title: "A strategy of one's own starts with half of the traffic at most",
    scanners: [],
    check: every(CONFIG, (block) => {
      const { time_based_canary: canary, time_based_linear: linear } = (at(block, "traffic_routing_config") ??
        {}) as Block;
      return Number(at(canary ?? linear, "percentage")) <= 50;
    }),
    breach: adding(CONFIG, { traffic_routing_config: { time_based_canary: { percentage: 90, interval: 5 } } }),
  },
  {
    id: "topic-encrypted",
    title: "Every topic is encrypted",
    scanners: ["CKV_AWS_26", "AVD-AWS-0095"],
    check: every(TOPIC, (block) => block["kms_master_key_id"] !== undefined),
    breach: set(TOPIC, "kms_master_key_id", undefined),
  },
  {
    id: "topic-for-this-account",
    title: "Only this account's alarms and events publish to the topic",
    scanners: ["CKV_AWS_385"],
    check: allowed({ aws_sns_topic_policy: "policy" }, (one) =>
      ["aws:SourceAccount", "aws:SourceArn"].some((key) =>
        ["StringEquals", "ArnLike", "ArnEquals"].some((operator) => condition(one, operator, key).length > 0),
      ),
    ),
    breach: json("aws_sns_topic_policy", "policy", (document) =>
      list(document["Statement"]).push({
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: "*",
      }),
    ),
  },
  {
    id: "topic-tls-only",
    title: "The topic takes messages over TLS alone",
    scanners: [],
    check: every("aws_sns_topic_policy", (block) => String(block["policy"]).includes('"aws:SecureTransport":"false"')),
    breach: json("aws_sns_topic_policy", "policy", (document) => (document["Statement"] = [])),
  },
  {
    id: "deployments-are-told",
    title: "Every state of every deployment is told",
    scanners: [],
    check: (estate) =>
      estate
        .all("aws_codedeploy_app")
        .filter(
          () =>
            !estate
              .all("aws_cloudwatch_event_rule")
              .some(({ block }) => String(block["event_pattern"]).includes("aws.codedeploy")),
        )
        .map(({ path }) => path),
    breach: without("aws_cloudwatch_event_rule"),
  },
  {
    id: "function-ends",
    title: "A function has a time after which it ends",
    scanners: [],
    check: every(
      LAMBDA,
      (block) => Number(block["timeout"]) > 0 && Number(block["timeout"]) <= LONGEST_TIMEOUT_SECONDS,
    ),
    breach: set(LAMBDA, "timeout", 900),
  },
  {
    id: "function-runtime",
    title: "A function's runtime is supported",
    scanners: ["CKV_AWS_363"],
    check: every(LAMBDA, (block) => RUNTIMES.includes(String(block["runtime"]))),
    breach: set(LAMBDA, "runtime", "nodejs16.x"),
  },
  {
    id: "function-concurrency",
    title: "A function can neither starve nor run wild",
    scanners: ["CKV_AWS_115"],
    check: every(LAMBDA, (block) => Number(block["reserved_concurrent_executions"]) > 0),
    breach: set(LAMBDA, "reserved_concurrent_executions", -1),
  },
  {
    id: "function-logs-are-its-own",
    title: "A function's log group is made, with its retention, before the function",
    scanners: [],
    check: every(LAMBDA, (block, estate) =>
      estate
        .all("aws_cloudwatch_log_group")
        .some(({ block: logs }) => logs["name"] === `/aws/lambda/${String(block["function_name"])}`),
    ),
    breach: set(LAMBDA, "function_name", "another"),
  },
  {
    id: "function-no-plain-secrets",
    title: "No secret stands in a function's environment",
    scanners: ["CKV_AWS_45"],
    check: every(LAMBDA, (block) =>
      Object.entries((at(block, "environment.variables") ?? {}) as Block).every(
        ([name, value]) => !isSecret(name, String(value)),
      ),
    ),
    breach: set(LAMBDA, "environment", { variables: { AWS_KEY: "AKIAIOSFODNN7EXAMPLE" } }),
  },
  {
    id: "function-environment-customer-key",
    title: "A function's environment is encrypted with a key of one's own",
    scanners: ["CKV_AWS_173"],
    check: every(LAMBDA, (block) => block["environment"] === undefined || block["kms_key_arn"] !== undefined),
    breach: adding(LAMBDA, { environment: { variables: {} } }),
  },
  {
    id: "function-dead-letters",
    title: "What a function fails at is kept",
    scanners: ["CKV_AWS_116"],
    check: every(LAMBDA, (block) => block["dead_letter_config"] !== undefined),
    breach: adding(LAMBDA, { function_name: "another" }),
  },
  {
    id: "function-in-vpc",
    title: "A function runs in the VPC",
    scanners: ["CKV_AWS_117"],
    check: every(LAMBDA, (block) => block["vpc_config"] !== undefined),
    breach: set(LAMBDA, "vpc_config", undefined, "hook"),
  },
  {
    id: "function-traced",
    title: "A function is traced with X-Ray",
    scanners: ["CKV_AWS_50"],
    check: every(LAMBDA, (block) => block["tracing_config"] !== undefined),
    breach: adding(LAMBDA, { function_name: "another" }),
  },
  {
    id: "function-code-signed",
    title: "A function's code is signed",
    scanners: ["CKV_AWS_272"],
    check: every(LAMBDA, (block) => block["code_signing_config_arn"] !== undefined),
    breach: adding(LAMBDA, { function_name: "another" }),
  },
  {
    id: "function-called-by-one",
    title: "A service calls a function for a named resource alone",
    scanners: ["CKV_AWS_364", "AVD-AWS-0067"],
    check: every("aws_lambda_permission", (block) => block["source_arn"] !== undefined),
    breach: set("aws_lambda_permission", "source_arn", undefined),
  },
  {
    id: "function-not-public",
    title: "No function has an address on the internet, or anyone as its caller",
    scanners: ["CKV_AWS_301"],
    check: (estate) => [
      ...none("aws_lambda_function_url")(estate),
      ...every("aws_lambda_permission", (block) => block["principal"] !== "*")(estate),
    ],
    breach: adding("aws_lambda_function_url", { authorization_type: "NONE" }),
  },
];
