import type { Clock } from "../clock";
import type { Child } from "./child";
import { acceptsConnections } from "./connection";
import { PortTask, type Exit } from "./port-task";
import type { Ports } from "./ports";
import { programVariables, startProgram, type Program } from "./program";

/** Wait between two attempts to connect to a starting program, in simulated milliseconds. */
const CONNECT_INTERVAL_MS = 1000;
/** The output has a hint when a program does not listen on its port after this time, in wall seconds. */
const HINT_WALL_SECONDS = 20;
/** How programs of many languages report that another one listens on their address: EADDRINUSE and its text. */
const ADDRESS_IN_USE = /\bEADDRINUSE\b|\baddress (?:is )?already in use\b/i;
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

/** A task that runs a program of any language, on a port of its own, which the program gets in PORT. */
export class ProgramTask extends PortTask<ProgramTaskOptions> {
  protected async run(): Promise<Exit> {
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
      if (child.lastLogLines().some((line) => ADDRESS_IN_USE.test(line))) child.note(takenHint(port));
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

/** Why each task needs its own port, and what to do. */
const OWN_PORT =
  "All tasks run on this machine, so each needs a port of its own: let the program listen on the port in PORT, not on a fixed one.";

/** The message to the author of a program that does not listen on PORT. */
function hint(port: number): string {
  return `local cloud: this program does not listen on port ${port} as its variable PORT says. ${OWN_PORT}`;
}

/** The message to the author of a program whose address is taken, most often by another task. */
function takenHint(port: number): string {
  return `local cloud: another program has the address of this one, whose variable PORT is ${port}. ${OWN_PORT}`;
}
