import type { RehearsalFacts, VerdictReason } from "../report/facts";
import type { RequestRecord } from "../traffic/generator";
import { failureGroups, failureLines, isBad } from "./failures";

/**
 * The largest share of failed requests before the release for which version 1 is a usable baseline. It is the share that
 * the fault `error` causes by default (half of the answers to a tenth of the traffic): with a higher baseline, a bad new
 * version would not stand out. With a lower one, the new version is compared with it (significance.ts).
 */
const MAX_BASELINE_FAILURES = 0.05;

/**
 * Returns why version 1 is no usable baseline: it fails too many requests, or gives no answers. Empty when it is usable. A
 * single failed request is accepted, even out of few. Pure.
 * @param requests answered requests before the release
 * @param unanswered the requests that got no answer within these simulated seconds, e.g. `GET /orders`
 */
export function baselineProblems(
  requests: readonly RequestRecord[],
  { unanswered, seconds }: { readonly unanswered: readonly string[]; readonly seconds: number },
): readonly VerdictReason[] {
  const total = requests.length + unanswered.length;
  if (total === 0) return [{ what: "no request was sent before the release", details: ["raise --rps to send more"] }];
  const bad = requests.filter(isBad);
  const failed = bad.length + unanswered.length;
  if (failed < total && failed <= Math.max(1, total * MAX_BASELINE_FAILURES)) return [];
  return [
    {
      what:
        `version 1 answers its own traffic badly: ${number(failed)} of ${number(total)} requests failed ` +
        "before there was a new version",
      details: [
        ...failureLines(failureGroups(bad)),
        ...(unanswered[0] === undefined
          ? []
          : [
              `${number(unanswered.length)} got no answer at all within ${number(Math.round(seconds))} s, also none of the load ` +
                `balancer, e.g. ${unanswered[0]}: they wait for a free connection, or the answer never ends`,
            ]),
        "correct the service, or what the traffic expects of it (rehearsal.requests or rehearsal.module), then rehearse again",
      ],
    },
  ];
}

/** Returns a note about the requests that version 1 failed before the release; undefined when it failed none. Pure. */
export function baselineNote({ release, requests }: Pick<RehearsalFacts, "release" | "requests">): string | undefined {
  const before = requests.filter(({ at }) => release !== undefined && at < release.from);
  const bad = before.filter(isBad);
  const [commonest] = failureGroups(bad);
  if (commonest === undefined) return undefined;
  return (
    `version 1 itself failed ${((bad.length / before.length) * 100).toFixed(1)} % of its requests before the release ` +
    `(${commonest.reason}); the new version is compared with that`
  );
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
