import { type Config, ConfigError } from "../../stacks/config";
import { gateWarnings } from "../../stacks/config/gate-checks";
import type { CloudSettings } from "../cloud/settings";
import { DEFAULT_RPS, type GateArguments, type RecommendArguments } from "./arguments";
import { confirm } from "./confirm";
import type { Latency } from "./latency";
import type { PerformAll } from "./pool";
import type { Progress } from "./progress";
import { checkGoal, recommend } from "./recommend";
import type { Recommendation, RecommendationGoal } from "./report/types";
import { DEFAULT_GOAL } from "./run";
import { configWith, gatesOf, SubjectError, type SubjectSource } from "./subjects";

/** What a recommendation for an environment depends on. */
export interface RecommendationInput extends Pick<GateArguments, "normalBad" | "watched" | "seed"> {
  readonly source: Omit<SubjectSource, "compare">;
  readonly config: Config;
  readonly wanted: RecommendArguments;
  /** Requests per second; undefined: the goal's of the configuration, else the usual ones. */
  readonly rps: number | undefined;
  readonly latency: Latency;
  readonly settings: CloudSettings;
  readonly perform: PerformAll;
  readonly progress: Pick<Progress, "show">;
}

/**
 * Checks, before anything is synthesized, that something says for which traffic settings are searched.
 * @throws SubjectError
 */
export function checkTraffic(
  { recommend: wanted, rps, history }: Pick<GateArguments, "recommend" | "rps" | "history">,
  { gate }: Config,
): void {
  if (wanted && !rps && !history && !gate.goal)
    throw new SubjectError("--recommend: --rps must say for which traffic, e.g. --rps 5");
}

/** Checks, before anything is simulated, that the goal can be one. @throws SubjectError */
export function checkRecommendable(input: Pick<RecommendationInput, "config" | "wanted" | "rps" | "normalBad">): void {
  const { config, normalBad = config.gate.normalBadShare } = input;
  checkGoal(goalOf(input), { config, normalBad });
}

/**
 * Searches the settings of an environment that reach a goal: by arithmetic, and by simulation of the stacks that they make.
 * @throws SubjectError for a goal that can't be one; ConfigError when the configuration refuses every candidate
 */
export async function recommendationFor(input: RecommendationInput): Promise<Recommendation> {
  const { source, config, settings, perform, progress } = input;
  const { normalBadShare, slowSeconds } = config.gate;
  const goal = goalOf(input);
  const normalBad = input.normalBad ?? normalBadShare;
  let refusal: ConfigError | undefined;
  progress.show("searching a gate");
  const found = await recommend(goal, { config, normalBad, delays: settings }, async (changes) => {
    try {
      // Synthesis must not warn of a goal that isn't met.
      if (gateWarnings(configWith(source, changes)).some(({ path: [, key] }) => key === "goal")) return undefined;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      refusal = error;
      return undefined;
    }
    progress.show("synthesizing a recommendation");
    const gates = await gatesOf({ ...source, compare: [{ name: "recommended", settings: changes }] });
    const { latency, watched } = input;
    // Other random numbers than those of the table.
    const seed = (input.seed + 1) % 2 ** 31;
    const onDone = () => progress.show("simulating a recommendation");
    const simulation = { gates, traffic: { normalBad, latency }, slowSeconds, watched, seed, settings };
    return confirm(simulation, goal, perform, onDone, source.signal);
  });
  if (!found.found && found.contradicted === 0 && refusal) throw refusal;
  return found;
}

/** The goal of the command line; what it leaves out is the configuration's, else a usual one. */
function goalOf({
  config,
  wanted,
  rps: givenRps,
}: Pick<RecommendationInput, "config" | "wanted" | "rps">): RecommendationGoal {
  const { badShare, probability, rps } = { ...DEFAULT_GOAL, rps: DEFAULT_RPS[0] ?? 1, ...config.gate.goal };
  return {
    badShare: wanted.badShare ?? badShare,
    probability: wanted.probability ?? probability,
    falseStops: wanted.falseStops,
    rps: givenRps ?? rps,
  };
}
