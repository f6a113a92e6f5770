/** Handles a stop signal. */
export type OnStopSignal = (signal: NodeJS.Signals) => void;

// Until the service runs, there is nothing to stop.
let handler: OnStopSignal = () => process.exit(0);

// In its container, the service is process 1, and the kernel ignores signals to process 1 without a handler. So this module
// is loaded first, and adds its handlers while the other modules load.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, (received) => handler(received));

/** Sets the handler of SIGTERM and SIGINT. */
export function onStopSignal(next: OnStopSignal): void {
  handler = next;
}
