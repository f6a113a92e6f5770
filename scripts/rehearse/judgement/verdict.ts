import { constants } from "node:os";
import { BROKEN_EXIT_CODE, isReleaseEnding, NOT_PROVEN_EXIT_CODE } from "../exit-codes";
import { LEAVE_EXIT_CODES } from "../interruption";
import type { VerdictReason, RehearsalFacts, ReleaseRun } from "../report/facts";
import { whyReleaseIsNotProven, whyRollbackIsNotProven } from "./not-proven";
import { activatedAlarms } from "./rollback";

/** The result of a rehearsal. */
export interface RehearsalVerdict {
  /**
   * `broken`: the rehearsal says nothing about the release. `not-proven`: the release ended with 0 or 2, but the recorded
   * facts do not confirm it.
   */
  readonly verdict: "released" | "rolled-back" | "failed" | "not-proven" | "broken";
  /** Exit code of the rehearsal. */
  readonly exitCode: number;
  readonly sentence: string;
  readonly reasons: readonly VerdictReason[];
}

/** Decides the result of the rehearsal from all recorded facts. Pure. */
export function rehearsalVerdict(facts: RehearsalFacts): RehearsalVerdict {
  const { release, abortReasons, interrupted } = facts;
  if (release === undefined)
    return broken("Aborted before the release, because version 1 is no usable baseline", abortReasons);
  const { exitCode } = release;
  if (!isReleaseEnding(exitCode)) return broken(unexpectedEnd(exitCode), abortReasons);
  if (exitCode !== 0 && exitCode !== 2) return sameAsRelease(facts, exitCode);
  if (interrupted) {
    return {
      verdict: exitCode === 0 ? "released" : "rolled-back",
      exitCode: LEAVE_EXIT_CODES.SIGINT,
      sentence: `Interrupted: the release had ended with ${exitCode}, and the traffic after it was not checked`,
      reasons: [],
    };
  }
  const reasons = exitCode === 0 ? whyReleaseIsNotProven(facts, release) : whyRollbackIsNotProven(facts, release);
  if (reasons.length === 0) return sameAsRelease(facts, exitCode);
  return {
    verdict: "not-proven",
    exitCode: NOT_PROVEN_EXIT_CODE,
    sentence: `Not proven: the release ended with ${exitCode} (${endingOf(facts, exitCode)}), but the traffic does not confirm it`,
    reasons,
  };
}

function broken(sentence: string, reasons: readonly VerdictReason[]): RehearsalVerdict {
  return { verdict: "broken", exitCode: BROKEN_EXIT_CODE, sentence, reasons };
}

/** Returns a verdict with the exit code of the release command. */
function sameAsRelease(facts: RehearsalFacts, exitCode: ReleaseRun["exitCode"]): RehearsalVerdict {
  const sentence = endingOf(facts, exitCode);
  return {
    verdict: kindOf(exitCode),
    exitCode,
    sentence: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`,
    reasons: [],
  };
}

/** An interrupted release (130) counts as rolled back too. */
function kindOf(exitCode: number): RehearsalVerdict["verdict"] {
  if (exitCode === 0) return "released";
  return exitCode === 2 || exitCode === LEAVE_EXIT_CODES.SIGINT ? "rolled-back" : "failed";
}

function endingOf(facts: RehearsalFacts, exitCode: number): string {
  const { deployment } = facts;
  switch (exitCode) {
    case 0:
      return "released: the new version serves all traffic";
    case 2: {
      const alarms = activatedAlarms(facts);
      if (alarms.length > 0) return `rolled back: ${alarms.length === 1 ? "alarm" : "alarms"} ${alarms.join(", ")}`;
      return `rolled back: ${deployment?.errorInformation?.code ?? "no reason given"}`;
    }
    case 3:
      return "failed: the deployment ended without success, and without a rollback that finished";
    case 4:
      return "refused: nothing was deployed; the release's output above says why";
    case 5:
      return "lost sight: the release stopped watching its deployment; its output above says why";
    default:
      if (!deployment) return "interrupted: nothing was deployed yet";
      return deployment.rollbackInfo?.rollbackDeploymentId === undefined
        ? "stopped: the release was interrupted before anything was installed"
        : "rolled back: the release was interrupted";
  }
}

function unexpectedEnd(exitCode: number): string {
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128) ?? [];
  return signal === undefined
    ? `Broken: the release command ended with the unexpected exit code ${exitCode}`
    : `Broken: the release command was killed (${signal})`;
}
