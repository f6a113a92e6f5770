import { create, destroy, keep, update } from "../plan-fixture";
import type { Case } from "./case";

const GROUP = "aws_codedeploy_deployment_group";
const CONFIG = "aws_codedeploy_deployment_config";
const groupChange = (before: object, after: object) => update(GROUP, before, after);
const custom = (type: "canary" | "linear", percentage: number, interval: number) => ({
  deployment_config_name: `own-${type}-${percentage}-${interval}`,
  traffic_routing_config: [
    type === "canary"
      ? { type: "TimeBasedCanary", time_based_canary: [{ percentage, interval }], time_based_linear: [] }
      : { type: "TimeBasedLinear", time_based_canary: [], time_based_linear: [{ percentage, interval }] },
  ],
});
const trigger = (topic: string, ...events: readonly string[]) => ({
  trigger_configuration: [{ trigger_name: "t", trigger_target_arn: topic, trigger_events: events }],
});
const config = (name: string) => ({ deployment_config_name: name });

const alarms = (names: readonly string[], rest: object = {}) => ({
  alarm_configuration: [{ alarms: names, enabled: true, ignore_poll_alarm_failure: false, ...rest }],
});
const rollback = (events: readonly string[], enabled = true) => ({
  auto_rollback_configuration: [{ enabled, events }],
});
const wait = (minutes: number) => ({
  blue_green_deployment_config: [
    { terminate_blue_instances_on_deployment_success: [{ termination_wait_time_in_minutes: minutes }] },
  ],
});
const style = (type: string, option = "WITH_TRAFFIC_CONTROL") => ({
  deployment_style: [{ deployment_type: type, deployment_option: option }],
});
const routes = (production: readonly string[], test: readonly string[]) => ({
  load_balancer_info: [
    {
      target_group_pair_info: [
        {
          prod_traffic_route: [{ listener_arns: production }],
          test_traffic_route: test.length === 0 ? [] : [{ listener_arns: test }],
        },
      ],
    },
  ],
});
const STOP = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"];

/** Deployment groups with a weaker gate. */
export const GROUPS: readonly Case[] = [
  {
    rule: "gate-alarm-removed",
    when: "an alarm is removed from the group",
    trips: [groupChange(alarms(["a", "b"]), alarms(["b"]))],
    says: /^a no longer stops releases$/,
    silent: [groupChange(alarms(["a", "b"]), alarms(["c", "b", "a"]))],
  },
  {
    rule: "gate-alarm-removed",
    when: "the alarms are not known yet",
    trips: [update(GROUP, alarms(["a"]), alarms([]), { after_unknown: { alarm_configuration: [{ alarms: [true] }] } })],
    says: /can't be assessed before apply/,
    level: "caution",
    silent: [
      update(GROUP, alarms(["a"]), alarms(["a"]), { after_unknown: { alarm_configuration: [{ alarms: [false] }] } }),
    ],
  },
  {
    rule: "gate-alarm-removed",
    when: "more alarms are removed than the unknown ones can be",
    trips: [
      update(GROUP, alarms(["a", "b", "c"]), alarms(["c"]), {
        after_unknown: { alarm_configuration: [{ alarms: [false, true] }] },
      }),
    ],
    says: /^1 of a, b no longer stops releases$/,
    silent: [
      update(GROUP, alarms(["a"]), alarms(["a"]), {
        after_unknown: { alarm_configuration: [{ alarms: [false, true] }] },
      }),
    ],
  },
  {
    rule: "gate-alarms-off",
    when: "the alarms are turned off",
    trips: [groupChange(alarms(["a"]), alarms(["a"], { enabled: false }))],
    says: /alarms no longer stop a release/,
    silent: [
      groupChange(alarms(["a"], { enabled: false }), alarms(["a"])),
      update(GROUP, alarms(["a"], { enabled: null }), alarms(["a"], { enabled: false }), { name: "off" }),
    ],
  },
  {
    rule: "gate-alarms-off",
    when: "the block of the alarms is removed",
    trips: [groupChange(alarms(["a"]), { alarm_configuration: [] })],
    says: /alarms no longer stop a release/,
    silent: [groupChange(alarms(["a"]), alarms(["a", "b"]))],
  },
  {
    rule: "gate-poll-failure-ignored",
    when: "a failed poll of the alarms is ignored",
    trips: [groupChange(alarms(["a"]), alarms(["a"], { ignore_poll_alarm_failure: true }))],
    says: /can't read its alarms/,
    silent: [groupChange(alarms(["a"], { ignore_poll_alarm_failure: true }), alarms(["a"]))],
  },
  {
    rule: "gate-rollback-removed",
    when: "a rollback event is removed",
    trips: [groupChange(rollback(STOP), rollback(["DEPLOYMENT_FAILURE"]))],
    says: /DEPLOYMENT_STOP_ON_ALARM/,
    silent: [groupChange(rollback(["DEPLOYMENT_FAILURE"]), rollback(STOP))],
  },
  {
    rule: "gate-rollback-removed",
    when: "rollbacks are turned off",
    trips: [groupChange(rollback(STOP), rollback(STOP, false))],
    says: /no longer rolled back automatically/,
    silent: [groupChange(rollback(STOP, false), rollback(STOP))],
  },
  {
    rule: "gate-termination-wait-shortened",
    when: "the old version is kept for a shorter time",
    trips: [groupChange(wait(30), wait(5))],
    says: /5 minutes instead of 30/,
    silent: [groupChange(wait(5), wait(30)), update(GROUP, {}, wait(0), { name: "not-set" })],
  },
  {
    rule: "gate-style-changed",
    when: "releases are no longer blue/green",
    trips: [groupChange(style("BLUE_GREEN"), style("IN_PLACE"))],
    says: /no longer blue\/green/,
    silent: [groupChange(style("IN_PLACE"), style("BLUE_GREEN"))],
  },
  {
    rule: "gate-style-changed",
    when: "traffic is no longer controlled",
    trips: [groupChange(style("BLUE_GREEN"), style("BLUE_GREEN", "WITHOUT_TRAFFIC_CONTROL"))],
    says: /no longer blue\/green with traffic control/,
    silent: [groupChange(style("BLUE_GREEN", "WITHOUT_TRAFFIC_CONTROL"), style("BLUE_GREEN"))],
  },
  {
    rule: "gate-route-changed",
    when: "the group has no test listener any more",
    trips: [groupChange(routes(["p"], ["t"]), routes(["p"], []))],
    says: /^the test listener is removed/,
    silent: [groupChange({ ...routes(["p"], ["t"]), tags: {} }, { ...routes(["p"], ["t"]), tags: { a: "b" } })],
  },
  {
    rule: "gate-route-changed",
    when: "the group gets a test listener, or another one",
    trips: [groupChange(routes(["p"], ["t"]), routes(["p"], ["u"]))],
    says: /other listeners/,
    level: "caution",
    silent: [create(GROUP, routes(["p"], [])), destroy(GROUP, routes(["p"], ["t"]), { name: "gone" })],
  },
  {
    rule: "gate-route-changed",
    when: "the group gets other listeners",
    trips: [groupChange({ load_balancer_info: [{ a: 1 }] }, { load_balancer_info: [{ a: 2 }] })],
    says: /other listeners/,
    level: "caution",
    silent: [
      groupChange({ load_balancer_info: [{ a: 1 }], tags: {} }, { load_balancer_info: [{ a: 1 }], tags: { a: "b" } }),
    ],
  },
  {
    rule: "gate-strategy-exposes-more",
    when: "a canary becomes all at once",
    trips: [
      groupChange(config("CodeDeployDefault.ECSCanary10Percent5Minutes"), config("CodeDeployDefault.ECSAllAtOnce")),
    ],
    says: /100 % of the traffic after 0 minutes, instead of 10 %/,
    silent: [
      groupChange(config("CodeDeployDefault.ECSAllAtOnce"), config("CodeDeployDefault.ECSCanary10Percent5Minutes")),
    ],
  },
  {
    rule: "gate-strategy-exposes-more",
    when: "a canary gets a shorter wait by a config of this stack",
    trips: [
      groupChange(config("CodeDeployDefault.ECSCanary10Percent15Minutes"), config("own-canary-10-5")),
      create(CONFIG, custom("canary", 10, 5)),
    ],
    says: /100 % of the traffic after 5 minutes, instead of 10 %/,
    silent: [
      groupChange(config("CodeDeployDefault.ECSCanary10Percent15Minutes"), config("own-canary-5-15")),
      create(CONFIG, custom("canary", 5, 15)),
    ],
  },
  {
    rule: "gate-strategy-exposes-more",
    when: "a config is changed in place",
    trips: [update(CONFIG, custom("canary", 5, 10), custom("canary", 50, 10))],
    says: /50 % of the traffic after 0 minutes, instead of 5 %/,
    silent: [update(CONFIG, custom("canary", 50, 10), custom("canary", 5, 10))],
  },
  {
    rule: "gate-strategy-exposes-more",
    when: "a linear config takes larger steps",
    trips: [update(CONFIG, custom("linear", 10, 5), custom("linear", 20, 5))],
    says: /20 % of the traffic after 0 minutes, instead of 10 %/,
    silent: [update(CONFIG, custom("linear", 20, 5), custom("linear", 10, 5))],
  },
  {
    rule: "gate-strategy-exposes-more",
    when: "a config becomes all at once",
    trips: [update(CONFIG, custom("linear", 10, 5), { traffic_routing_config: [{ type: "AllAtOnce" }] })],
    says: /100 % of the traffic after 0 minutes, instead of 10 %/,
    silent: [update(CONFIG, { traffic_routing_config: [{ type: "AllAtOnce" }] }, custom("linear", 10, 5))],
  },
  {
    rule: "gate-strategy-exposes-more",
    when: "a config is not known yet",
    trips: [
      update(CONFIG, custom("linear", 10, 5), custom("linear", 10, 5), {
        after_unknown: { traffic_routing_config: true },
      }),
    ],
    says: /doesn't know how it shifts traffic/,
    level: "caution",
    silent: [create(CONFIG, custom("linear", 50, 5))],
  },
  ...(["percentage", "interval"] as const).map((name): Case => ({
    rule: "gate-strategy-exposes-more",
    when: `the ${name} of a config is not known yet`,
    trips: [
      update(
        CONFIG,
        custom("canary", 10, 5),
        {
          ...custom("canary", 10, 5),
          traffic_routing_config: [
            { type: "TimeBasedCanary", time_based_canary: [{ percentage: 10, interval: 5, [name]: null }] },
          ],
        },
        { after_unknown: { traffic_routing_config: [{ time_based_canary: [{ [name]: true }] }] } },
      ),
    ],
    says: /doesn't know how it shifts traffic/,
    level: "caution",
    silent: [create(CONFIG, custom("linear", 50, 5))],
  })),
  {
    rule: "gate-strategy-exposes-more",
    when: "a group no longer uses a config of this stack, which changes to what is not known yet",
    trips: [
      groupChange(config("own-canary-10-5"), config("CodeDeployDefault.ECSAllAtOnce")),
      update(CONFIG, custom("canary", 10, 5), custom("canary", 10, 5), {
        after_unknown: { traffic_routing_config: true },
      }),
    ],
    says: /100 % of the traffic after 0 minutes, instead of 10 %/,
    level: "both",
    silent: [
      groupChange(config("own-canary-50-5"), config("CodeDeployDefault.ECSCanary10Percent5Minutes")),
      create(CONFIG, custom("canary", 5, 5), { name: "other" }),
      create(CONFIG, custom("canary", 50, 5)),
      keep(CONFIG, custom("canary", 5, 5), { name: "another" }),
      keep(CONFIG, custom("canary", 50, 5), { name: "kept" }),
    ],
  },
  {
    rule: "gate-strategy-exposes-more",
    when: "the former strategy is not known",
    trips: [groupChange(config("somebody-elses"), config("CodeDeployDefault.ECSAllAtOnce"))],
    says: /doesn't know how it shifts traffic/,
    level: "caution",
    silent: [create(GROUP, config("CodeDeployDefault.ECSAllAtOnce"))],
  },
  {
    rule: "gate-strategy-exposes-more",
    when: "the new strategy is not known",
    trips: [groupChange(config("CodeDeployDefault.ECSAllAtOnce"), config("somebody-elses"))],
    says: /doesn't know how it shifts traffic/,
    level: "caution",
    silent: [groupChange(config("somebody-elses"), config("somebody-elses"))],
  },
  {
    rule: "gate-triggers-removed",
    when: "a deployment group no longer sends notifications",
    trips: [update(GROUP, trigger("arn:t", "DeploymentFailure", "DeploymentRollback"), { trigger_configuration: [] })],
    says: /^no notifications are sent any more about DeploymentFailure, DeploymentRollback$/,
    silent: [update(GROUP, trigger("arn:t", "DeploymentFailure"), trigger("arn:t", "DeploymentFailure"))],
  },
  {
    rule: "gate-triggers-removed",
    when: "a deployment group notifies another topic",
    trips: [update(GROUP, trigger("arn:t", "DeploymentFailure"), trigger("arn:other", "DeploymentFailure"))],
    says: /^no notifications are sent any more about DeploymentFailure$/,
    silent: [create(GROUP, trigger("arn:t", "DeploymentFailure"))],
  },
  {
    rule: "gate-triggers-removed",
    when: "a deployment group notifies about more events",
    trips: [
      update(GROUP, trigger("arn:t", "DeploymentFailure"), trigger("arn:t", "DeploymentFailure", "DeploymentStop")),
    ],
    says: /^more notifications about releases are sent$/,
    level: "caution",
    silent: [update(GROUP, { trigger_configuration: [] }, { trigger_configuration: [] })],
  },
];
