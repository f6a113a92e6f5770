import { SIGNAL_EXIT_CODES } from "../command/exit-codes";
import { Interruption, onEndSignal } from "../command/interruption";
import { watchNpm } from "./npm-watch";

/** What ends a rehearsal early, until `dispose` is called. */
export interface WatchedInterruption {
  readonly interruption: Interruption;
  /** Removes all handlers. */
  readonly dispose: () => void;
}

/**
 * Listens to everything that ends a rehearsal early. Ctrl-C ends it in order, and the second time at once. SIGTERM, a
 * terminal that is closed, the end of whatever reads our output (`| head`), and the death of the npm that started us (it
 * can't forward a SIGKILL) end it at once.
 */
export function watchInterruption(): WatchedInterruption {
  const interruption = new Interruption(performance);
  const removeSignals = onEndSignal((signal) => {
    if (signal === "SIGINT") interruption.request();
    else interruption.endAtOnce(SIGNAL_EXIT_CODES[signal]);
  });
  const readerGone = () => interruption.endAtOnce(SIGNAL_EXIT_CODES.SIGPIPE);
  process.stdout.on("error", readerGone);
  const endWatch = watchNpm(() => interruption.endAtOnce(SIGNAL_EXIT_CODES.SIGTERM));
  return {
    interruption,
    dispose: () => {
      endWatch();
      process.stdout.off("error", readerGone);
      removeSignals();
    },
  };
}
