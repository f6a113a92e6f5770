import type { DesiredStatus } from "@aws-sdk/client-ecs";
import type { Task, TaskStatus } from "../../ecs/part";

/** What ECS wants of a task in this status. */
export function desiredStatusOf(status: TaskStatus): Exclude<DesiredStatus, "PENDING"> {
  return status === "PROVISIONING" || status === "PENDING" || status === "RUNNING" ? "RUNNING" : "STOPPED";
}

/** How many tasks run and how many are on their way, as a cluster counts them. */
export function clusterCounts(tasks: readonly Task[]): {
  readonly runningTasksCount: number;
  readonly pendingTasksCount: number;
} {
  const count = (...statuses: TaskStatus[]) => tasks.filter(({ status }) => statuses.includes(status)).length;
  return { runningTasksCount: count("RUNNING"), pendingTasksCount: count("PROVISIONING", "PENDING") };
}
