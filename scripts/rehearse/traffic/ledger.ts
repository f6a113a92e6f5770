/** What the traffic knows of a task: enough to tell one version of it from another. */
export interface TaskContent {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  /** Goes up by one with each change. */
  readonly version: number;
}

/** A task as it was last acknowledged, or that its deletion was. */
export type TaskState = TaskContent | "deleted";

/** One task that the traffic has written. */
export interface LedgerEntry {
  readonly id: string;
  /** The last state that the API acknowledged. */
  readonly acknowledged: TaskState;
  /** A write that is under way, or whose answer never came: its state may hold too. */
  readonly attempted: TaskState | undefined;
}

interface Entry extends LedgerEntry {
  acknowledged: TaskState;
  attempted: TaskState | undefined;
}

/**
 * Remembers every acknowledged write, so that at the end each can be looked for. One write a task at a time: which of
 * two acknowledged writes came last would otherwise be a guess. A task whose write got no clear answer is not written
 * again, since both states of it may hold.
 */
export class Ledger {
  private readonly entries = new Map<string, Entry>();
  /** Tasks that exist and have no write under way. */
  private readonly idle: Entry[] = [];
  private count = 0;

  /** Acknowledged writes so far. */
  get acknowledged(): number {
    return this.count;
  }

  /** How many tasks can be picked. */
  get available(): number {
    return this.idle.length;
  }

  /** Every task ever acknowledged. */
  all(): readonly LedgerEntry[] {
    return [...this.entries.values()];
  }

  /**
   * One of the available tasks.
   * @param random a number in [0, 1)
   */
  pick(random: number): LedgerEntry | undefined {
    return this.idle[Math.floor(random * this.idle.length)];
  }

  /** A task was created. */
  created(task: TaskContent): void {
    this.count += 1;
    const entry: Entry = { id: task.id, acknowledged: task, attempted: undefined };
    this.entries.set(task.id, entry);
    this.idle.push(entry);
  }

  /**
   * Takes a task out of the available ones while it is written.
   * @param attempted the state that it will have
   */
  begin(entry: LedgerEntry, attempted: TaskState): void {
    const known = this.entries.get(entry.id);
    const index = known ? this.idle.indexOf(known) : -1;
    if (!known || index < 0) throw new Error(`task ${entry.id} is already being written`);
    known.attempted = attempted;
    const last = this.idle.pop();
    if (last && last !== known) this.idle[index] = last;
  }

  /** The write that began was acknowledged with this state. */
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

/** True when what was read is what was acknowledged, or what a write without a clear answer may have left. */
export function holds(entry: LedgerEntry, read: TaskState): boolean {
  return sameState(entry.acknowledged, read) || (entry.attempted !== undefined && sameState(entry.attempted, read));
}

/** True when two states of a task are the same in everything that the traffic knows. */
export function sameState(a: TaskState, b: TaskState): boolean {
  if (a === "deleted" || b === "deleted") return a === b;
  return a.id === b.id && a.title === b.title && a.status === b.status && a.version === b.version;
}
