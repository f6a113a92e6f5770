import { create, destroy, replace, update } from "../plan-fixture";
import type { Case } from "./case";

const TASK = "aws_ecs_task_definition";
const RULE = "door-container-unguarded";
const containers = (...all: readonly object[]) => ({ container_definitions: JSON.stringify(all) });
const LOGS = { logConfiguration: { logDriver: "awslogs" } };
const api = (values: object) => ({ name: "api", image: "x", ...values });

/** What leaves a container unwatched, or less fenced in. A changed task definition is a new revision: it is replaced. */
export const CONTAINERS: readonly Case[] = [
  {
    rule: RULE,
    when: "a container writes no logs any more",
    trips: [replace(TASK, containers(api(LOGS)), containers(api({})))],
    says: /^container api writes no logs any more/,
    silent: [replace(TASK, containers(api({})), containers(api(LOGS)))],
  },
  {
    rule: RULE,
    when: "a container can write to its root file system",
    trips: [update(TASK, containers(api({ readonlyRootFilesystem: true })), containers(api({})))],
    says: /^container api can write to its root file system/,
    silent: [
      update(
        TASK,
        containers(api({ readonlyRootFilesystem: true })),
        containers(api({ readonlyRootFilesystem: true })),
      ),
    ],
  },
  {
    rule: RULE,
    when: "it is one of several containers",
    trips: [
      replace(TASK, containers({ name: "proxy" }, api(LOGS)), containers(api({}), { name: "proxy", image: "y" })),
    ],
    says: /^container api writes no logs/,
    silent: [
      replace(TASK, containers(api(LOGS)), containers(api(LOGS), { name: "new" })),
      create(TASK, containers(api({})), { name: "first" }),
      destroy(TASK, containers(api(LOGS)), { name: "last" }),
      replace(TASK, containers(api(LOGS)), {}, { after_unknown: { container_definitions: true }, name: "unknown" }),
      replace(TASK, containers(api(LOGS)), { container_definitions: "no JSON" }, { name: "unreadable" }),
    ],
  },
];
