import { watchNpm } from "./npm-watch";

/** One Ctrl-C can arrive twice: from the terminal, and forwarded by `npm run`. Wall milliseconds. */
const SAME_PRESS_MS = 1000;

/** What can end a command before its time. */
export type Interrupt = "SIGINT" | "SIGTERM" | "SIGHUP" | "orphaned" | "unread";

/** What a command does about it: finish in order, leave at once, or nothing (the same Ctrl-C told twice). */
export type Reaction = "finish" | "leave" | "none";

/** Exit code of a command that had to leave: 128 and the signal's number, as shells have it. */
export const LEAVE_EXIT_CODES: Readonly<Record<Interrupt, number>> = {
  SIGINT: 130,
  SIGTERM: 143,
  SIGHUP: 129,
  orphaned: 143,
  unread: 141,
};

/**
 * Decides what an interrupt means.
 * @param sinceFirstMs wall milliseconds since the first Ctrl-C; undefined when this is the first
 */
export function reactionTo(interrupt: Interrupt, sinceFirstMs: number | undefined): Reaction {
  if (interrupt !== "SIGINT") return "leave";
  if (sinceFirstMs === undefined) return "finish";
  return sinceFirstMs < SAME_PRESS_MS ? "none" : "leave";
}

/** The wish that the command ends. `finish` comes first or never; `leave` is final. */
export interface Interruption {
  /** Aborts with the first Ctrl-C: end in order. */
  readonly finish: AbortSignal;
  /** Aborts when all must be torn down at once; its reason is the exit code. */
  readonly leave: AbortSignal;
  /** Takes the handlers back. */
  dispose(): void;
}

/**
 * Listens to SIGINT, SIGTERM and SIGHUP, to the death of the npm that started us (it cannot pass on a SIGKILL), and to
 * the end of who reads our output (`| head`). Until `dispose`, none of them ends the process.
 */
export function watchInterruption(): Interruption {
  const finish = new AbortController();
  const leave = new AbortController();
  let firstAt: number | undefined;
  const handle = (interrupt: Interrupt) => {
    const now = performance.now();
    const reaction = reactionTo(interrupt, firstAt === undefined ? undefined : now - firstAt);
    if (interrupt === "SIGINT") firstAt ??= now;
    if (reaction === "finish") finish.abort();
    if (reaction === "leave") leave.abort(LEAVE_EXIT_CODES[interrupt]);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const listeners = signals.map((signal) => [signal, () => handle(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);

  const unread = () => handle("unread");
  process.stdout.on("error", unread);
  const endWatch = watchNpm(() => handle("orphaned"));
  return {
    finish: finish.signal,
    leave: leave.signal,
    dispose: () => {
      endWatch();
      process.stdout.off("error", unread);
      for (const [signal, listener] of listeners) process.off(signal, listener);
    },
  };
}
