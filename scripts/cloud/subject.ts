/** Events of one kind that observers subscribe to. */
export interface Observable<Event> {
  /**
   * Calls `observer` with each event from now on, until the returned function is called; a second call of that does
   * nothing.
   */
  subscribe(observer: (event: Event) => void): () => void;
}

/** The source of an observable: its owner notifies, everybody else subscribes. */
export class Subject<Event> implements Observable<Event> {
  private readonly observers = new Set<{ readonly notify: (event: Event) => void }>();

  subscribe(observer: (event: Event) => void): () => void {
    // An object of its own, so that a function that subscribes twice is called twice and unsubscribes once.
    const entry = { notify: observer };
    this.observers.add(entry);
    return () => void this.observers.delete(entry);
  }

  /** Calls the observers with an event, in the order in which they subscribed. */
  notify(event: Event): void {
    for (const observer of this.observers) observer.notify(event);
  }
}
