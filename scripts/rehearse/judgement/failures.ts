import type { ExchangeText, RequestRecord } from "../traffic/generator";

/** Kinds of problems, as far as a load balancer can tell them apart. */
export type ProblemKind = "4xx" | "5xx" | "load balancer's 5xx" | "wrong content" | "no answer" | "slow" | "unhealthy";

/** Failed requests with the same cause. */
export interface FailureGroup {
  readonly problem: ProblemKind;
  /** e.g. `get: status 500` */
  readonly reason: string;
  readonly count: number;
  /** The first of these requests. */
  readonly example: ExchangeText | undefined;
}

/**
 * Statuses that an Application Load Balancer answers itself when a target fails
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html).
 */
const LOAD_BALANCER_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** Number of causes to list; the rest is only counted. */
const SHOWN = 3;

/**
 * Whether the local cloud plays the failure of a request beside the release: as background of both versions, or as the fault of
 * version 1. It is then not the new version's.
 */
function isBesideRelease({ played }: RequestRecord): boolean {
  return played === "background" || played === "live-fault";
}

/** Whether a request failed, and not beside the release. */
export function isFailed(request: RequestRecord): boolean {
  return request.failure !== undefined && !isBesideRelease(request);
}

/**
 * Whether a request failed or was refused, and not beside the release: the traffic is planned so that a right service refuses
 * next to nothing.
 */
export function isBad(request: RequestRecord): boolean {
  return (request.failure !== undefined || request.refused) && !isBesideRelease(request);
}

/** Groups the bad requests by cause, the most frequent first. Pure. */
export function failureGroups(requests: readonly RequestRecord[]): readonly FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const request of requests) {
    if (!isBad(request)) continue;
    const { failure: reason = `${request.name}: refused`, exchange: example } = request;
    const known = groups.get(reason);
    groups.set(
      reason,
      known ? { ...known, count: known.count + 1 } : { problem: problemOf(request), reason, count: 1, example },
    );
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** Returns one line for each of the most frequent causes: the count, and an example with its answer. Pure. */
export function failureLines(groups: readonly FailureGroup[]): readonly string[] {
  const lines = groups
    .slice(0, SHOWN)
    .map(
      ({ reason, count, example }) =>
        `${reason} (${times(count)})${example ? `, e.g. ${example.request} → ${example.answer}` : ""}`,
    );
  const rest = groups.slice(SHOWN).reduce((sum, { count }) => sum + count, 0);
  return rest === 0 ? lines : [...lines, `and ${rest.toLocaleString("en-US")} more with other causes`];
}

function times(count: number): string {
  return count === 1 ? "once" : `${count.toLocaleString("en-US")} times`;
}

function problemOf({ status, version }: RequestRecord): ProblemKind {
  if (status === undefined) return "no answer";
  if (status >= 500) return version === undefined && LOAD_BALANCER_STATUSES.has(status) ? "load balancer's 5xx" : "5xx";
  return status >= 400 ? "4xx" : "wrong content";
}
