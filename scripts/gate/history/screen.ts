import { type GateLimit, limitOf, parseLimit } from "../../../stacks/gate/limit";
import type { CloudSettings } from "../../cloud/settings";
import type { PreparedGate, WatchedAlarm } from "../gates";
import type { GroupCounts, GroupIndex, PublishedTraffic } from "../traffic";

/** The limit of an alarm, and what it counts. */
interface ScreenedLimit {
  readonly limit: GateLimit;
  readonly minutes: number;
  readonly requestsOf: (counts: GroupCounts, minute: number) => number;
  readonly badOf: (counts: GroupCounts, minute: number) => number;
}

/**
 * Leaves out, release by release, the alarms that certainly stay OK, so that a replay takes seconds. All others are
 * evaluated as always. An alarm with a limit stays OK when no window of the new version's traffic has more bad requests
 * than the limit without the other group, which only raises it.
 */
export class Screen {
  private readonly alarms: readonly { readonly watched: WatchedAlarm; readonly screened: ScreenedLimit | undefined }[];

  constructor(
    private readonly gate: PreparedGate,
    private readonly group: GroupIndex,
    { slidingWindowEndsAt }: Pick<CloudSettings, "slidingWindowEndsAt">,
  ) {
    this.alarms = gate.alarms.map((watched) => {
      // A window that ends now is partly unpublished, so it is none of whole minutes.
      const usual =
        slidingWindowEndsAt === "published" && watched.alarm.template.evaluationWindow?.type !== "wallClock";
      return { watched, screened: usual ? screenedLimit(watched) : undefined };
    });
  }

  /** The gate with the alarms that may fire in this traffic; undefined without any. */
  gateFor(traffic: PublishedTraffic): PreparedGate | undefined {
    const counts = traffic.groups[this.group];
    const alarms = this.alarms.flatMap(({ watched, screened }) =>
      screened && !exceeds(screened, counts, traffic.minutes) ? [] : [watched],
    );
    return alarms.length === 0 ? undefined : { ...this.gate, alarms };
  }
}

function screenedLimit({ alarm: { template } }: WatchedAlarm): ScreenedLimit | undefined {
  const parsed = parseLimit(template.metrics ?? []);
  const isUsual =
    template.comparisonOperator === "GreaterThanThreshold" &&
    template.threshold === 0 &&
    template.treatMissingData === "notBreaching";
  if (!parsed || !isUsual) return undefined;
  const { normalShare, sigmas, allowance, windowSeconds } = parsed;
  const isFailed = parsed.judged.bad.kind === "failedRequests";
  return {
    limit: { normalShare, sigmas, allowance, windowSeconds },
    minutes: windowSeconds / 60,
    requestsOf: isFailed
      ? ({ requests }, minute) => requests[minute] ?? 0
      : ({ times, bins }, minute) => (times[minute * bins] ?? 0) + (times[minute * bins + 1] ?? 0),
    badOf: isFailed
      ? ({ failed, refused }, minute) => (failed[minute] ?? 0) + (refused[minute] ?? 0)
      : ({ slow }, minute) => slow[minute] ?? 0,
  };
}

function exceeds({ limit, minutes, requestsOf, badOf }: ScreenedLimit, counts: GroupCounts, all: number): boolean {
  let [requests, bad] = [0, 0];
  for (let minute = 0; minute < all; minute += 1) {
    requests += requestsOf(counts, minute);
    bad += badOf(counts, minute);
    if (minute >= minutes) {
      requests -= requestsOf(counts, minute - minutes);
      bad -= badOf(counts, minute - minutes);
    }
    // The limit is never below its allowance.
    if (bad > limit.allowance && bad > limitOf(requests, limit) - ROUNDING) return true;
  }
  return false;
}

/** Metric math rounds in another order. */
const ROUNDING = 1e-6;
