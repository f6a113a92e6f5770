import { logFactorial } from "../../stacks/gate/log-factorial";

/**
 * A stream of random numbers: the generator sfc32 of Chris Doty-Humphrey (https://pracrand.sourceforge.net/RNG_engines.txt).
 * Streams with different seeds or keys are independent, so a simulation gives the same results in any order.
 */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /**
   * @param seed of the whole simulation
   * @param key which part of the simulation the stream is for
   * @param index which release of this part
   */
  constructor(seed: number, key: number, index: number) {
    this.a = seed | 0;
    this.b = key | 0;
    this.c = index | 0;
    // The generator's author mixes a seed of three words with 15 rounds.
    for (let round = 0; round < 15; round += 1) this.word();
  }

  /** A number above 0 and below 1. */
  uniform(): number {
    return (this.word() + 0.5) / 4_294_967_296;
  }

  /** A Poisson number. The time that it takes doesn't depend on a large mean. */
  poisson(mean: number): number {
    if (!(mean > 0)) return 0;
    return mean < 10 ? this.smallPoisson(mean) : this.largePoisson(mean);
  }

  /** A binomial number. The time that it takes doesn't depend on a large number of trials. */
  binomial(trials: number, share: number): number {
    if (trials === 0 || !(share > 0)) return 0;
    if (share >= 1) return trials;
    if (share > 0.5) return trials - this.binomial(trials, 1 - share);
    return trials * share < 10 ? this.smallBinomial(trials, share) : this.largeBinomial(trials, share);
  }

  private word(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Inversion: adds probabilities until they exceed a uniform number. */
  private smallPoisson(mean: number): number {
    let probability = Math.exp(-mean);
    let left = this.uniform() - probability;
    let k = 0;
    while (left > 0 && probability > 0) {
      k += 1;
      probability *= mean / k;
      left -= probability;
    }
    return k;
  }

  /** PTRS of Hörmann, "The transformed rejection method for generating Poisson random variables" (1993). */
  private largePoisson(mean: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const quick = 0.9277 - 3.6224 / (b - 2);
    const logMean = Math.log(mean);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= quick) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      const accepted = k * logMean - mean - logFactorial(k);
      if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= accepted) return k;
    }
  }

  /** Inversion, as for a small Poisson mean. */
  private smallBinomial(trials: number, share: number): number {
    const odds = share / (1 - share);
    let probability = Math.exp(trials * Math.log1p(-share));
    let left = this.uniform() - probability;
    let k = 0;
    while (left > 0 && k < trials && probability > 0) {
      probability *= (odds * (trials - k)) / (k + 1);
      k += 1;
      left -= probability;
    }
    return k;
  }

  /** BTRS of Hörmann, "The generation of binomial random variates" (1993). */
  private largeBinomial(trials: number, share: number): number {
    const deviation = Math.sqrt(trials * share * (1 - share));
    const b = 1.15 + 2.53 * deviation;
    const a = -0.0873 + 0.0248 * b + 0.01 * share;
    const centre = trials * share + 0.5;
    const alpha = (2.83 + 5.1 / b) * deviation;
    const quick = 0.92 - 4.2 / b;
    const logOdds = Math.log(share / (1 - share));
    const mode = Math.floor((trials + 1) * share);
    const atMode = logFactorial(mode) + logFactorial(trials - mode);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + centre);
      if (us >= 0.07 && v <= quick) return k;
      if (k < 0 || k > trials) continue;
      const accepted = atMode - logFactorial(k) - logFactorial(trials - k) + (k - mode) * logOdds;
      if (Math.log((v * alpha) / (a / (us * us) + b)) <= accepted) return k;
    }
  }
}

/** A key for a stream: a hash of a text (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/). */
export function keyOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
