import type { Clock } from "../clock";
import { uuidOf } from "../derived-ids";
import type { ServiceEvent } from "./part";

/**
 * Number of events that ECS keeps of a service.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
 */
const KEPT_EVENTS = 100;

/**
 * The service's events, in ECS's words. The words for services with task sets are recorded from AWS: in the AWS CLI's
 * example of describe-services (`computedDesiredCount`, `STEADY_STATE` a millisecond before the steady state;
 * https://docs.aws.amazon.com/cli/latest/reference/ecs/describe-services.html), and in a CodeDeploy run of 2023
 * (https://github.com/aws-6w8hnx/code-workshop-ecs-lambda-codedeploy: computedDesiredCount, started, registered with
 * the task set's name, STEADY_STATE). No record of "deregistered" with a task set was found; it is written like
 * "registered".
 */
export class ServiceEvents {
  private readonly events: ServiceEvent[] = [];
  private count = 0;

  /** @param drainingFirst whether the event of the draining precedes that of the deregistration (CloudSettings) */
  constructor(
    private readonly clock: Clock,
    private readonly service: string,
    private readonly drainingFirst: boolean,
  ) {}

  /** The events, newest first, as DescribeServices lists them. */
  all(): readonly ServiceEvent[] {
    return [...this.events];
  }

  started(taskSetId: string, taskIds: readonly string[]): void {
    this.ofTaskSet(taskSetId, `has started ${taskIds.length} tasks: ${tasksText(taskIds)}.`);
  }

  stopped(taskSetId: string, taskIds: readonly string[]): void {
    this.ofTaskSet(taskSetId, `has stopped ${taskIds.length} running tasks: ${tasksText(taskIds)}.`);
  }

  /** The desired count of a task set has changed, or is set for the first time. */
  desired(taskSetId: string, tasks: number): void {
    this.ofService(`updated computedDesiredCount for taskSet ${taskSetId} to ${tasks}.`);
  }

  registered(taskSetId: string, targetGroupArn: string, targets: number): void {
    this.ofTaskSet(taskSetId, `registered ${targets} targets in (target-group ${targetGroupArn})`);
  }

  /** Tasks are deregistered from the target group: their connections drain. */
  deregistered(taskSetId: string, targetGroupArn: string, targets: number): void {
    const messages = [
      `has begun draining connections on ${targets} tasks.`,
      `deregistered ${targets} targets in (target-group ${targetGroupArn})`,
    ];
    for (const message of this.drainingFirst ? messages : messages.reverse()) this.ofTaskSet(taskSetId, message);
  }

  taskSetSteady(taskSetId: string): void {
    this.ofTaskSet(taskSetId, "updated state to STEADY_STATE.");
  }

  /** @param reason the load balancer's reason, e.g. `Health checks failed with these codes: [503]` */
  unhealthy(task: { id: string; port: number }, targetGroupArn: string, reason: string): void {
    this.ofService(
      `(task ${task.id}) (port ${task.port}) is unhealthy in (target-group ${targetGroupArn}) due to (reason ${reason})`,
    );
  }

  /** Tasks fail repeatedly before they run, and ECS delays further starts. */
  impaired(): void {
    this.ofService("is unable to consistently start tasks successfully.");
  }

  steady(): void {
    this.ofService("has reached a steady state.");
  }

  private ofService(message: string): void {
    this.add(`(service ${this.service}) ${message}`);
  }

  private ofTaskSet(taskSetId: string, message: string): void {
    this.add(`(service ${this.service}, taskSet ${taskSetId}) ${message}`);
  }

  private add(message: string): void {
    this.count += 1;
    this.events.unshift({ id: uuidOf(`${this.service}/${this.count}`), at: this.clock.now(), message });
    this.events.length = Math.min(this.events.length, KEPT_EVENTS);
  }
}

function tasksText(ids: readonly string[]): string {
  return ids.map((id) => `(task ${id})`).join(" ");
}
