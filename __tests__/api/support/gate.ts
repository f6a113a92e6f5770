/** Something that is waited for, and the one who lets it go on. */
export class Gate {
  // Both are set by the promises beside them, which run at once.
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
  private reached!: () => void;
  /** Resolves when a caller waits at it. */
  readonly someoneWaits = new Promise<void>((resolve) => (this.reached = resolve));

  /** Resolves when it is open. */
  readonly pass = (): Promise<void> => {
    this.reached();
    return this.opened;
  };
}
