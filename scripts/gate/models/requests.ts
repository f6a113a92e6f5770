import { type Effect, type Fault, type FaultModel, WELL } from "./fault";

/** By how much the slowest responses are later with `slow-tail`. Seconds. */
const TAIL_SECONDS = 5;
/** How long a leak grows. Seconds. */
const LEAK_SECONDS = 600;
/** How long before the first shift a dependency of both versions begins to fail. Seconds. */
const OUTAGE_SECONDS = 1_800;

const steady = (effect: Effect): Fault => ({ beginsAt: 0, effectAt: () => effect, changes: [] });
const failing = (share: number): Effect => ({ ...WELL, failed: share });

/** Requests of the new version fail. */
export const errors: FaultModel = {
  description: "a share of the requests is answered with 5xx",
  unit: "share",
  severities: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
  signal: "failed",
  of: (severity) => steady(failing(severity)),
};

/** All responses of the new version are later. */
export const slow: FaultModel = {
  description: "all responses take these seconds longer",
  unit: "seconds",
  severities: [0.5, 1, 2, 5],
  signal: "slow",
  of: (seconds) => steady({ ...WELL, slowdown: { seconds, share: 1 } }),
};

/** The slowest responses of the new version are later. */
export const slowTail: FaultModel = {
  description: `the slowest share of the responses takes ${TAIL_SECONDS} s longer`,
  unit: "share",
  severities: [0.02, 0.05, 0.2],
  signal: "slow",
  of: (share) => steady({ ...WELL, slowdown: { seconds: TAIL_SECONDS, share } }),
};

/** The new version decays slowly. */
export const leak: FaultModel = {
  description: `a share of the requests fails that grows from 0 to this within ${LEAK_SECONDS / 60} minutes`,
  unit: "share",
  severities: [0.1, 0.5, 1],
  signal: "failed",
  of: (severity) => ({
    beginsAt: 0,
    effectAt: (second) => failing(severity * Math.min(1, Math.max(0, second / LEAK_SECONDS))),
    changes: [],
  }),
};

/** One task of the new version fails. */
export const oneBadTask: FaultModel = {
  description: "one task of the version answers a share of its requests with 5xx",
  unit: "share",
  severities: [0.2, 1],
  signal: "failed",
  of: (severity, { tasks }) => steady(failing(severity / tasks)),
};

/** Both versions fail, because what they depend on does. */
export const dependency: FaultModel = {
  description: "a dependency fails: a share of the requests to both versions is answered with 5xx",
  unit: "share",
  severities: [0.02, 0.1],
  signal: undefined,
  of: (severity) => ({
    beginsAt: -OUTAGE_SECONDS,
    effectAt: () => failing(severity),
    liveEffectAt: (second) => (second < -OUTAGE_SECONDS ? WELL : failing(severity)),
    changes: [-OUTAGE_SECONDS],
  }),
};

/** A dependency of both versions begins to fail when the new version gets its first traffic. */
export const dependencyLater: FaultModel = {
  description: "a dependency begins to fail with the first shift of traffic, for both versions",
  unit: "share",
  severities: [0.02, 0.1],
  signal: undefined,
  of: (severity) => ({
    ...steady(failing(severity)),
    liveEffectAt: (second) => (second < 0 ? WELL : failing(severity)),
  }),
};

/** The live version fails, and the new one corrects it. */
export const brokenLive: FaultModel = {
  description: "the live version answers a share of its requests with 5xx, and the new version is well",
  unit: "share",
  severities: [0.1],
  signal: undefined,
  of: (severity) => ({ ...steady(WELL), liveEffectAt: () => failing(severity) }),
};
