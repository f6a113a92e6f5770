import type { Clock } from "../clock";
import type { ServiceEvent } from "../parts";
import { eventId } from "./identifiers";

/** Events that ECS keeps of a service. */
const KEPT_EVENTS = 100;

/** The service's events, in ECS's words. */
export class ServiceEvents {
  private readonly events: ServiceEvent[] = [];
  private count = 0;

  constructor(
    private readonly clock: Clock,
    private readonly service: string,
  ) {}

  /** Newest first, as DescribeServices lists them. */
  all(): readonly ServiceEvent[] {
    return [...this.events];
  }

  started(taskSetId: string, taskIds: readonly string[]): void {
    this.ofTaskSet(taskSetId, `has started ${taskIds.length} tasks: ${tasksText(taskIds)}.`);
  }

  stopped(taskSetId: string, taskIds: readonly string[]): void {
    this.ofTaskSet(taskSetId, `has stopped ${taskIds.length} running tasks: ${tasksText(taskIds)}.`);
  }

  registered(targetGroupArn: string, targets: number): void {
    this.ofService(`registered ${targets} targets in (target-group ${targetGroupArn})`);
  }

  deregistered(targetGroupArn: string, targets: number): void {
    this.ofService(`deregistered ${targets} targets in (target-group ${targetGroupArn})`);
  }

  draining(taskSetId: string, tasks: number): void {
    this.ofTaskSet(taskSetId, `has begun draining connections on ${tasks} tasks.`);
  }

  /** @param reason what the load balancer says, e.g. `Health checks failed with these codes: [503]` */
  unhealthy(task: { id: string; port: number }, targetGroupArn: string, reason: string): void {
    this.ofService(
      `(task ${task.id}) (port ${task.port}) is unhealthy in (target-group ${targetGroupArn}) due to (reason ${reason})`,
    );
  }

  /** Tasks keep failing before they run; ECS waits longer and longer between attempts. */
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
    this.events.unshift({ id: eventId(`${this.service}/${this.count}`), at: this.clock.now(), message });
    this.events.length = Math.min(this.events.length, KEPT_EVENTS);
  }
}

function tasksText(ids: readonly string[]): string {
  return ids.map((id) => `(task ${id})`).join(" ");
}
