/** How many of some requests were bad. */
export interface Sample {
  readonly bad: number;
  readonly total: number;
}

/** Chance below which "they are alike" is not believed any more. */
const CHANCE = 0.01;

/**
 * Whether a sample is worse than the one it is held against by more than chance explains: Fisher's exact test, one-sided.
 * Pure.
 */
export function isSignificantlyWorse(sample: Sample, control: Sample): boolean {
  return sample.bad > 0 && chanceOf(sample, control) < CHANCE;
}

/**
 * Whether a sample fails in a way that the one it is held against does not explain. Where nothing fails without the new
 * version, one failure is enough: a local cloud loses nothing by itself.
 */
export function failsMoreThanControl(sample: Sample, control: Sample): boolean {
  return control.bad === 0 ? sample.bad > 0 : isSignificantlyWorse(sample, control);
}

/** Chance that so many of the bad ones, or more, fall into the sample when both are alike. */
function chanceOf(sample: Sample, control: Sample): number {
  const bad = sample.bad + control.bad;
  const total = sample.total + control.total;
  const all = logChoose(total, bad);
  let chance = 0;
  for (let inSample = sample.bad; inSample <= Math.min(bad, sample.total); inSample += 1) {
    if (bad - inSample > control.total) continue;
    chance += Math.exp(logChoose(sample.total, inSample) + logChoose(control.total, bad - inSample) - all);
  }
  return chance;
}

/** Logarithm of the number of ways to choose `chosen` of `total`. */
function logChoose(total: number, chosen: number): number {
  return logFactorial(total) - logFactorial(chosen) - logFactorial(total - chosen);
}

/** Sums up to here are exact; beyond, Stirling's series is, to more digits than are needed. */
const EXACT = 20;

function logFactorial(n: number): number {
  if (n > EXACT) return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  let sum = 0;
  for (let factor = 2; factor <= n; factor += 1) sum += Math.log(factor);
  return sum;
}
