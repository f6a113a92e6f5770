import { THRESHOLD_KINDS, type ThresholdKind } from "../config/alarms-schema";
import type { Config } from "../config/schema";
import { shapeOf, shareAt, shiftMinutes } from "../config/strategies";
import { type GateLimit, rounded } from "./limit";

/** The kinds of alarms that compare with a limit which follows the traffic (limit.ts). */
const LIMIT_KINDS = ["failedRequests", "slowRequests"] as const;
/** A kind of alarm that compares with a limit. */
export type LimitKind = (typeof LIMIT_KINDS)[number];
/** Whether alarms of a kind compare with a limit. */
export function isLimitKind(kind: AlarmKind): kind is LimitKind {
  return kind === "failedRequests" || kind === "slowRequests";
}

/** A kind of alarm. */
export type AlarmKind = ThresholdKind | LimitKind;

type Preset = Config["gate"]["preset"];

/** The alarms of each preset. For each kind there is one alarm per target group. */
const KINDS: Readonly<Record<Preset, readonly AlarmKind[]>> = {
  article: THRESHOLD_KINDS,
  balanced: [...LIMIT_KINDS, "unhealthyHosts"],
  strict: [...LIMIT_KINDS, "unhealthyHosts"],
};

/**
 * The numbers of the presets. `strict` is the limit of which a good version's bad requests, a Poisson variable, exceed in
 * one of 1,000 windows. With `balanced`, one of 1,000 good releases or fewer is stopped, over all the windows of a release.
 */
export const PRESET_LIMITS: Readonly<Record<Exclude<Preset, "article">, Pick<GateLimit, "sigmas" | "allowance">>> = {
  balanced: { sigmas: 4.1, allowance: 1.25 },
  strict: { sigmas: 3.3, allowance: 1.35 },
};

/** The window when the configuration sets none: as long as the traffic shifts, but within these bounds. Minutes. */
const WINDOW_MINUTES = { min: 5, max: 15 } as const;

/** The kinds of alarms that a configuration has. */
export function alarmKindsOf({ gate }: Pick<Config, "gate">): readonly AlarmKind[] {
  return KINDS[gate.preset];
}

/** The limit of a configuration's alarms of `LIMIT_KINDS`; undefined for a preset without them. */
export function gateLimitOf({ gate, delivery }: Pick<Config, "gate" | "delivery">): GateLimit | undefined {
  if (gate.preset === "article") return undefined;
  const { normalBadShare, windowMinutes, compare } = gate;
  const shape = shapeOf(delivery.strategy);
  const shift = shiftMinutes(shape);
  const requestRatio = requestRatioOf(shareAt(shape, 0));
  const { sigmas, allowance } = PRESET_LIMITS[gate.preset];
  return {
    normalShare: normalBadShare,
    sigmas: gate.sigmas ?? sigmas,
    allowance: gate.allowance ?? allowance,
    ...(compare.enabled && {
      compare: {
        sigmas: compare.sigmas,
        maxShare: compare.maxShare,
        ...(requestRatio !== undefined && { requestRatio }),
      },
    }),
    windowSeconds: 60 * (windowMinutes ?? Math.min(Math.max(shift, WINDOW_MINUTES.min), WINDOW_MINUTES.max)),
  };
}

/**
 * The live version's requests for each one of the new version during the first step of a strategy; undefined when the live
 * version gets none.
 * @param percent of the traffic that the first step shifts
 */
function requestRatioOf(percent: number): number | undefined {
  return percent < 100 ? rounded((100 - percent) / percent) : undefined;
}
