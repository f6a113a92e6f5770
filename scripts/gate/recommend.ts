import type { Config } from "../../stacks/config";
import { gateLimitOf, PRESET_LIMITS } from "../../stacks/gate/presets";
import { caughtInCanary, type Delays, stoppedFalsely } from "./arithmetic";
import type { EstimatedShare, Recommendation, RecommendationGoal, RecommendedSettings } from "./report/types";
import { SubjectError } from "./subjects";

/** Canaries that come into question: percent of the traffic, and minutes. */
const PERCENTAGES = [5, 10, 20, 25, 50];
const MOST_MINUTES = 120;
/** Minutes of windows that come into question, besides one as long as the canary. */
const WINDOWS = [5, 10, 15, 20, 30, 45, 60, 90];
const SHORTEST_WINDOW = 5;

type Limit = Pick<RecommendedSettings["gate"], "preset" | "sigmas" | "allowance">;

/** Limits that come into question: those of the presets, and others around them. */
const LIMITS: readonly Limit[] = [
  { preset: "balanced", ...PRESET_LIMITS.balanced },
  { preset: "strict", ...PRESET_LIMITS.strict },
  ...[6, 5, 4, 3].flatMap((sigmas) =>
    [3, 2, 1.5, 1].map((allowance): Limit => ({ preset: "balanced", sigmas, allowance })),
  ),
];
/** The lowest of these limits. */
const LOWEST = { sigmas: 3, allowance: 1 };

/** Values that are tried to say what a goal would need, ascending. */
const TRAFFICS = steps(0.01, 100_000);
const BAD_SHARES = steps(0.001, 1);

/** How many candidates are simulated at most, and by how much the exposure grows from one to the next. */
const MOST_SIMULATED = 5;
const GROWTH = 1.25;

/** What a recommendation depends on, besides its goal. */
export interface RecommendationInput {
  /** The configuration as it is. */
  readonly config: Pick<Config, "gate" | "delivery">;
  /** Share of the requests that fails anyway. */
  readonly normalBad: number;
  readonly delays: Delays;
}

/** What a simulation has found; undefined for settings that don't fit the configuration. */
export type Simulated =
  { readonly caught: EstimatedShare; readonly falseStops: EstimatedShare; readonly reached: boolean } | undefined;

/** A canary with a limit that reaches a goal by arithmetic. */
interface Candidate {
  readonly settings: RecommendedSettings;
  readonly exposure: number;
}

/** Checks that a goal can be one. @throws SubjectError for one that asks to stop on what is normal */
export function checkGoal(
  goal: Pick<RecommendationGoal, "badShare">,
  input: Omit<RecommendationInput, "delays">,
): void {
  const normalBadShare = normalShareOf(input);
  if (goal.badShare > normalBadShare) return;
  throw new SubjectError(
    `--catch ${goal.badShare}: must be more than the share of requests that fails anyway (${normalBadShare})`,
  );
}

/**
 * Searches the settings that reach a goal with the least exposure: the share of users on the new version, times its minutes.
 * The search is arithmetic; the best candidates are simulated until one is confirmed.
 * @param simulate says what settings reach in a simulation
 * @throws SubjectError for a goal that asks to stop on what is normal; as `simulate` does
 */
export async function recommend(
  goal: RecommendationGoal,
  input: RecommendationInput,
  simulate: (settings: RecommendedSettings) => Promise<Simulated>,
): Promise<Recommendation> {
  checkGoal(goal, input);
  let simulations = 0;
  let enough = 0;
  for (const { settings, exposure } of candidates(goal, input)) {
    if (exposure < enough) continue;
    const simulated = await simulate(settings);
    if (!simulated) continue;
    const { caught, falseStops, reached } = simulated;
    if (reached) {
      const found = { settings, exposureMinutes: exposure, caught, falseStops };
      return { goal, found, contradicted: simulations, needed: null };
    }
    simulations += 1;
    enough = exposure * GROWTH;
    if (simulations === MOST_SIMULATED) break;
  }
  return { goal, found: null, contradicted: simulations, needed: neededFor(goal, input) };
}

/** The least change of a goal that some candidate reaches. */
function neededFor(goal: RecommendationGoal, input: RecommendationInput): NonNullable<Recommendation["needed"]> {
  const isReachable = (changed: Partial<RecommendationGoal>) =>
    !candidates({ ...goal, ...changed }, input, [50], [MOST_MINUTES]).next().done;
  return {
    rps: firstOf(TRAFFICS, goal.rps, (rps) => isReachable({ rps })),
    badShare: firstOf(BAD_SHARES, goal.badShare, (badShare) => isReachable({ badShare })),
  };
}

/** The candidates that reach a goal by arithmetic: the least exposure first, then the shortest canary, then presets, then the shortest window. */
function* candidates(
  goal: RecommendationGoal,
  input: RecommendationInput,
  percentages: readonly number[] = PERCENTAGES,
  allMinutes: readonly number[] = Array.from({ length: MOST_MINUTES }, (_, index) => index + 1),
): Generator<Candidate, undefined> {
  const { gate, delivery } = input.config;
  const canaries = percentages
    .flatMap((percentage) => allMinutes.map((minutes) => ({ percentage, minutes })))
    .map((canary) => ({ ...canary, exposure: (canary.percentage * canary.minutes) / 100 }))
    .sort((one, other) => one.exposure - other.exposure || one.minutes - other.minutes);
  for (const { percentage, minutes, exposure } of canaries) {
    const traffic = { rps: goal.rps, share: percentage / 100, minutes };
    const windows = [...WINDOWS.filter((window) => window < minutes), Math.max(minutes, SHORTEST_WINDOW)];
    const settingsOf = (limit: Limit, windowMinutes: number): RecommendedSettings => ({
      gate: {
        ...limit,
        normalBadShare: normalShareOf(input),
        windowMinutes,
        goal: { badShare: goal.badShare, probability: goal.probability, rps: goal.rps },
      },
      delivery: { strategy: { type: "canary", percentage, intervalMinutes: minutes } },
    });
    const reaches = (limit: Limit, windowMinutes: number, withStops: boolean): boolean => {
      const settings = settingsOf(limit, windowMinutes);
      const computed = gateLimitOf({
        gate: { ...gate, ...settings.gate },
        delivery: { ...delivery, ...settings.delivery },
      });
      return (
        computed !== undefined &&
        caughtInCanary(computed, traffic, goal.badShare, input.delays) >= goal.probability &&
        (!withStops ||
          stoppedFalsely(computed, traffic, delivery.terminationWaitMinutes, input.normalBad, input.delays) <=
            goal.falseStops)
      );
    };
    const longEnough = windows.filter((window) => reaches({ preset: "balanced", ...LOWEST }, window, false));
    for (const limit of LIMITS) {
      for (const window of longEnough)
        if (reaches(limit, window, true)) yield { settings: settingsOf(limit, window), exposure };
    }
  }
}

/** What the gate is to take as normal: what the configuration says, unless more fails anyway. */
function normalShareOf({ config, normalBad }: Omit<RecommendationInput, "delays">): number {
  const { normalBadShare } = config.gate;
  return normalBad > normalBadShare ? Math.ceil(normalBad * 1e4) / 1e4 : normalBadShare;
}

/** The first of ascending values above `from` that is enough, supposing that more is better; null when none is. */
function firstOf(values: readonly number[], from: number, isEnough: (value: number) => boolean): number | null {
  const larger = values.filter((value) => value > from);
  let [low, high] = [0, larger.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(larger[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return larger[low] ?? null;
}

/** Ten steps to a factor of ten. */
function steps(from: number, to: number): readonly number[] {
  const count = Math.round(10 * Math.log10(to / from));
  return Array.from({ length: count + 1 }, (_, step) => Number((from * 10 ** (step / 10)).toPrecision(2)));
}
