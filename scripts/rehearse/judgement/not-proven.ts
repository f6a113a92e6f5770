import { byPhase, trafficShift } from "../report/canary";
import type { VerdictReason, RehearsalFacts, ReleaseRun } from "../report/facts";
import type { RequestRecord } from "../traffic/traffic";
import { failureGroups, failureLines, isBad } from "./failures";
import { whyGateDidNotStop } from "./gate";
import { unrelatedCause } from "./rollback";
import { symptomsOf } from "./symptoms";
import { failsMoreThanControl, isSignificantlyWorse, type Sample } from "./significance";

/** Why a release that CodeDeploy calls a success is none that this rehearsal can stand for; empty when it can. Pure. */
export function whyReleaseIsNotProven(facts: RehearsalFacts, release: ReleaseRun): readonly VerdictReason[] {
  const groups = groupsOf(facts, release);
  return [
    ...unseen(facts),
    ...(facts.fault === undefined ? failedUnseen(facts, groups) : faultUnstopped(facts, groups)),
    ...worseThanBefore("version 1 fails since there is a new version", groups.old, groups.before),
    ...afterwards(groups, { serves: facts.newVersion, notAnyMore: facts.oldVersion }),
    ...writes(facts),
  ];
}

/** Why a rollback that CodeDeploy calls finished does not show that the net holds; empty when it does. Pure. */
export function whyRollbackIsNotProven(facts: RehearsalFacts, release: ReleaseRun): readonly VerdictReason[] {
  const groups = groupsOf(facts, release);
  const cause = unrelatedCause(facts);
  return [
    ...(cause === undefined ? [] : [{ what: cause, details: [] }]),
    ...worseThanBefore("requests fail although the release was rolled back", groups.after, groups.before),
    ...afterwards(groups, { serves: facts.oldVersion, notAnyMore: facts.newVersion }),
    ...writes(facts),
  ];
}

/** The requests by who is to blame for what goes wrong with them. */
interface Groups {
  /** Before the release began: how the service fares without a new version. */
  readonly before: readonly RequestRecord[];
  /** Since the new version had traffic, but for what the old one answered: where nobody answers, it is to blame. */
  readonly new: readonly RequestRecord[];
  /** Since the release began, all the others. */
  readonly old: readonly RequestRecord[];
  /** Since the release ended. */
  readonly after: readonly RequestRecord[];
}

function groupsOf(facts: RehearsalFacts, { from, until }: ReleaseRun): Groups {
  const { requests, oldVersion, newVersion } = facts;
  const shifted = trafficShift(facts.weights)?.from ?? Infinity;
  const isNew = ({ at, version }: RequestRecord) => version === newVersion || (at >= shifted && version !== oldVersion);
  return {
    before: requests.filter(({ at }) => at < from),
    new: requests.filter((request) => request.at >= from && isNew(request)),
    old: requests.filter((request) => request.at >= from && !isNew(request)),
    after: requests.filter(({ at }) => at >= until),
  };
}

/** The new version answered nothing, or nothing while the gate was looking. */
function unseen(facts: RehearsalFacts): readonly VerdictReason[] {
  const { newVersion, requests, newTargetGroup } = facts;
  const answers = requests.filter(({ version }) => version === newVersion).length;
  const shift = trafficShift(facts.weights);
  if (shift === undefined)
    return [{ what: "the production listener never gave the new version any traffic", details: [] }];
  if (answers === 0) {
    const sent = newTargetGroup.requests;
    return [
      {
        what: `the new version answered none of the ${number(requests.length)} requests`,
        details: [
          sent === 0
            ? "the load balancer sent its targets nothing"
            : `the load balancer sent its targets ${number(sent)} requests, and no answer carries x-release-version: ${newVersion}`,
        ],
      },
    ];
  }
  const isCanary = shift.to !== shift.from;
  const { during } = byPhase(requests, shift);
  if (!isCanary || during.some(({ version }) => version !== facts.oldVersion)) return [];
  return [
    {
      what: `none of the ${number(during.length)} requests during the canary went to the new version: the gate had nothing to see`,
      details: ["send more of them with a higher --rps"],
    },
  ];
}

function failedUnseen(facts: RehearsalFacts, groups: Groups): readonly VerdictReason[] {
  return worseThanBefore("the new version failed, and the gate did not stop it", groups.new, groups.before, facts);
}

function faultUnstopped(facts: RehearsalFacts, groups: Groups): readonly VerdictReason[] {
  const { fault } = facts;
  if (fault === undefined) return [];
  const trace = symptomsOf(fault, groups.new, facts);
  if (trace.lines.length > 0) {
    const failed = failureLines(failureGroups(groups.new.filter(isBad)));
    return [
      {
        what: `the gate let the fault ${fault} through: ${trace.lines.join(", and ")}`,
        details: [...failed, ...whyGateDidNotStop(trace.problems, facts)],
      },
    ];
  }
  return [
    {
      what: `the fault ${fault} left no trace: the new version answered as if there were none`,
      details: [
        "it gets the fault in its variable SIMULATE: perhaps it does not know it, or the fault strikes too seldom (--rate)",
      ],
    },
    ...failedUnseen(facts, groups),
  ];
}

/** A reason when a group fails more than the time before the release explains. @param facts names the gate's share */
function worseThanBefore(
  what: string,
  group: readonly RequestRecord[],
  before: readonly RequestRecord[],
  facts?: RehearsalFacts,
): readonly VerdictReason[] {
  const sample = (requests: readonly RequestRecord[], bad: (request: RequestRecord) => boolean): Sample => ({
    bad: requests.filter(bad).length,
    total: requests.length,
  });
  const failed = (request: RequestRecord) => request.failure !== undefined;
  // A service that repeats a write by itself may refuse one now and then: only many say something.
  const isBadGroup =
    failsMoreThanControl(sample(group, failed), sample(before, failed)) ||
    isSignificantlyWorse(sample(group, isBad), sample(before, isBad));
  if (!isBadGroup) return [];
  const own = sample(group, isBad);
  const control = sample(before, isBad);
  const causes = failureGroups(group);
  return [
    {
      what:
        `${what}: ${number(own.bad)} of ${number(own.total)} requests, ` +
        `against ${number(control.bad)} of ${number(control.total)} before the release`,
      details: [
        ...failureLines(causes),
        ...(facts
          ? whyGateDidNotStop(
              causes.map(({ problem }) => problem),
              facts,
            )
          : []),
      ],
    },
  ];
}

/** The traffic after the release is not where CodeDeploy says it is. */
function afterwards(
  { after }: Groups,
  expected: { readonly serves: string; readonly notAnyMore: string },
): readonly VerdictReason[] {
  const serves = `version ${expected.serves}`;
  if (after.length === 0)
    return [{ what: `no request was sent after the release: that ${serves} serves was not seen`, details: [] }];
  const wrong = after.filter(({ version }) => version === expected.notAnyMore).length;
  if (wrong > 0)
    return [
      {
        what:
          `${number(wrong)} of ${number(after.length)} requests after the release were still answered by version ` +
          `${expected.notAnyMore}, though ${serves} is to have all traffic`,
        details: [],
      },
    ];
  if (after.some(({ version }) => version === expected.serves)) return [];
  return [
    {
      what: `${serves} answered none of the ${number(after.length)} requests after the release`,
      details: failureLines(failureGroups(after)),
    },
  ];
}

function writes({ writes: { acknowledged, lost, unreadable } }: RehearsalFacts): readonly VerdictReason[] {
  if (lost === 0) return [];
  return [
    lost === null
      ? {
          what: `what became of ${number(acknowledged)} acknowledged writes is not known: they could not be read back`,
          details: unreadable === undefined ? [] : [unreadable],
        }
      : { what: `${number(lost)} of ${number(acknowledged)} acknowledged writes are lost`, details: [] },
  ];
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
