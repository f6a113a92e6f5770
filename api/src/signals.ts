/** What is done when the process is asked to end. */
export type OnStopSignal = (signal: NodeJS.Signals) => void;

// As long as nothing runs there is nothing to be polite to.
let handler: OnStopSignal = () => process.exit(0);

// The kernel ignores signals to process 1, which the service is in its container, until there is a handler. Loading all
// the modules takes its time, so this is the first to be loaded, and listens at once.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, (received) => handler(received));

/** Says what SIGTERM and SIGINT do from now on. */
export function onStopSignal(next: OnStopSignal): void {
  handler = next;
}
