import { byPhase, trafficShift } from "../report/canary";
import type { VerdictReason, RehearsalFacts, ReleaseRun } from "../report/facts";
import type { RequestRecord } from "../traffic/generator";
import { failureGroups, failureLines, isBad, isFailed } from "./failures";
import { whyGateDidNotStop } from "./gate";
import { blindGateReason } from "./played-gate";
import { unrelatedCause } from "./rollback";
import { symptomsOf } from "./symptoms";
import { failsMoreThanControl, isSignificantlyWorse, type Sample } from "./significance";

/** Returns why the recorded facts do not prove a release that succeeded; empty when they prove it. Pure. */
export function whyReleaseIsNotProven(facts: RehearsalFacts, release: ReleaseRun): readonly VerdictReason[] {
  const groups = groupsOf(facts, release);
  return [
    ...noTrafficOnNew(facts),
    ...blindGateReason(facts),
    ...(facts.fault === undefined ? newVersionFailed(facts, groups) : faultNotStopped(facts, groups)),
    ...worseThanBefore("version 1 fails more since the release started", groups.old, groups.before),
    ...wrongVersionAfter(groups, { serves: facts.newVersion, retired: facts.oldVersion }),
    ...lostWrites(facts),
  ];
}

/** Returns why the recorded facts do not prove that the alarms caught the fault; empty when they prove it. Pure. */
export function whyRollbackIsNotProven(facts: RehearsalFacts, release: ReleaseRun): readonly VerdictReason[] {
  const groups = groupsOf(facts, release);
  const cause = unrelatedCause(facts);
  return [
    ...(cause === undefined ? [] : [{ what: cause, details: [] }]),
    ...worseThanBefore("requests still fail after the rollback", groups.after, groups.before),
    ...wrongVersionAfter(groups, { serves: facts.oldVersion, retired: facts.newVersion }),
    ...lostWrites(facts),
  ];
}

/** The requests, grouped by the version that is responsible for a failure. */
interface Groups {
  /** Before the release started: the baseline. */
  readonly before: readonly RequestRecord[];
  /**
   * Requests that the new version answered, and, once it has traffic, those without an answer from a version: the old
   * version answered all its requests before, so the new one is responsible.
   */
  readonly new: readonly RequestRecord[];
  /** All other requests since the release started. */
  readonly old: readonly RequestRecord[];
  /** All requests since the release ended. */
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

/** The new version answered no request, or none while CodeDeploy read the alarms. */
function noTrafficOnNew(facts: RehearsalFacts): readonly VerdictReason[] {
  const { newVersion, requests, newTargetGroup } = facts;
  const answers = requests.filter(({ version }) => version === newVersion).length;
  const shift = trafficShift(facts.weights);
  if (shift === undefined)
    return [{ what: "the production listener never sent the new version any traffic", details: [] }];
  if (answers === 0) {
    const sent = newTargetGroup.requests;
    return [
      {
        what: `the new version answered none of the ${number(requests.length)} requests`,
        details: [
          sent === 0
            ? "the load balancer sent no request to its targets"
            : `the load balancer sent its targets ${number(sent)} requests, and none of them answered`,
        ],
      },
    ];
  }
  const isCanary = shift.to !== shift.from;
  const { during } = byPhase(requests, shift);
  if (!isCanary || during.some(({ version }) => version !== facts.oldVersion)) return [];
  return [
    {
      what: `none of the ${number(during.length)} requests during the canary went to the new version, so its alarms had no data`,
      details: ["raise --rps to send more"],
    },
  ];
}

function newVersionFailed(facts: RehearsalFacts, groups: Groups): readonly VerdictReason[] {
  return worseThanBefore("the new version failed, and the gate did not stop it", groups.new, groups.before, facts);
}

function faultNotStopped(facts: RehearsalFacts, groups: Groups): readonly VerdictReason[] {
  const { fault } = facts;
  if (fault === undefined) return [];
  const symptoms = symptomsOf(fault, groups.new, facts);
  if (symptoms.lines.length > 0) {
    const failed = failureLines(failureGroups(groups.new.filter(isBad)));
    return [
      {
        what: `the gate did not stop the fault ${fault}: ${symptoms.lines.join(", and ")}`,
        details: [...failed, ...whyGateDidNotStop(symptoms.problems, facts)],
      },
    ];
  }
  return [
    {
      what: `the fault ${fault} had no visible effect: the new version answered as if it had no fault`,
      details: [
        facts.faultsBy === "service"
          ? "the new version gets the fault in its variable SIMULATE: perhaps it ignores the variable, then use --faults-by cloud; or the fault is too rare (--rate)"
          : "the fault is too rare (--rate), or too few requests went to the new version (--rps)",
      ],
    },
    ...newVersionFailed(facts, groups),
  ];
}

/**
 * Returns a reason when a group of requests fails more than the baseline explains.
 * @param facts when given, the details explain why the gate did not stop it
 */
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
  // A service that retries a write by itself may refuse one now and then, so refused requests need a significant number.
  const isBadGroup =
    failsMoreThanControl(sample(group, isFailed), sample(before, isFailed)) ||
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

/** The requests after the release were not answered by the version that CodeDeploy reports as live. */
function wrongVersionAfter(
  { after }: Groups,
  expected: { readonly serves: string; readonly retired: string },
): readonly VerdictReason[] {
  const serves = `version ${expected.serves}`;
  if (after.length === 0)
    return [{ what: `no request was sent after the release, so nothing shows that ${serves} serves`, details: [] }];
  const wrong = after.filter(({ version }) => version === expected.retired).length;
  if (wrong > 0)
    return [
      {
        what:
          `${number(wrong)} of ${number(after.length)} requests after the release were still answered by version ` +
          `${expected.retired}, although ${serves} should have all traffic`,
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

function lostWrites({ writes }: RehearsalFacts): readonly VerdictReason[] {
  if (writes === undefined) return [];
  const { acknowledged, lost, unreadable } = writes;
  if (lost === 0) return [];
  return [
    lost === null
      ? {
          what: `it is unknown whether any of ${number(acknowledged)} acknowledged writes is lost: they could not be read back`,
          details: unreadable === undefined ? [] : [unreadable],
        }
      : { what: `${number(lost)} of ${number(acknowledged)} acknowledged writes are lost`, details: [] },
  ];
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
