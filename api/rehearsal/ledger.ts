/** The part of a task that the traffic checks; it differs between two versions of the task. */
export interface TaskContent {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  /** Increases by one with each change. */
  readonly version: number;
}

/** The state of a task: its content, or that it is deleted. */
export type TaskState = TaskContent | "deleted";

/** A task that the traffic has written. */
export interface LedgerEntry {
  readonly id: string;
  /** The last state that the API acknowledged. */
  readonly acknowledged: TaskState;
  /** The state that an unfinished write, or one without a clear answer, would leave; the task may have it already. */
  readonly attempted: TaskState | undefined;
}

interface Entry extends LedgerEntry {
  acknowledged: TaskState;
  attempted: TaskState | undefined;
}

/**
 * Records every acknowledged write, so that each can be read back at the end. A task has at most one write at a time:
 * with two, it would be unknown which one came last. A task whose write got no clear answer is not written again,
 * because it may have either state.
 */
export class Ledger {
  private readonly entries = new Map<string, Entry>();
  /** Tasks that exist and are not being written. */
  private readonly idle: Entry[] = [];
  private count = 0;

  /** Number of acknowledged writes so far. */
  get acknowledged(): number {
    return this.count;
  }

  /** Number of tasks that `pick` chooses from. */
  get available(): number {
    return this.idle.length;
  }

  /** Returns every task with an acknowledged write. */
  all(): readonly LedgerEntry[] {
    return [...this.entries.values()];
  }

  /**
   * Returns one of the available tasks; undefined without any.
   * @param random a number in [0, 1)
   */
  pick(random: number): LedgerEntry | undefined {
    return this.idle[Math.floor(random * this.idle.length)];
  }

  /** Records a created task. */
  created(task: TaskContent): void {
    this.count += 1;
    const entry: Entry = { id: task.id, acknowledged: task, attempted: undefined };
    this.entries.set(task.id, entry);
    this.idle.push(entry);
  }

  /**
   * Marks a task as being written, so that `pick` does not choose it.
   * @param attempted the state after the write
   * @throws Error when the task is already being written
   */
  begin(entry: LedgerEntry, attempted: TaskState): void {
    const known = this.entries.get(entry.id);
    const index = known ? this.idle.indexOf(known) : -1;
    if (!known || index < 0) throw new Error(`task ${entry.id} is already being written`);
    known.attempted = attempted;
    const last = this.idle.pop();
    if (last && last !== known) this.idle[index] = last;
  }

  /**
   * Records that the service acknowledged the write that `begin` started.
   * @throws Error when the task is not being written
   */
  acknowledge(id: string, state: TaskState): void {
    const entry = this.written(id);
    this.count += 1;
    entry.acknowledged = state;
    entry.attempted = undefined;
    if (state !== "deleted") this.idle.push(entry);
  }

  private written(id: string): Entry {
    const entry = this.entries.get(id);
    if (entry?.attempted === undefined) throw new Error(`task ${id} is not being written`);
    return entry;
  }
}

/** Whether a task has its acknowledged state, or the state of a write without a clear answer. */
export function hasExpectedState(entry: LedgerEntry, read: TaskState): boolean {
  return sameState(entry.acknowledged, read) || (entry.attempted !== undefined && sameState(entry.attempted, read));
}

/** Whether two states of a task are equal. */
export function sameState(a: TaskState, b: TaskState): boolean {
  if (a === "deleted" || b === "deleted") return a === b;
  return a.id === b.id && a.title === b.title && a.status === b.status && a.version === b.version;
}
