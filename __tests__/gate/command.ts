import { type GateArguments, parseGateArguments } from "../../scripts/gate/arguments";
import type { PerformAll } from "../../scripts/gate/pool";
import { Simulation } from "../../scripts/gate/simulate";
import { perform } from "../../scripts/gate/work";

/** What a simulation takes as normal. */
export const EXPECTATIONS = { normalBadShare: 0.001, slowSeconds: 1.5 };

/** Computes the tasks in this thread. */
export const inThisThread: PerformAll = (input, tasks, onDone) => {
  const simulation = new Simulation(input);
  return Promise.resolve(
    tasks.map((task, index) => {
      const result = perform(simulation, task);
      onDone(index + 1);
      return result;
    }),
  );
};

/** The arguments of a command line of `npm run gate`. @throws Error with what it prints when it refuses them */
export function argumentsOf(...argv: readonly string[]): GateArguments {
  let err = "";
  const parsed = parseGateArguments(argv, { out: () => undefined, err: (text) => (err += text) });
  if (!("arguments" in parsed)) throw new Error(err);
  return parsed.arguments;
}
