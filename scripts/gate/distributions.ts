import { logFactorial } from "../../stacks/gate/log-factorial";
import type { EstimatedShare } from "./report/types";

/** The probability that a Poisson number is `fewest` or more. */
export function poissonTail(fewest: number, mean: number): number {
  if (fewest <= 0) return 1;
  if (mean <= 0) return 0;
  const at = Math.exp(fewest * Math.log(mean) - mean - logFactorial(fewest));
  // Sums away from the mean, so that the terms only become smaller.
  let total = 0;
  if (fewest > mean) {
    for (let term = at, k = fewest; term > total * Number.EPSILON; k += 1, term *= mean / k) total += term;
    return Math.min(1, total);
  }
  for (let term = (at * fewest) / mean, k = fewest - 1; term > total * Number.EPSILON; term *= k / mean, k -= 1) {
    total += term;
  }
  return Math.max(0, 1 - total);
}

/** Quantile of the normal distribution for a confidence of 95 %. */
const Z95 = 1.959963984540054;

/**
 * Wilson's interval of a share, with a confidence of 95 %. It also holds for shares near 0 and 1.
 * Source: https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm
 */
export function wilson(successes: number, trials: number): EstimatedShare {
  if (trials === 0) return { share: 0, low: 0, high: 1 };
  const share = successes / trials;
  const z2 = Z95 * Z95;
  const scale = 1 + z2 / trials;
  const centre = (share + z2 / (2 * trials)) / scale;
  const half = (Z95 / scale) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  return {
    share,
    low: successes === 0 ? 0 : centre - half,
    high: successes === trials ? 1 : centre + half,
  };
}

/**
 * The share of a standard normal distribution above `x`, with a relative error below 1.2e-7.
 * Source: the Chebyshev approximation of erfc in Press et al., Numerical Recipes, section 6.2.
 */
export function normalTail(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * z);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const polynomial = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  const upper = (t * Math.exp(-z * z + polynomial)) / 2;
  return x >= 0 ? upper : 1 - upper;
}

/** A Poisson distribution. */
export interface Poisson {
  /** Numbers below and above these practically don't occur. */
  readonly least: number;
  readonly most: number;
  exactly(count: number): number;
  atMost(count: number): number;
}

/** A Poisson distribution with its values computed once. */
export function poisson(mean: number): Poisson {
  const spread = 10 * Math.sqrt(mean) + 30;
  const least = Math.max(0, Math.floor(mean - spread));
  const most = mean > 0 ? Math.ceil(mean + spread) : 0;
  const exactly = Float64Array.from({ length: most - least + 1 }, (_, index) =>
    mean > 0 ? Math.exp((least + index) * Math.log(mean) - mean - logFactorial(least + index)) : 1,
  );
  let sum = 0;
  const atMost = exactly.map((one) => (sum += one));
  return {
    least,
    most,
    exactly: (count) => exactly[count - least] ?? 0,
    atMost: (count) => (count < least ? 0 : Math.min(1, atMost[Math.min(count, most) - least] ?? 1)),
  };
}
