import { setTimeout } from "node:timers/promises";
import type { Config } from "../../../stacks/config";
import type { HistorySubject } from "../arguments";
import { openOutputFile } from "../../command/output-file";
import { historyFromFile } from "./files";
import type { History } from "./history";
import { connectForHistory, type HistoryConnection, readLiveHistory } from "./live";
import { readHistory } from "./read";

/** What reading a history needs. */
export interface SubjectInput {
  readonly config: Config;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly connect?: (region: string, signal: AbortSignal) => Promise<HistoryConnection>;
}

/** Reads a history. */
export interface OpenedHistory {
  /** @param slowSeconds responses that take longer are slow */
  read(slowSeconds: number): Promise<History>;
  /** Leaves the file of `--save` as it was, unless it is written. */
  discard(): void;
}

/**
 * Checks what can be checked before the stacks are synthesized: the file that is read, or the one that is written.
 * @throws HistoryError naming what can't be used, as reading does; OutputFileError for the file that is written
 */
export function openHistory(
  subject: HistorySubject,
  { config, onProgress, signal, now, connect = connectForHistory }: SubjectInput,
): OpenedHistory {
  if (subject.kind === "file") {
    const history = historyFromFile(subject.file);
    return { read: () => Promise.resolve(history), discard: () => undefined };
  }
  const { save } = subject;
  const file = save === undefined ? undefined : openOutputFile("--save", save);
  return {
    discard: () => file?.discard(),
    async read(slowSeconds) {
      onProgress("reading CloudWatch");
      const connection = await connect(config.region, signal);
      try {
        const data = await readLiveHistory(connection.aws, {
          config,
          slowSeconds,
          now: now(),
          wait: async (milliseconds) => setTimeout(milliseconds, undefined, { signal }),
          onProgress: (datapoints) => onProgress(`reading CloudWatch: ${datapoints} datapoints`),
        });
        file?.write(`${JSON.stringify(data)}\n`);
        return readHistory(data, "CloudWatch");
      } finally {
        connection.close();
      }
    },
  };
}
