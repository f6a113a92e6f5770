import { messageOf } from "../../command/error-message";
import type { Clock } from "../clock";
import { type Address, type Child, unlessExited } from "./child";
import type { RunningContainer } from "./part";
import { stopInTime } from "./stop";

/** How the program of a task ended. */
export type Exit = Awaited<RunningContainer["exited"]>;

/** A task whose program runs on this machine, on a port of its own. Subclasses start the program. */
export abstract class PortTask<Options extends { readonly clock: Clock }> implements RunningContainer {
  readonly listening: Promise<Address>;
  readonly exited: Promise<Exit>;
  protected child: Pick<Child, "lastLogLines" | "kill"> | undefined;
  /** The signal that stops the task; undefined while it shall run. */
  protected stopSignal: "SIGTERM" | "SIGKILL" | undefined;
  /** To be called when the program listens. */
  protected listens: (address: Address) => void = () => undefined;
  /** The output while there is no process. */
  private lines: readonly string[] = [];

  constructor(protected readonly options: Options) {
    const onPort = new Promise<Address>((resolve) => (this.listens = resolve));
    this.exited = this.run().catch((error: unknown) => {
      this.lines = [messageOf(error)];
      return { code: null, signal: null };
    });
    this.listening = unlessExited(onPort, this.exited);
  }

  /** Runs the program until it exits. Called by the constructor, so subclasses can't have fields of their own. */
  protected abstract run(): Promise<Exit>;

  lastLogLines(): readonly string[] {
    return this.child?.lastLogLines() ?? this.lines;
  }

  stop(timeoutSeconds: number): Promise<void> {
    const task = { exited: this.exited, terminate: () => this.terminate(), kill: () => this.kill() };
    return stopInTime(task, this.options.clock, timeoutSeconds);
  }

  /** Ends the program, and what it started, at once. */
  kill(): void {
    this.stopSignal = "SIGKILL";
    this.child?.kill("SIGKILL");
  }

  private terminate(): void {
    this.stopSignal ??= "SIGTERM";
    this.child?.kill("SIGTERM");
  }
}
