import { z } from "zod";
import { LIFECYCLE_EVENTS } from "../../cloud/codedeploy/part";
import { FAULTS } from "../faults";

const count = z.number().int().nonnegative();
/** Simulated seconds since the traffic began. */
const second = z.number();

/** The shape of report.json. Seconds are simulated unless they are called wall seconds. */
export const reportSchema = z.strictObject({
  /** `not-proven`: the release ended as it should, and that shows nothing; `broken`: nothing is known of the release. */
  verdict: z.enum(["released", "rolled-back", "failed", "not-proven", "broken"]),
  /** The rehearsal's own (exit-codes.ts). */
  exitCode: z.number().int(),
  /** The release command's; null when it was not started, for version 1 answers its own traffic badly. */
  releaseExitCode: z.number().int().nullable(),
  /** How it ended, in words. */
  sentence: z.string(),
  /** Why it is not proven, or broken; else empty. */
  reasons: z.array(
    z.strictObject({
      what: z.string(),
      /** Examples and causes. */
      details: z.array(z.string()),
    }),
  ),
  fault: z.enum(FAULTS).nullable(),
  strategy: z.string(),
  /** Simulated seconds in one wall second. */
  speed: z.number().positive(),
  wallSeconds: z.number().nonnegative(),
  simulatedSeconds: z.number().nonnegative(),
  requests: z.strictObject({
    total: count,
    failed: count,
    /** Those that the new version answered. */
    toNewVersion: count,
    failedOnNewVersion: count,
    /** 0 to 1; null when there was no canary, or no traffic in it. */
    newVersionShareDuringCanary: z.number().min(0).max(1).nullable(),
  }),
  /** From the first bad response after the shift until the old version had all traffic again; null without one. */
  detectionSeconds: z.number().nonnegative().nullable(),
  activatedAlarms: z.array(z.string()),
  /** Null when the release ended before it created one. */
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
  /** Lost is null when the service that stands at the end cannot be read: a version that always fails. */
  writes: z.strictObject({ acknowledged: count, lost: count.nullable() }),
  /** One entry every ten seconds: what holds at `second`, and what was asked in the ten seconds from it on. */
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

/** What a rehearsal reports. */
export type RehearsalReport = z.infer<typeof reportSchema>;
