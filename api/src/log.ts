import { pino, type DestinationStream, type Logger } from "pino";

/**
 * A log of JSON lines, one for each event, with `time` in ISO 8601 and `level` as a word. It writes synchronously, so that the
 * last lines of a process are complete when it exits. Callers must not log bodies or query strings.
 * @param destination default: standard output
 */
export function createLog(
  releaseVersion: string,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger {
  return pino(
    {
      base: { version: releaseVersion },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
