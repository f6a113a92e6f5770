import type { Recommendation } from "./types";
import { percent, perMille } from "./words";

/** A recommendation in words, in parts that a text and a page put together in their own ways. */
export interface RecommendationWords {
  /** For what settings were searched, and whether some are found. */
  readonly lead: string;
  /** What the settings are, or what would be needed. */
  readonly lines: readonly string[];
  /** What the settings reach in a simulation: a title, and the figures. Empty: nothing is found. */
  readonly reached: readonly string[];
  /** What to configure; undefined: nothing is found. */
  readonly settings: { readonly where: string; readonly json: string } | undefined;
}

/** @param environment in which the settings belong */
export function recommendationWords(
  { goal, found, contradicted, needed }: Recommendation,
  environment: string,
): RecommendationWords {
  const wanted =
    `${percent(goal.badShare)} % of errors caught before the last shift with ${percent(goal.probability)} %, ` +
    `at most ${perMille(goal.falseStops)} of 1,000 good releases stopped, at ${goal.rps} requests per second`;
  if (found) {
    const { settings, exposureMinutes, caught, falseStops } = found;
    const { percentage, intervalMinutes } = settings.delivery.strategy;
    return {
      lead: `Recommended for: ${wanted}`,
      lines: [
        `A canary of ${percentage} % for ${intervalMinutes} minutes, the least exposure (${exposureMinutes} minutes of all traffic).`,
      ],
      reached: [
        "Simulated with another seed (interval of 95 %):",
        `caught ${percent(caught.share)} % (${percent(caught.low)}–${percent(caught.high)})`,
        `good releases stopped, per 1,000: ${perMille(falseStops.share)} (${perMille(falseStops.low)}–${perMille(falseStops.high)})`,
      ],
      settings: {
        where: `Merge this into context.environments.${environment} of cdktf.json:`,
        json: JSON.stringify(settings, null, 2),
      },
    };
  }
  const { rps, badShare } = needed ?? { rps: null, badShare: null };
  const needs = [
    ...(rps === null ? [] : [`${rps} requests per second would be enough for this goal`]),
    ...(badShare === null
      ? []
      : [`${goal.rps} requests per second are enough to catch ${percent(badShare)} % of errors`]),
  ];
  return {
    lead: `No gate reaches within 2 hours at up to 50 % of the traffic: ${wanted}.`,
    lines: [
      ...(contradicted > 0
        ? [`By arithmetic some do, but a simulation contradicted the best of them (${contradicted}).`]
        : []),
      needs.length > 0
        ? `By arithmetic, ${needs.join("; ")}.`
        : "More traffic is not enough, nor are more errors: allow more good releases to be stopped.",
    ],
    reached: [],
    settings: undefined,
  };
}

/** Writes a recommendation for people. @returns lines without a line break at the end */
export function recommendationText(recommendation: Recommendation, environment: string): string {
  const { lead, lines, reached, settings } = recommendationWords(recommendation, environment);
  return settings
    ? [lead, [...lines, reached.join("\n  ")].join("\n"), settings.where, settings.json].join("\n\n")
    : [lead, ...lines].join("\n");
}
