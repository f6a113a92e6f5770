import { create, destroy, keep, update } from "../plan-fixture";
import type { Case } from "./case";

const RULE = "loses-capacity";
const SERVICE = "aws_ecs_service";
const TARGET = "aws_appautoscaling_target";
const POLICY = "aws_appautoscaling_policy";
const SCHEDULED = "aws_appautoscaling_scheduled_action";
const action = (most: number, least: number) => ({
  resource_id: "service/a/b",
  schedule: "cron(0 20 * * ? *)",
  scalable_target_action: [{ max_capacity: most, min_capacity: least }],
});
const steps = (adjustment_type: string, ...adjustments: readonly number[]) => ({
  step_scaling_policy_configuration: [
    { adjustment_type, step_adjustment: adjustments.map((scaling_adjustment) => ({ scaling_adjustment })) },
  ],
});
const providers = (...names: readonly string[]) => names.map((capacity_provider) => ({ capacity_provider, weight: 1 }));

/** A service with the name of a target group, and of a service in another cluster. */
const sameNames = (cluster: object) => [
  keep("aws_lb_target_group", { name: "b" }),
  keep(SERVICE, { name: "b", cluster: "arn:aws:ecs:r:1:cluster/z", desired_count: 1 }, { name: "other" }),
  keep(SERVICE, { name: "b", ...cluster, desired_count: 6 }),
];
const limits = (max_capacity: number, min_capacity: number) => ({
  resource_id: "service/a/b",
  ...{ max_capacity, min_capacity },
});
const target = (most: number, least: number) => keep(TARGET, limits(most, least));

/** Fewer tasks, or none. */
export const CAPACITY: readonly Case[] = [
  ...(
    [
      [3, undefined],
      [4, "caution"],
    ] as const
  ).flatMap(([after, level]): readonly Case[] => [
    {
      rule: RULE,
      when: `the service runs ${after} tasks instead of 6`,
      trips: [update(SERVICE, { desired_count: 6 }, { desired_count: after })],
      says: new RegExp(`^${after} tasks will run instead of 6`),
      ...(level && { level }),
      silent: [update(SERVICE, { desired_count: 6 }, {})],
    },
    {
      rule: RULE,
      when: `a service of 6 tasks gets its first limit of ${after}`,
      trips: [...sameNames({ cluster: "arn:aws:ecs:r:1:cluster/a" }), create(TARGET, limits(after, 2))],
      says: new RegExp(`^at most ${after} tasks may run, not 6$`),
      ...(level && { level }),
      silent: [
        ...sameNames({ cluster: "arn:aws:ecs:r:1:cluster/a" }),
        update(TARGET, limits(after, 2), { ...limits(after, 2), tags: { a: "b" } }),
      ],
    },
  ]),
  {
    rule: RULE,
    when: "a service that names no cluster gets its first limits",
    trips: [...sameNames({}), create(TARGET, limits(6, 5))],
    says: /^as few as 5 tasks may run, not 6$/,
    level: "caution",
    silent: [...sameNames({}), create(TARGET, limits(6, 6))],
  },
  {
    rule: RULE,
    when: "the service loses most of its tasks",
    trips: [update(SERVICE, { desired_count: 6 }, { desired_count: 1 })],
    says: /^1 task will run instead of 6/,
    silent: [update(SERVICE, { desired_count: 1 }, { desired_count: 6 })],
  },
  {
    rule: RULE,
    when: "the service loses some of its tasks",
    trips: [update(SERVICE, { desired_count: 6 }, { desired_count: 5 })],
    says: /^5 tasks will run instead of 6/,
    level: "caution",
    silent: [create(SERVICE, { desired_count: 1 })],
  },
  {
    rule: RULE,
    when: "autoscaling may add far fewer",
    trips: [update(TARGET, { min_capacity: 2, max_capacity: 20 }, { min_capacity: 2, max_capacity: 2 })],
    says: /^at most 2 tasks may run, not 20/,
    silent: [update(TARGET, { min_capacity: 2, max_capacity: 2 }, { min_capacity: 2, max_capacity: 20 })],
  },
  {
    rule: RULE,
    when: "autoscaling may add somewhat fewer",
    trips: [update(TARGET, { max_capacity: 20 }, { max_capacity: 18 })],
    says: /^at most 18 tasks/,
    level: "caution",
    silent: [create(TARGET, { max_capacity: 2 })],
  },
  {
    rule: RULE,
    when: "autoscaling may leave no task",
    trips: [update(TARGET, { min_capacity: 2 }, { min_capacity: 0 })],
    says: /^all tasks may be removed$/,
    silent: [update(TARGET, { min_capacity: 0 }, { min_capacity: 1 })],
  },
  {
    rule: RULE,
    when: "a new step takes every task",
    trips: [create(POLICY, steps("ExactCapacity", 4, 0))],
    says: /^a step of it removes all tasks$/,
    silent: [
      create(POLICY, steps("ExactCapacity", 4, 2)),
      create(POLICY, steps("ChangeInCapacity", -50), { name: "b" }),
      destroy(POLICY, steps("ExactCapacity", 0), { name: "c" }),
    ],
  },
  {
    rule: RULE,
    when: "a new step takes half of the tasks",
    trips: [create(POLICY, steps("PercentChangeInCapacity", -50))],
    says: /removes 50 % of the tasks$/,
    silent: [create(POLICY, steps("PercentChangeInCapacity", -49, 50))],
  },
  {
    rule: RULE,
    when: "the steps are not known yet",
    trips: [
      update(POLICY, steps("ChangeInCapacity", 2), {}, { after_unknown: { step_scaling_policy_configuration: true } }),
    ],
    says: /^can't be assessed before apply: step_scaling_policy_configuration/,
    level: "caution",
    silent: [
      update(POLICY, steps("ChangeInCapacity", 2), steps("ChangeInCapacity", 2), { after_unknown: { arn: true } }),
    ],
  },
  {
    rule: RULE,
    when: "steps change",
    trips: [update(POLICY, steps("ChangeInCapacity", 2), steps("ChangeInCapacity", 1))],
    says: /^its steps change/,
    level: "caution",
    silent: [update(POLICY, steps("ChangeInCapacity", 2), steps("ChangeInCapacity", 2))],
  },
  {
    rule: RULE,
    when: "a new schedule leaves no task",
    trips: [target(20, 2), create(SCHEDULED, action(0, 0))],
    says: /^no task may run from cron.*\nall tasks may be removed from cron/,
    silent: [target(20, 2), create(SCHEDULED, action(20, 2))],
  },
  {
    rule: RULE,
    when: "a new schedule allows far fewer tasks than usual",
    trips: [target(20, 1), create(SCHEDULED, action(2, 1))],
    says: /^at most 2 tasks may run from cron.*, not 20$/,
    silent: [
      create(SCHEDULED, action(2, 1)),
      update(SCHEDULED, action(0, 0), { ...action(0, 0), tags_all: { a: "b" } }, { name: "later" }),
      destroy(SCHEDULED, action(20, 4), { name: "old" }),
    ],
  },
  {
    rule: RULE,
    when: "a new schedule allows fewer tasks than the limits of the service, which a policy has too",
    trips: [
      keep(POLICY, { resource_id: "service/a/b" }),
      keep(TARGET, { resource_id: "service/a/c", max_capacity: 2, min_capacity: 1 }, { name: "other" }),
      target(20, 2),
      create(SCHEDULED, action(18, 2)),
    ],
    says: /^at most 18 tasks may run from cron.*, not 20$/,
    level: "caution",
    silent: [
      keep(TARGET, { resource_id: "service/a/c", max_capacity: 20, min_capacity: 1 }, { name: "other" }),
      create(SCHEDULED, action(18, 2)),
    ],
  },
  {
    rule: RULE,
    when: "a schedule lowers the minimum",
    trips: [update(SCHEDULED, action(20, 4), action(20, 2))],
    says: /^as few as 2 tasks may run/,
    level: "caution",
    silent: [update(SCHEDULED, action(20, 2), action(20, 4))],
  },
  ...(
    [
      [SERVICE, "capacity_provider_strategy"],
      ["aws_ecs_cluster_capacity_providers", "default_capacity_provider_strategy"],
    ] as const
  ).flatMap(([type, attribute]): readonly Case[] => [
    {
      rule: RULE,
      when: `${attribute} of ${type} uses Spot`,
      trips: [
        update(type, { [attribute]: providers("FARGATE") }, { [attribute]: providers("FARGATE", "FARGATE_SPOT") }),
      ],
      says: /^its tasks run on Spot/,
      silent: [create(type, { [attribute]: providers("FARGATE_SPOT") })],
    },
    {
      rule: RULE,
      when: `${attribute} of ${type} no longer uses Spot`,
      trips: [update(type, { [attribute]: providers("FARGATE_SPOT") }, { [attribute]: providers("FARGATE") })],
      says: /tasks run on other capacity$/,
      level: "caution",
      silent: [update(type, { [attribute]: providers("FARGATE") }, { [attribute]: providers("FARGATE") })],
    },
    {
      rule: RULE,
      when: `${attribute} of ${type} uses Spot as before, and another provider`,
      trips: [
        update(type, { [attribute]: providers("FARGATE_SPOT") }, { [attribute]: providers("FARGATE_SPOT", "FARGATE") }),
      ],
      says: /tasks run on other capacity$/,
      level: "caution",
      silent: [destroy(type, { [attribute]: providers("FARGATE") })],
    },
  ]),
  {
    rule: "loses-capacity",
    when: "autoscaling may remove all tasks",
    trips: [update("aws_appautoscaling_target", { max_capacity: 4 }, { max_capacity: 0 })],
    says: /^at most 0 tasks may run, and the minimum was nothing$/,
    silent: [update("aws_appautoscaling_target", { max_capacity: 4 }, { max_capacity: 6 })],
  },
  {
    rule: "loses-capacity",
    when: "the maximum is below the former minimum",
    trips: [
      update("aws_appautoscaling_target", { min_capacity: 4, max_capacity: 8 }, { min_capacity: 4, max_capacity: 3 }),
    ],
    says: /^at most 3 tasks may run, and the minimum was 4$/,
    silent: [
      update("aws_appautoscaling_target", { min_capacity: 4, max_capacity: 4 }, { min_capacity: 4, max_capacity: 8 }),
    ],
  },
  {
    rule: "loses-capacity",
    when: "fewer tasks may run",
    trips: [update("aws_appautoscaling_target", { min_capacity: 4 }, { min_capacity: 2 })],
    says: /^as few as 2 tasks may run, not 4$/,
    level: "caution",
    silent: [update("aws_appautoscaling_target", { min_capacity: 2 }, { min_capacity: 4 })],
  },
  {
    rule: "loses-capacity",
    when: "the service has no task any more",
    trips: [update("aws_ecs_service", { desired_count: 2 }, { desired_count: 0 })],
    says: /no task/,
    silent: [update("aws_ecs_service", { desired_count: 1 }, { desired_count: 2 })],
  },
];
