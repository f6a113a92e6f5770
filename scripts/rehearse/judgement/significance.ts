import { logFactorial } from "../../../stacks/gate/log-factorial";

/** The number of bad requests in a sample. */
export interface Sample {
  readonly bad: number;
  readonly total: number;
}

/** Significance level: below this probability, a difference is not taken for chance. */
const SIGNIFICANCE = 0.01;

/** Whether a sample fails significantly more often than the control: Fisher's exact test, one-sided. Pure. */
export function isSignificantlyWorse(sample: Sample, control: Sample): boolean {
  return sample.bad > 0 && probabilityOf(sample, control) < SIGNIFICANCE;
}

/**
 * Whether a sample fails more than the control. When the control has no failure, a single failure is enough, because the
 * local cloud itself never fails a request.
 */
export function failsMoreThanControl(sample: Sample, control: Sample): boolean {
  return control.bad === 0 ? sample.bad > 0 : isSignificantlyWorse(sample, control);
}

/** Probability that at least this many of all bad requests fall into the sample, if both have the same failure rate. */
function probabilityOf(sample: Sample, control: Sample): number {
  const bad = sample.bad + control.bad;
  const total = sample.total + control.total;
  const all = logChoose(total, bad);
  let probability = 0;
  for (let inSample = sample.bad; inSample <= Math.min(bad, sample.total); inSample += 1) {
    if (bad - inSample > control.total) continue;
    probability += Math.exp(logChoose(sample.total, inSample) + logChoose(control.total, bad - inSample) - all);
  }
  return probability;
}

/** Natural logarithm of the binomial coefficient. */
function logChoose(total: number, chosen: number): number {
  return logFactorial(total) - logFactorial(chosen) - logFactorial(total - chosen);
}
