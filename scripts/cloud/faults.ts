import { type Observable, Subject } from "./subject";

/** Names of the faults that a new version can have. A service that plays them reads the same names in its variable `SIMULATE`. */
export const FAULTS = ["error", "slow", "crash", "unhealthy", "exit", "broken-start"] as const;
/** Name of a fault. */
export type FaultName = (typeof FAULTS)[number];

/**
 * A fault of every task of an image, whatever the service is written in. Times are simulated seconds.
 *
 * - `error`: the target answers with status 500, and its program does not get the request.
 * - `slow`: the target answers `seconds` later.
 * - `crash`: like a bug in the code: half of the bad answers have status 500, and the others come `seconds` later.
 * - `unhealthy`: the target's health checks get status 503.
 * - `exit`: the task's process ends with code 1.
 * - `broken-start`: the task's process ends with code 1 before it listens.
 *
 * The first three leave requests to the health check's path alone, so that the target stays healthy.
 */
export interface TargetFault {
  readonly kind: FaultName;
  /** Share of the answers that are bad, 0 to 1; default 1. Only for error, slow and crash. */
  readonly rate?: number;
  /** How much later a slow answer comes. Only for slow and crash, which need it. */
  readonly seconds?: number;
  /** When the fault begins, from the time at which the task listens; default 0. Not for broken-start. */
  readonly afterSeconds?: number;
}

/** A fault of the tasks of one image. */
export interface InjectedFault {
  /** `sha256:` and 64 hex digits. */
  readonly imageDigest: string;
  readonly fault: TargetFault;
}

/** What makes an error that is played: the fault of an image, or the background, which all images have. */
export type ErrorCause = "fault" | "background";

/** The effect of what is played on one request. */
export type FaultEffect =
  | { readonly kind: "none" }
  | { readonly kind: "error"; readonly cause: ErrorCause }
  | { readonly kind: "slow"; readonly seconds: number };

const NONE: FaultEffect = { kind: "none" };
const ERROR: FaultEffect = { kind: "error", cause: "fault" };
const BACKGROUND_ERROR: FaultEffect = { kind: "error", cause: "background" };

/** The faults that are played, by image, and the errors that every image has beside them. */
export class Faults {
  private background = 0;
  private readonly byImage = new Map<string, TargetFault>();
  private readonly changeSubject = new Subject<InjectedFault>();
  /** Every fault, after it was injected. */
  readonly changes: Observable<InjectedFault> = this.changeSubject;

  /**
   * Plays a fault from now on. It replaces an earlier one of the same image.
   * @throws RangeError for a value that the fault does not take
   */
  inject(injected: InjectedFault): void {
    const { imageDigest, fault } = injected;
    const problem = problemOf(fault);
    if (problem !== undefined) throw new RangeError(`the fault ${fault.kind}: ${problem}`);
    this.byImage.set(imageDigest, fault);
    this.changeSubject.notify(injected);
  }

  /** The share of the requests to any target that is answered with status 500, beside the faults of images. From 0 to 1. */
  get backgroundShare(): number {
    return this.background;
  }

  /**
   * Plays background errors from now on, in place of earlier ones. Like the fault `error`, they leave requests to the health
   * check's path alone.
   * @param share of the requests to any target; 0: none
   * @throws RangeError for a share that is not from 0 to below 1
   */
  setBackground(share: number): void {
    if (!(share >= 0 && share < 1)) {
      throw new RangeError(`the share of background errors must be from 0 to below 1, not ${share}`);
    }
    this.background = share;
  }

  /** The fault of an image; undefined for none, and for a target whose image is not known. */
  of(imageDigest: string | undefined): TargetFault | undefined {
    return imageDigest === undefined ? undefined : this.byImage.get(imageDigest);
  }
}

/** Whether a fault has begun for a task that listens for `listeningMs` simulated milliseconds. */
export function hasBegun({ afterSeconds = 0 }: TargetFault, listeningMs: number): boolean {
  return listeningMs >= afterSeconds * 1_000;
}

/**
 * Decides the effect of a fault and of background errors on one request that does not go to the health check's path. A request
 * that the fault affects is no background error.
 * @param listeningMs for how long the task listens, in simulated milliseconds
 * @param backgroundShare of the requests that fail as background, from 0 to 1
 * @param random gives numbers in [0, 1)
 */
export function effectOf(
  fault: TargetFault | undefined,
  listeningMs: number,
  backgroundShare: number,
  random: () => number,
): FaultEffect {
  const effect = ownEffect(fault, listeningMs, random);
  if (effect.kind !== "none" || backgroundShare === 0) return effect;
  return random() < backgroundShare ? BACKGROUND_ERROR : NONE;
}

function ownEffect(fault: TargetFault | undefined, listeningMs: number, random: () => number): FaultEffect {
  if (!fault || !hasBegun(fault, listeningMs)) return NONE;
  const { kind, rate = 1, seconds = 0 } = fault;
  switch (kind) {
    case "error":
      return random() < rate ? ERROR : NONE;
    case "slow":
      return random() < rate ? { kind: "slow", seconds } : NONE;
    case "crash":
      if (random() >= rate) return NONE;
      return random() < 0.5 ? ERROR : { kind: "slow", seconds };
    case "unhealthy":
    case "exit":
    case "broken-start":
      return NONE;
  }
}

/** What is wrong with a fault's values; undefined when they are right. */
function problemOf({ kind, rate, seconds, afterSeconds }: TargetFault): string | undefined {
  const isTraffic = kind === "error" || kind === "slow" || kind === "crash";
  const isSlow = kind === "slow" || kind === "crash";
  if (!FAULTS.includes(kind)) return `there is no such fault; there are ${FAULTS.join(", ")}`;
  if (rate !== undefined && !isTraffic) return "it takes no rate";
  if (rate !== undefined && !(rate >= 0 && rate <= 1)) return `rate must be a share from 0 to 1, not ${rate}`;
  if (seconds !== undefined && !isSlow) return "it takes no seconds";
  if (isSlow && seconds === undefined) return "it needs seconds";
  if (seconds !== undefined && !isTime(seconds)) return `seconds must be 0 or more, not ${seconds}`;
  if (afterSeconds !== undefined && kind === "broken-start") return "it takes no afterSeconds";
  if (afterSeconds !== undefined && !isTime(afterSeconds)) return `afterSeconds must be 0 or more, not ${afterSeconds}`;
  return undefined;
}

function isTime(seconds: number): boolean {
  return Number.isFinite(seconds) && seconds >= 0;
}
