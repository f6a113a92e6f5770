import { constants } from "node:os";
import { EXIT_CODES } from "../../command/exit-codes";
import type { VerdictReason, RehearsalFacts } from "../report/facts";
import { whyReleaseIsNotProven, whyRollbackIsNotProven } from "./not-proven";
import { gateSuffix, playedGate } from "./played-gate";
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
  const ending = releaseEndingOf(exitCode);
  if (ending === undefined) return broken(unexpectedEnd(exitCode), abortReasons);
  // A release refuses a group without an alarm that sees the new version. On AWS there may be one.
  const { lacking, isEmpty } = playedGate(facts);
  if (ending === "refused" && isEmpty) {
    const what =
      "the release was refused here, without the alarms of the deployment group that see the new version on AWS";
    return broken("Broken: no alarm of the deployment group that may see the new version is played", [
      { what, details: lacking },
    ]);
  }
  if (ending !== "released" && ending !== "rolled-back") return sameAsRelease(facts, ending);
  if (interrupted) {
    return {
      verdict: ending,
      exitCode: EXIT_CODES.rehearse.SIGINT.code,
      sentence: `Interrupted: the release had ended with ${exitCode}, and the traffic after it was not checked`,
      reasons: [],
    };
  }
  const reasons =
    ending === "released" ? whyReleaseIsNotProven(facts, release) : whyRollbackIsNotProven(facts, release);
  if (reasons.length === 0) return sameAsRelease(facts, ending);
  return {
    verdict: "not-proven",
    exitCode: EXIT_CODES.rehearse["not-proven"].code,
    sentence: `Not proven: the release ended with ${exitCode} (${endingWords(facts, ending)}), but the traffic does not confirm it`,
    reasons,
  };
}

function broken(sentence: string, reasons: readonly VerdictReason[]): RehearsalVerdict {
  return { verdict: "broken", exitCode: EXIT_CODES.rehearse.broken.code, sentence, reasons };
}

/** The results of a release. */
type ReleaseEnding = Exclude<keyof typeof EXIT_CODES.release, "usage">;

/** Returns the result that an exit code of the release command means; undefined for an unexpected exit code. */
function releaseEndingOf(exitCode: number): ReleaseEnding | undefined {
  const [ending] =
    Object.entries(EXIT_CODES.release).find(([name, { code }]) => code === exitCode && name !== "usage") ?? [];
  return ending as ReleaseEnding | undefined;
}

/** Returns a verdict with the exit code of the release command. */
function sameAsRelease(facts: RehearsalFacts, ending: ReleaseEnding): RehearsalVerdict {
  const sentence = endingWords(facts, ending);
  return {
    verdict: kindOf(ending),
    exitCode: EXIT_CODES.release[ending].code,
    sentence: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`,
    reasons: [],
  };
}

/** An interrupted release counts as rolled back too. */
function kindOf(ending: ReleaseEnding): RehearsalVerdict["verdict"] {
  if (ending === "released") return "released";
  return ending === "rolled-back" || ending === "interrupted" ? "rolled-back" : "failed";
}

function endingWords(facts: RehearsalFacts, ending: ReleaseEnding): string {
  const { deployment } = facts;
  switch (ending) {
    case "released":
      return `released: the new version serves all traffic${gateSuffix(facts)}`;
    case "rolled-back": {
      const alarms = activatedAlarms(facts);
      const why =
        alarms.length > 0
          ? `${alarms.length === 1 ? "alarm" : "alarms"} ${alarms.join(", ")}`
          : (deployment?.errorInformation?.code ?? "no reason given");
      return `rolled back: ${why}${gateSuffix(facts)}`;
    }
    case "failed":
      return "failed: the deployment ended without success, and without a rollback that finished";
    case "refused":
      return `refused: nothing was deployed; the release's output above says why${gateSuffix(facts)}`;
    case "lost-sight":
      return "lost sight: the release stopped watching its deployment; its output above says why";
    case "interrupted":
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
