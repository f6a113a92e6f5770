import type { Recommendation } from "./types";
import { percent, perMille } from "./words";

/** Writes a recommendation for people. @returns lines without a line break at the end */
export function recommendationText({ goal, found, contradicted, needed }: Recommendation, environment: string): string {
  const errors = `${percent(goal.badShare)} % of errors`;
  const wanted =
    `${errors} caught before the last shift with ${percent(goal.probability)} %, ` +
    `at most ${perMille(goal.falseStops)} of 1,000 good releases stopped, at ${goal.rps} requests per second`;
  if (found) {
    const { settings, exposureMinutes, caught, falseStops } = found;
    const { percentage, intervalMinutes } = settings.delivery.strategy;
    return [
      `Recommended for: ${wanted}`,
      [
        `A canary of ${percentage} % for ${intervalMinutes} minutes, the least exposure (${exposureMinutes} minutes of all traffic).`,
        "Simulated with another seed (interval of 95 %):",
        `  caught ${percent(caught.share)} % (${percent(caught.low)}–${percent(caught.high)})`,
        `  good releases stopped, per 1,000: ${perMille(falseStops.share)} (${perMille(falseStops.low)}–${perMille(falseStops.high)})`,
      ].join("\n"),
      `Merge this into context.environments.${environment} of cdktf.json:`,
      JSON.stringify(settings, null, 2),
    ].join("\n\n");
  }
  const { rps, badShare } = needed ?? { rps: null, badShare: null };
  const needs = [
    ...(rps === null ? [] : [`${rps} requests per second would be enough for this goal`]),
    ...(badShare === null
      ? []
      : [`${goal.rps} requests per second are enough to catch ${percent(badShare)} % of errors`]),
  ];
  return [
    `No gate reaches within 2 hours at up to 50 % of the traffic: ${wanted}.`,
    ...(contradicted > 0
      ? [`By arithmetic some do, but a simulation contradicted the best of them (${contradicted}).`]
      : []),
    needs.length > 0
      ? `By arithmetic, ${needs.join("; ")}.`
      : "More traffic is not enough, nor are more errors: allow more good releases to be stopped.",
  ].join("\n");
}
