import type { RehearsalFacts, VerdictReason } from "../report/facts";
import type { RequestRecord } from "../traffic/traffic";
import { failureGroups, failureLines, isBad } from "./failures";

/**
 * Part of its own traffic that version 1 may answer badly before the release. It is what the fault `error` adds to all
 * traffic by default (half of the answers of a tenth of the traffic): where more goes wrong without any new version, a bad
 * one could not be told from it. What is below is background, and the new version is held against it (significance.ts).
 */
const MOST_BACKGROUND = 0.05;

/**
 * Why no release can be judged against this traffic: version 1 answers badly, not at all, or does not say that it is the
 * one that answers. Empty when it can. One bad answer alone is no reason, however few there are. Pure.
 * @param requests those with an answer, before the release
 * @param unanswered how many still have none, although they were waited for
 * @param version what version 1 must answer as `x-release-version`
 */
export function baselineProblems(
  requests: readonly RequestRecord[],
  unanswered: number,
  version: string,
): readonly VerdictReason[] {
  const total = requests.length + unanswered;
  if (total === 0)
    return [{ what: "no request was sent before the release", details: ["send more of them with a higher --rps"] }];
  const bad = requests.filter(isBad);
  const failed = bad.length + unanswered;
  if (failed === total || failed > Math.max(1, total * MOST_BACKGROUND)) {
    return [
      {
        what:
          `version 1 answers its own traffic badly: ${number(failed)} of ${number(total)} requests failed ` +
          "before there was a new version",
        details: [
          ...failureLines(failureGroups(bad)),
          ...(unanswered === 0 ? [] : [`${number(unanswered)} got no answer at all`]),
          "make the service answer this traffic as the Tasks API does (api/README.md), then rehearse again",
        ],
      },
    ];
  }
  const answered = requests.filter((request) => !isBad(request));
  if (answered.some((request) => request.version === version)) return [];
  const [other] = answered;
  return [
    {
      what: `the answers of version 1 do not carry the header x-release-version: ${version}, so nobody can tell which version answers`,
      details: [
        other?.version === undefined
          ? "they carry no such header at all"
          : `they carry x-release-version: ${other.version}`,
        "let the service answer with the value of its variable RELEASE_VERSION in that header",
      ],
    },
  ];
}

/** What to say of a background that is small enough to go on with; undefined when nothing failed. Pure. */
export function backgroundNote({
  release,
  requests,
}: Pick<RehearsalFacts, "release" | "requests">): string | undefined {
  const before = requests.filter(({ at }) => release !== undefined && at < release.from);
  const bad = before.filter(isBad);
  const [commonest] = failureGroups(bad);
  if (commonest === undefined) return undefined;
  return (
    `version 1 itself failed ${((bad.length / before.length) * 100).toFixed(1)} % of its requests before the release ` +
    `(${commonest.reason}); the new version is held against that`
  );
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
