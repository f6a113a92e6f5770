import type { Clock } from "../clock";
import { startChild } from "./child";
import { PortTask, type Exit } from "./port-task";
import type { Ports } from "./ports";

/** Largest number of starts of a program when other programs take its port before it listens. */
const MAX_STARTS = 5;
/**
 * Wall seconds within which a program has to listen on its port after it listens on another one. The other port may be
 * one for metrics or debugging that opens first.
 */
const OTHER_PORT_WALL_SECONDS = 5;
/** Addresses that mean all addresses of the machine. */
const ANY_ADDRESS: ReadonlySet<string> = new Set(["::", "0.0.0.0"]);

/** Settings of a task's process. */
export interface ProcessTaskOptions {
  readonly clock: Clock;
  readonly ports: Ports;
  /** Arguments of `node`. */
  readonly args: readonly string[];
  /** The process's environment without PORT. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * The process of one task, on a port of its own, which it gets in PORT. On Fargate each task has its own address; here
 * all tasks of a service run on one machine. When another program takes the port before the process listens on it, the
 * process is restarted with another port.
 */
export class ProcessTask extends PortTask<ProcessTaskOptions> {
  private isStopped(): boolean {
    return this.stopSignal !== undefined;
  }

  protected async run(): Promise<Exit> {
    for (let start = 1; ; start += 1) {
      const port = await this.options.ports.take();
      try {
        if (this.stopSignal !== undefined) return { code: null, signal: this.stopSignal };
        const { exit, portWasTaken } = await this.runOn(port);
        if (!portWasTaken || this.isStopped() || start === MAX_STARTS) return exit;
      } finally {
        this.options.ports.release(port);
      }
    }
  }

  /** Runs the program with a port until it exits. */
  private async runOn(port: number): Promise<{ readonly exit: Exit; readonly portWasTaken: boolean }> {
    const { args, environment, onLine, clock } = this.options;
    let isListening = false;
    let portWasTaken = false;
    let cancel: (() => void) | undefined;
    const child = startChild(args, { ...environment, PORT: String(port) }, onLine, {
      preload: true,
      onListening: (address) => {
        if (address.port === port) {
          isListening = true;
          this.listens({ ...address, host: ANY_ADDRESS.has(address.host) ? "127.0.0.1" : address.host });
        } else if (!isListening) {
          cancel ??= clock.after(OTHER_PORT_WALL_SECONDS * 1000 * clock.speed, () => {
            if (isListening) return;
            child.note(wrongPortMessage(address.port, port));
            child.kill("SIGKILL");
          });
        }
      },
      onListenError: ({ code, port: other }) => {
        if (isListening || code !== "EADDRINUSE") return;
        if (other !== port) return child.note(wrongPortMessage(other, port));
        portWasTaken = true;
        // A program that continues without its port can't serve.
        child.kill("SIGKILL");
      },
    });
    this.child = child;
    const exit = await child.exited;
    cancel?.();
    return { exit, portWasTaken };
  }
}

/** The message to the author of a program that does not listen on PORT. */
function wrongPortMessage(actual: number, port: number): string {
  return (
    `local cloud: this program listens on port ${actual}, not on ${port} as its variable PORT says. All tasks run on this ` +
    "machine, so each needs a port of its own: let the program listen on process.env.PORT."
  );
}
