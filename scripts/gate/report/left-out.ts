import type { GateReport, UnknownGate } from "./types";

/** What the figures of gates don't have: alarms, all of a gate, or the rollback. One sentence for each gate, without a line break. */
export function leftOutLines({
  gates,
  unknownGates = [],
}: Pick<GateReport, "gates" | "unknownGates">): readonly string[] {
  return [
    ...unknownGates.map((gate) => unknownLine(gate, "simulated")),
    ...gates.flatMap(({ name, notSimulated = [], onlyStops }) => [
      ...partLine(name, notSimulated, "simulated"),
      ...(onlyStops
        ? [
            `${name}: its deployment group stops on an alarm and does not roll back, so no release is rolled back, only stopped.`,
          ]
        : []),
    ]),
  ];
}

/** What a replay leaves out. */
interface Replayed {
  readonly gates: readonly { readonly name: string; readonly notReplayed?: readonly string[] }[];
  readonly unknownGates?: readonly UnknownGate[];
}

/** The same of the traffic of the past. */
export function notReplayedLines({ gates, unknownGates = [] }: Replayed): readonly string[] {
  return [
    ...unknownGates.map((gate) => unknownLine(gate, "replayed")),
    ...gates.flatMap(({ name, notReplayed = [] }) => partLine(name, notReplayed, "replayed")),
  ];
}

type Way = "simulated" | "replayed";

function unknownLine({ name, alarms }: UnknownGate, way: Way): string {
  return `${name}: unknown. None of the alarms that judge a release can be ${way}: ${alarms.join(", ")}.`;
}

function partLine(name: string, alarms: readonly string[], way: Way): readonly string[] {
  if (alarms.length === 0) return [];
  const which = `${alarms.length === 1 ? "1 alarm" : `${alarms.length} alarms`} (${alarms.join(", ")})`;
  const more = way === "simulated" ? "catch more than this, and stop more" : "stop more than this";
  return [`${name}: ${which} can't be ${way}, so the gate may ${more}.`];
}
