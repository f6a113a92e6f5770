import type { FaultName } from "./models/faults";
import type { Colour, TrafficNeeded } from "./report/types";
import type { Cell, Runs, Simulation } from "./simulate";

const COLOURS: readonly Colour[] = ["blue", "green"];

/** Ten steps to a factor of ten, rounded so that people read them easily. */
const STEPS = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8];

function grid(from: number, to: number): readonly number[] {
  const values: number[] = [];
  for (let decade = Math.floor(Math.log10(from)); decade <= Math.log10(to); decade += 1) {
    for (const step of STEPS) values.push(Number((step * 10 ** decade).toPrecision(3)));
  }
  return values.filter((value) => value >= from * 0.999 && value <= to * 1.001);
}

const ERROR_SHARES = grid(0.001, 1);
const SLOWDOWNS = grid(0.05, 10);
const TRAFFICS = grid(0.1, 10_000);

/** What a search finds: by gate, in the order of the simulation; null where nothing is enough. */
type Found = readonly (number | null)[];

/** The share of the releases of a cell that each gate stops before the last shift, over both colours. */
class Caught {
  private readonly known = new Map<number, readonly number[]>();

  constructor(
    private readonly simulation: Simulation,
    private readonly runs: Runs,
    private readonly cellOf: (value: number) => Omit<Cell, "colour">,
  ) {}

  at(value: number, gate: number): number {
    let shares = this.known.get(value);
    if (!shares) {
      const results = COLOURS.map((colour) => this.simulation.run({ ...this.cellOf(value), colour }, this.runs).gates);
      shares = (results[0] ?? []).map((_, index) => {
        const tallies = results.flatMap((gates) => gates[index] ?? []);
        const total = (count: (tally: (typeof tallies)[number]) => number) =>
          tallies.reduce((sum, tally) => sum + count(tally), 0);
        return total((tally) => tally.beforeLastShift) / total((tally) => tally.releases);
      });
      this.known.set(value, shares);
    }
    return shares[gate] ?? 0;
  }
}

/** The first value, for each gate, from which on it stops enough releases. It supposes that more is easier to notice. */
function firstEnough(values: readonly number[], gates: number, probability: number, caught: Caught): Found {
  return Array.from({ length: gates }, (_, gate) => {
    let [low, high] = [0, values.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (caught.at(values[middle] ?? 0, gate) >= probability) high = middle;
      else low = middle + 1;
    }
    return values[low] ?? null;
  });
}

/** The smallest severity of a fault that each gate stops before the last shift with a probability. */
export function smallestCaught(
  simulation: Simulation,
  fault: FaultName & ("errors" | "slow"),
  rps: number,
  probability: number,
  runs: Runs,
): Found {
  const caught = new Caught(simulation, runs, (severity) => ({ fault, severity, rps }));
  return firstEnough(fault === "errors" ? ERROR_SHARES : SLOWDOWNS, simulation.gateCount, probability, caught);
}

/** The smallest traffic with which each gate stops a share of errors before the last shift with a probability. */
export function trafficNeeded(simulation: Simulation, goal: Omit<TrafficNeeded, "rps">, runs: Runs): Found {
  const caught = new Caught(simulation, runs, (rps) => ({ fault: "errors", severity: goal.badShare, rps }));
  return firstEnough(TRAFFICS, simulation.gateCount, goal.probability, caught);
}
