import type { RehearsalFacts, VerdictReason } from "../report/facts";

/** What a rehearsal plays of a deployment group's alarms. */
export interface PlayedGate {
  /** Number of alarms that CodeDeploy reads on AWS. */
  readonly alarms: number;
  /** One line for each of them that is left out of the rehearsal, or lacks data in it. */
  readonly lacking: readonly string[];
  /** Whether none of them can fire in the rehearsal, although there are some. */
  readonly isBlind: boolean;
}

/** Compares the alarms that CodeDeploy reads on AWS with those that a rehearsal plays. Pure. */
export function playedGate({ alarms, leftOutAlarms }: Pick<RehearsalFacts, "alarms" | "leftOutAlarms">): PlayedGate {
  const inGate = alarms.filter((alarm) => alarm.inGate);
  const lacking = inGate.flatMap(({ name, missing }) =>
    missing
      ? [`alarm ${name} has ${missing.what === "all" ? "no data" : "only a part of its data"}: ${missing.why}`]
      : [],
  );
  const total = inGate.length + leftOutAlarms.length;
  return {
    alarms: total,
    lacking: [...leftOutAlarms.map((name) => `alarm ${name} is not played`), ...lacking],
    isBlind: total > 0 && inGate.every(({ missing }) => missing?.what === "all"),
  };
}

/** Says at the end of a sentence how many alarms are not played in full; empty when all are. Pure. */
export function gateSuffix(facts: Pick<RehearsalFacts, "alarms" | "leftOutAlarms">): string {
  const { alarms, lacking } = playedGate(facts);
  return lacking.length === 0 ? "" : `; not played as on AWS: ${lacking.length} of the gate's ${alarms} alarms`;
}

/** A reason not to trust a release that succeeded: nothing could have stopped a bad version. Pure. */
export function blindGateReason(facts: Pick<RehearsalFacts, "alarms" | "leftOutAlarms">): readonly VerdictReason[] {
  const { lacking, isBlind } = playedGate(facts);
  if (!isBlind) return [];
  return [
    {
      what: "none of the deployment group's alarms can fire in this rehearsal, so nothing here would have stopped a bad version",
      details: lacking,
    },
  ];
}
