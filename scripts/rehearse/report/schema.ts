import { z } from "zod";
import { LIFECYCLE_EVENTS } from "../../cloud/codedeploy/part";
import { FAULTS } from "../../cloud/faults";

const count = z.number().int().nonnegative();
/** Simulated seconds since the traffic started. */
const second = z.number();

/** Schema of report.json. Seconds are simulated, except for `wallSeconds`. */
export const reportSchema = z.strictObject({
  /**
   * `not-proven`: the release ended with 0 or 2, but the recorded facts do not confirm it. `broken`: the rehearsal says
   * nothing about the release.
   */
  verdict: z.enum(["released", "rolled-back", "failed", "not-proven", "broken"]),
  /** Exit code of the rehearsal (exit-codes.ts). */
  exitCode: z.number().int(),
  /** Exit code of the release command; null when it was not started, because version 1 is no usable baseline. */
  releaseExitCode: z.number().int().nullable(),
  /** The result in words. */
  sentence: z.string(),
  /** Why the result is not proven or broken; empty for other results. */
  reasons: z.array(
    z.strictObject({
      what: z.string(),
      /** Examples and causes. */
      details: z.array(z.string()),
    }),
  ),
  fault: z.enum(FAULTS).nullable(),
  /** Failures that both versions have beside their faults; null without. They count in `requests.failed`, too. */
  background: z.strictObject({ share: z.number(), failed: count, failedOnNewVersion: count }).nullable(),
  /** Failures of version 1 that the new version corrects; null without. They count in `requests.failed`, too. */
  liveFault: z.strictObject({ share: z.number(), failed: count }).nullable(),
  strategy: z.string(),
  /** Simulated seconds in one wall second. */
  speed: z.number().positive(),
  wallSeconds: z.number().nonnegative(),
  simulatedSeconds: z.number().nonnegative(),
  requests: z.strictObject({
    total: count,
    failed: count,
    /** Requests that the new version answered. */
    toNewVersion: count,
    failedOnNewVersion: count,
    /** 0 to 1; null without a canary, or without traffic during it. */
    newVersionShareDuringCanary: z.number().min(0).max(1).nullable(),
  }),
  /** Seconds from the new version's first bad response until the old version had all traffic again; null without a rollback. */
  detectionSeconds: z.number().nonnegative().nullable(),
  activatedAlarms: z.array(z.string()),
  /** What AWS has and the rehearsal doesn't play, one sentence each: with --from-live or --template. */
  notPlayed: z.array(z.string()),
  /** Null when the release ended before it created a deployment. */
  deployment: z
    .strictObject({
      id: z.string(),
      status: z.string(),
      errorCode: z.string().nullable(),
      errorMessage: z.string().nullable(),
      rollbackDeploymentId: z.string().nullable(),
      events: z.array(
        z.strictObject({
          name: z.enum(LIFECYCLE_EVENTS),
          status: z.string(),
          startSecond: second.nullable(),
          endSecond: second.nullable(),
        }),
      ),
    })
    .nullable(),
  /**
   * Null when the traffic has no check of writes. `lost` is null when the service cannot be read at the end, because its
   * version always fails.
   */
  writes: z.strictObject({ acknowledged: count, lost: count.nullable() }).nullable(),
  /** One entry per ten seconds: weight and alarms at `second`, and the requests of the ten seconds that start there. */
  timeline: z.array(
    z.strictObject({
      second,
      /** Percent. */
      weightNewVersion: z.number().min(0).max(100),
      requests: count,
      errors: count,
      /** Simulated milliseconds; null without requests. */
      p50Ms: z.number().nullable(),
      p95Ms: z.number().nullable(),
      alarms: z.record(z.string(), z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"])),
    }),
  ),
});

/** The content of report.json. */
export type RehearsalReport = z.infer<typeof reportSchema>;
