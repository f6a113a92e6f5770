import type { RehearsalFacts, VerdictReason } from "../report/facts";

/** What a rehearsal plays of a deployment group's alarms. */
interface PlayedGate {
  /** Number of alarms of the group on AWS. */
  readonly alarms: number;
  /** One line for each of them that is left out of the rehearsal, or lacks data in it. */
  readonly lacking: readonly string[];
  /** Whether all alarms that may see the new version are left out. */
  readonly isEmpty: boolean;
  /** Whether no alarm that may see the new version can fire in the rehearsal, although there are some on AWS. */
  readonly isBlind: boolean;
}

/** Compares the alarms that a deployment group has on AWS with those that a rehearsal plays. Pure. */
export function playedGate({ alarms, leftOutAlarms }: Pick<RehearsalFacts, "alarms" | "leftOutAlarms">): PlayedGate {
  const inGate = alarms.filter((alarm) => alarm.inGate);
  const lacking = inGate.flatMap(({ name, missing }) =>
    missing
      ? [`alarm ${name} has ${missing.what === "all" ? "no data" : "only a part of its data"}: ${missing.why}`]
      : [],
  );
  const seeing = inGate.filter(({ watches }) => watches !== "old");
  return {
    alarms: inGate.length + leftOutAlarms.length,
    lacking: [...leftOutAlarms.map((name) => `alarm ${name} is not played`), ...lacking],
    isEmpty: seeing.length === 0 && leftOutAlarms.length > 0,
    isBlind: seeing.length + leftOutAlarms.length > 0 && seeing.every(({ missing }) => missing?.what === "all"),
  };
}

/** Says at the end of a sentence how many alarms are not played in full; empty when all are. Pure. */
export function gateSuffix(facts: Pick<RehearsalFacts, "alarms" | "leftOutAlarms">): string {
  const { alarms, lacking } = playedGate(facts);
  if (lacking.length === 0) return "";
  return `; not played as on AWS: ${lacking.length} of the deployment group's ${alarms} alarms`;
}

/** A reason not to trust a release that succeeded: nothing could have stopped a bad version. Pure. */
export function blindGateReason(facts: Pick<RehearsalFacts, "alarms" | "leftOutAlarms">): readonly VerdictReason[] {
  const { lacking, isBlind } = playedGate(facts);
  if (!isBlind) return [];
  return [
    {
      what: "no alarm that sees the new version can fire in this rehearsal, so nothing here would have stopped a bad version",
      details: lacking,
    },
  ];
}
