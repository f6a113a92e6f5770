import { at, list, type Block, type Estate } from "../estate";
import { accompanied, adding, every, json, set, without, type Change, type Check, type Rule } from "../rule";
import { allowed, condition, refusesWithoutTls } from "../statements";

const ALARM = "aws_cloudwatch_metric_alarm";
const GROUP = "aws_codedeploy_deployment_group";
const TOPIC = "aws_sns_topic";
const TOPIC_POLICY = "aws_sns_topic_policy";
const EVENT_RULE = "aws_cloudwatch_event_rule";
const EVENT_TARGET = "aws_cloudwatch_event_target";
const CONFIG = "aws_codedeploy_deployment_config";
/** Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const MAX_ALARMS = 10;
const ROLLBACK_EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];

/** The metrics of an alarm, with their dimensions. The first ones are of the target group that it judges. */
function metricsOf(alarm: Block): readonly { readonly name: string; readonly dimensions: unknown }[] {
  const queried = list(alarm["metric_query"]).flatMap((query) => at(query, "metric") ?? []);
  const { metric_name: name, dimensions } = alarm;
  return [
    ...(typeof name === "string" ? [{ name, dimensions }] : []),
    ...queried.map((metric) => ({ name: String(at(metric, "metric_name")), dimensions: at(metric, "dimensions") })),
  ];
}

/** The metrics of one target group's alarms. */
function kindsOf(estate: Estate): string[] {
  const groups = new Map<string, string[]>();
  for (const { block } of estate.all(ALARM)) {
    const metrics = metricsOf(block);
    const group = String(at(metrics[0]?.dimensions, "TargetGroup"));
    groups.set(group, [...(groups.get(group) ?? []), metrics.map(({ name }) => name).join("+")].sort());
  }
  return [...groups.values()].map((metrics) => metrics.join());
}

const inGroup: Check = every(ALARM, (_, estate, alarm) =>
  estate.all(GROUP).some(({ block }) => {
    const { enabled, alarms } = (at(block, "alarm_configuration") ?? {}) as Block;
    return enabled === true && JSON.stringify(alarms).includes(`\${${alarm.type}.${alarm.name}.`);
  }),
);

const isTopic = ({ arn }: Block) => String(arn).includes("aws_sns_topic.");

/** Whether the rule is on, and its pattern includes every state of the application's deployments. */
function tellsEverything(rule: Block, application: unknown): boolean {
  const { source, detail, "detail-type": kind, ...others } = JSON.parse(String(rule["event_pattern"])) as Block;
  const kinds = list(kind);
  return (
    rule["state"] !== "DISABLED" &&
    rule["is_enabled"] !== false &&
    Object.keys(others).length === 0 &&
    list(source).includes("aws.codedeploy") &&
    (kinds.length === 0 || kinds.includes("CodeDeploy Deployment State-change Notification")) &&
    Object.entries((detail ?? {}) as Block).every(
      ([key, values]) => key === "application" && list(values).includes(application),
    )
  );
}

/** Changes the pattern of the rule for deployments. */
const pattern = (change: Block): Change =>
  json(EVENT_RULE, "event_pattern", (document) => Object.assign(document["detail"] as object, change));

/** Changes the statement that denies access without TLS. */
const refusal = (change: Block): Change =>
  json(TOPIC_POLICY, "policy", (document) =>
    Object.assign(list(document["Statement"]).find((one) => at(one, "Effect") === "Deny") as object, change),
  );

/** Rules for alarms, releases and notifications. */
export const DELIVERY_RULES: readonly Rule[] = [
  {
    id: "alarms-gate-releases",
    title: "Every alarm stops a release",
    scanners: [],
    check: inGroup,
    breach: set(GROUP, "alarm_configuration.alarms", []),
  },
  {
    id: "alarms-for-both-target-groups",
    title: "Both target groups have the same alarms, because either may serve the new version",
    scanners: [],
    check: (estate) => {
      const kinds = kindsOf(estate);
      return estate.all(GROUP).flatMap(({ path }) => (kinds.length === 2 && kinds[0] === kinds[1] ? [] : [path]));
    },
    breach: set(ALARM, "metric_name", "RequestCount"),
  },
  {
    id: "alarms-see-the-service",
    title: "Every alarm watches a target group of the load balancer",
    scanners: [],
    check: every(ALARM, (block, estate) => {
      const existing = Object.values(estate.stacks["service"]?.data?.["aws_lb"] ?? {}).map(({ arn }) => String(arn));
      const metrics = metricsOf(block);
      return (
        metrics.length > 0 &&
        metrics.every(({ dimensions }) => {
          const isOf = (key: string, type: string) => {
            const suffix = estate.follow(at(dimensions, key));
            return estate.all(type).some(({ name }) => suffix === `\${${type}.${name}.arn_suffix}`);
          };
          const suffix = String(at(dimensions, "LoadBalancer"));
          const isExisting = existing.some((arn) => arn.endsWith(`:loadbalancer/${suffix}`));
          return (isExisting || isOf("LoadBalancer", "aws_lb")) && isOf("TargetGroup", "aws_lb_target_group");
        })
      );
    }),
    breach: [
      set(ALARM, "dimensions.LoadBalancer", "app/another/0123456789abcdef", "unhealthyHosts"),
      set(ALARM, "dimensions.TargetGroup", "targetgroup/another/0123456789abcdef", "unhealthyHosts"),
      set(ALARM, "metric_query.metric.dimensions.LoadBalancer", "app/another/0123456789abcdef", "failedRequests"),
      set(ALARM, "metric_query.metric.dimensions.TargetGroup", "targetgroup/another/1", "slowRequests"),
    ],
  },
  {
    id: "alarms-within-the-quota",
    title: "A deployment group has ten alarms at most, which is CodeDeploy's quota",
    scanners: [],
    check: every(GROUP, (block) => list(at(block, "alarm_configuration.alarms")).length <= MAX_ALARMS),
    breach: set(
      GROUP,
      "alarm_configuration.alarms",
      Array.from({ length: MAX_ALARMS + 1 }, (_, index) => `alarm-${index}`),
    ),
  },
  {
    id: "alarms-without-data",
    title: "Missing data does not fire an alarm, because a load balancer publishes no zeros",
    scanners: [],
    check: every(ALARM, (block) => block["treat_missing_data"] === "notBreaching"),
    breach: set(ALARM, "treat_missing_data", "missing"),
  },
  {
    id: "alarms-notify",
    title: "Every alarm notifies somebody",
    scanners: ["CKV_AWS_319"],
    check: every(ALARM, (block) => block["actions_enabled"] !== false && list(block["alarm_actions"]).length > 0),
    breach: set(ALARM, "alarm_actions", []),
  },
  {
    id: "alarms-created-before-destroy",
    title: "A new alarm is created before the old one is deleted",
    scanners: [],
    check: every(ALARM, (block) => at(block, "lifecycle.create_before_destroy") === true),
    breach: set(ALARM, "lifecycle", {}),
  },
  {
    id: "releases-roll-back",
    title: "A release that fails, is stopped or fires an alarm is rolled back",
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
    title: "A release that can't read its alarms stops",
    scanners: [],
    check: every(GROUP, (block) => at(block, "alarm_configuration.ignore_poll_alarm_failure") !== true),
    breach: set(GROUP, "alarm_configuration.ignore_poll_alarm_failure", true),
  },
  {
    id: "releases-are-gradual",
    title: "A release never shifts all traffic at once",
    scanners: [],
    check: every(GROUP, (block) => !String(block["deployment_config_name"]).includes("AllAtOnce")),
    breach: set(GROUP, "deployment_config_name", "CodeDeployDefault.ECSAllAtOnce"),
  },
  {
    id: "releases-keep-the-old-version",
    title: "The old version is kept for some time after all traffic has shifted",
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
    title: "A new version is tested behind the test listener before it gets traffic",
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
    title: "A custom strategy starts with at most half of the traffic",
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
    check: (estate) => [
      ...accompanied(TOPIC, TOPIC_POLICY)(estate),
      ...allowed({ [TOPIC_POLICY]: "policy" }, (one) =>
        ["aws:SourceAccount", "aws:SourceArn"].some((key) =>
          ["StringEquals", "ArnLike", "ArnEquals"].some((operator) => condition(one, operator, key).length > 0),
        ),
      )(estate),
    ],
    breach: json(TOPIC_POLICY, "policy", (document) =>
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
    title: "The topic accepts messages only over TLS",
    scanners: [],
    check: every(TOPIC, (_, estate, topic) => {
      const arn = `\${${topic.type}.${topic.name}.arn}`;
      return estate
        .referrers(topic)
        .some(({ type, block }) => type === TOPIC_POLICY && refusesWithoutTls(block["policy"], "sns:Publish", [arn]));
    }),
    breach: [
      json(TOPIC_POLICY, "policy", (document) => (document["Statement"] = [])),
      without(TOPIC_POLICY),
      refusal({ Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
      refusal({ Action: "sns:Subscribe" }),
      refusal({ Resource: "arn:aws:sns:eu-central-1:123456789012:another" }),
    ],
  },
  {
    id: "deployments-notify",
    title: "Every state change of every deployment is sent to the topic",
    scanners: [],
    check: every("aws_codedeploy_app", (application, estate) =>
      estate
        .all(EVENT_RULE)
        .filter(({ block }) => tellsEverything(block, application["name"]))
        .some((rule) => estate.referrers(rule).some(({ type, block }) => type === EVENT_TARGET && isTopic(block))),
    ),
    breach: [
      without(EVENT_RULE),
      without(EVENT_TARGET),
      set(EVENT_TARGET, "arn", "arn:aws:logs:eu-central-1:123456789012:log-group:events"),
      set(EVENT_RULE, "state", "DISABLED"),
      pattern({ state: ["FAILURE", "SUCCESS"] }),
      pattern({ application: ["another"] }),
    ],
  },
];
