import { pino, type DestinationStream, type Logger } from "pino";

/**
 * JSON lines on standard output (or another destination), one an event: `time` in ISO 8601, `level` as a word. Never
 * bodies or query strings. Written synchronously, so the last words of a dying process are there too.
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
