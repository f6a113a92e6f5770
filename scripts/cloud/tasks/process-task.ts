import type { Clock } from "../clock";
import { type Address, type Child, startChild, unlessExited } from "./child";
import type { RunningContainer } from "./part";
import type { Ports } from "./ports";
import { stopInTime } from "./stop";

/** How often a program is started anew because somebody else took its port before it listened. */
const MOST_STARTS = 5;
/**
 * Wall seconds that a program has to listen on its port after it has begun to listen on another: a port for metrics or
 * debugging may come first.
 */
const ELSEWHERE_WALL_SECONDS = 5;
/** Addresses that stand for all of the machine's own. */
const ANY_ADDRESS: ReadonlySet<string> = new Set(["::", "0.0.0.0"]);

/** What a task's process is made from. */
export interface ProcessTaskOptions {
  readonly clock: Clock;
  readonly ports: Ports;
  /** Arguments of `node`. */
  readonly args: readonly string[];
  /** All but PORT. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine?: ((line: string) => void) | undefined;
}

type Exit = Awaited<RunningContainer["exited"]>;

/**
 * The process of one task, on a port of its own, which it gets in PORT: several tasks of a service run on one machine
 * here, where on Fargate each has an address of its own. When somebody else takes that port before the program listens on
 * it, the program is started anew with another.
 */
export class ProcessTask implements RunningContainer {
  readonly listening: Promise<Address>;
  readonly exited: Promise<Exit>;
  private child: Child | undefined;
  /** What there is to say as long as there is no process. */
  private lines: readonly string[] = [];
  /** How it was asked to end; undefined while it is to run. */
  private ended: "SIGTERM" | "SIGKILL" | undefined;
  private listens: (address: Address) => void = () => undefined;

  constructor(private readonly options: ProcessTaskOptions) {
    const onPort = new Promise<Address>((resolve) => (this.listens = resolve));
    this.exited = this.run().catch((error: unknown) => {
      this.lines = [error instanceof Error ? error.message : String(error)];
      return { code: null, signal: null };
    });
    this.listening = unlessExited(onPort, this.exited);
  }

  lastLogLines(): readonly string[] {
    return this.child?.lastLogLines() ?? this.lines;
  }

  stop(timeoutSeconds: number): Promise<void> {
    const task = { exited: this.exited, ask: () => this.ask(), kill: () => this.kill() };
    return stopInTime(task, this.options.clock, timeoutSeconds);
  }

  /** Ends it at once. */
  kill(): void {
    this.ended = "SIGKILL";
    this.child?.kill("SIGKILL");
  }

  private ask(): void {
    this.ended ??= "SIGTERM";
    this.child?.kill("SIGTERM");
  }

  private isEnded(): boolean {
    return this.ended !== undefined;
  }

  private async run(): Promise<Exit> {
    for (let start = 1; ; start += 1) {
      const port = await this.options.ports.take();
      try {
        if (this.ended !== undefined) return { code: null, signal: this.ended };
        const { exit, portWasTaken } = await this.runOn(port);
        if (!portWasTaken || this.isEnded() || start === MOST_STARTS) return exit;
      } finally {
        this.options.ports.release(port);
      }
    }
  }

  /** Runs the program with that port to its end. */
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
          cancel ??= clock.after(ELSEWHERE_WALL_SECONDS * 1000 * clock.speed, () => {
            if (isListening) return;
            child.note(elsewhere(address.port, port));
            child.kill("SIGKILL");
          });
        }
      },
      onListenError: ({ code, port: other }) => {
        if (isListening || code !== "EADDRINUSE") return;
        if (other !== port) return child.note(elsewhere(other, port));
        portWasTaken = true;
        // One that goes on without its port is no use.
        child.kill("SIGKILL");
      },
    });
    this.child = child;
    const exit = await child.exited;
    cancel?.();
    return { exit, portWasTaken };
  }
}

/** What a program's author is to know that listens on a port of its own choice. */
function elsewhere(its: number, port: number): string {
  return (
    `local cloud: this program wants to listen on port ${its}, and not on ${port}, which its variable PORT says. All tasks ` +
    "run on this machine, so each has a port of its own: let the program listen on process.env.PORT."
  );
}
