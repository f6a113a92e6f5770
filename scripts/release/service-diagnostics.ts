import type { Task } from "@aws-sdk/client-ecs";
import type { AwsPort } from "./aws-port";
import type { StoppedTask } from "./snapshot";

/**
 * Largest number of tasks in one call:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html (tasks)
 */
const TASKS_PER_CALL = 100;
/** Only the newest messages are kept. */
const MAX_MESSAGES = 3;

interface ServiceName {
  readonly cluster: string;
  readonly service: string;
}

/**
 * Tasks of the new version that stopped unexpectedly, newest first. ECS returns a stopped task for about an hour:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
 *
 * @param greenId id of the new task set (`ecs-svc/…`), which its tasks carry as `startedBy`
 * @throws what ListTasks and DescribeTasks throw
 */
export async function readStoppedTasks(
  aws: AwsPort,
  { cluster, service }: ServiceName,
  greenId: string | undefined,
): Promise<readonly StoppedTask[]> {
  if (greenId === undefined) return [];
  const { taskArns = [] } = await aws.listTasks({ cluster, serviceName: service, desiredStatus: "STOPPED" });
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await aws.describeTasks({ cluster, tasks: taskArns.slice(0, TASKS_PER_CALL) });
  return tasks
    .filter((task) => task.startedBy === greenId && !isScaleDown(task))
    .sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0))
    .map(stoppedTask);
}

/**
 * ECS's messages about problems of the new tasks, such as unhealthy targets or tasks that can't be placed.
 *
 * @param since only later messages are returned; milliseconds since the Unix epoch
 * @throws what DescribeServices throws
 */
export async function readServiceMessages(
  aws: AwsPort,
  { cluster, service }: ServiceName,
  since: number,
  greenId: string | undefined,
): Promise<readonly string[]> {
  const { services = [] } = await aws.describeServices({ cluster, services: [service] });
  const events = (services[0]?.events ?? [])
    .filter((event) => (event.createdAt?.getTime() ?? 0) >= since)
    .sort((a, b) => (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0))
    .map((event) => event.message ?? "")
    .filter((message) => /unhealthy|unable|fail/i.test(message))
    // A message that names a task set is only about that task set.
    .filter((message) => !message.includes("ecs-svc/") || greenId === undefined || message.includes(greenId));
  return [...new Set(events)].slice(-MAX_MESSAGES);
}

/** Whether the task stopped because its task set was scaled down, as in a rollback. */
function isScaleDown(task: Task): boolean {
  return /scaling activity initiated by/i.test(task.stoppedReason ?? "");
}

/** A stopped task with its own reason and the reason of the container that failed. Pure. */
export function stoppedTask(task: Task): StoppedTask {
  const culprit = (task.containers ?? []).find(
    (container) => container.reason !== undefined || (container.exitCode ?? 0) !== 0,
  );
  const container = culprit ?? task.containers?.find(({ exitCode }) => exitCode !== undefined);
  const reasons = [task.stoppedReason ?? task.stopCode ?? "ECS gave no reason", culprit?.reason].filter(
    (reason) => reason !== undefined,
  );
  return {
    id: task.taskArn?.split("/").at(-1) ?? "?",
    reason: reasons.join(": "),
    ...(container?.exitCode !== undefined && { exitCode: container.exitCode }),
  };
}
