import type { Clock } from "../clock";
import { type Address, type Child, unlessExited } from "./child";
import { acceptsConnections } from "./connection";
import type { RunningContainer } from "./part";
import type { Ports } from "./ports";
import { programVariables, startProgram, type Program } from "./program";
import { stopInTime } from "./stop";

/** Wait between two attempts to connect to a starting program, in simulated milliseconds. */
const CONNECT_INTERVAL_MS = 1000;
/** The output has a hint when a program does not listen on its port after this time, in wall seconds. */
const HINT_WALL_SECONDS = 20;
/** The addresses of this machine on which a program may listen: `localhost` may be either. */
const HOSTS = ["127.0.0.1", "::1"] as const;

/** Settings of a task whose program has any language. */
export interface ProgramTaskOptions extends Program {
  readonly clock: Clock;
  readonly ports: Ports;
  /** The task's environment without PORT. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine?: ((line: string) => void) | undefined;
}

type Exit = Awaited<RunningContainer["exited"]>;

/** A task that runs a program of any language, on a port of its own, which the program gets in PORT. */
export class ProgramTask implements RunningContainer {
  readonly listening: Promise<Address>;
  readonly exited: Promise<Exit>;
  private child: Omit<Child, "listening" | "send"> | undefined;
  private stopSignal: "SIGTERM" | "SIGKILL" | undefined;
  /** The output while there is no process. */
  private lines: readonly string[] = [];
  private listens: (address: Address) => void = () => undefined;

  constructor(private readonly options: ProgramTaskOptions) {
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
    const task = { exited: this.exited, terminate: () => this.end("SIGTERM"), kill: () => this.kill() };
    return stopInTime(task, this.options.clock, timeoutSeconds);
  }

  /** Ends the program, and what it started, at once. */
  kill(): void {
    this.end("SIGKILL");
  }

  private end(signal: "SIGTERM" | "SIGKILL"): void {
    this.stopSignal ??= signal;
    this.child?.kill(signal);
  }

  private async run(): Promise<Exit> {
    const { ports, environment, command, directory, onLine } = this.options;
    const port = await ports.take();
    try {
      if (this.stopSignal !== undefined) return { code: null, signal: this.stopSignal };
      const variables = programVariables({ ...environment, PORT: String(port) });
      const child = startProgram({ command, directory, environment: variables }, onLine);
      this.child = child;
      const over = new AbortController();
      void this.awaitPort(port, child, over.signal);
      const exit = await child.exited;
      over.abort();
      return exit;
    } finally {
      ports.release(port);
    }
  }

  /** Tries to connect until the program listens or has exited. */
  private async awaitPort(port: number, child: Pick<Child, "note">, over: AbortSignal): Promise<void> {
    const { clock } = this.options;
    const cancelHint = clock.after(HINT_WALL_SECONDS * 1000 * clock.speed, () => child.note(hint(port)));
    try {
      while (!over.aborted) {
        for (const host of HOSTS) {
          if (!(await acceptsConnections({ host, port }))) continue;
          this.listens({ host, port });
          return;
        }
        await clock.sleep(CONNECT_INTERVAL_MS, over);
      }
    } catch {
      // The program has exited, and the sleep was aborted; `exited` says so.
    } finally {
      cancelHint();
    }
  }
}

/** The message to the author of a program that does not listen on PORT. */
function hint(port: number): string {
  return (
    `local cloud: this program does not listen on port ${port} as its variable PORT says. All tasks run on this machine, ` +
    "so each needs a port of its own: let the program listen on the port in PORT, not on a fixed one."
  );
}
