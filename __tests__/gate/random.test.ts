import { normalTail, poissonTail, wilson } from "../../scripts/gate/distributions";
import { logFactorial } from "../../stacks/gate/log-factorial";
import { keyOf, RandomStream } from "../../scripts/gate/random";

const DRAWS = 100_000;

const poissonAt = (k: number, mean: number) => Math.exp(k * Math.log(mean) - mean - logFactorial(k));
const binomialAt = (k: number, n: number, p: number) =>
  Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p));

function draws(draw: (random: RandomStream) => number): readonly number[] {
  const random = new RandomStream(1, 2, 3);
  return Array.from({ length: DRAWS }, () => draw(random));
}

/** How many standard errors a count of draws differs from its expected one. */
function errors(found: number, probability: number): number {
  return Math.abs(found - DRAWS * probability) / Math.sqrt(DRAWS * probability * (1 - probability));
}

function expectMoments(values: readonly number[], mean: number, variance: number): void {
  const average = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  const spread = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / DRAWS;
  expect(Math.abs(average - mean) / Math.sqrt(variance / DRAWS)).toBeLessThan(4);
  // The variance of a variance: (kurtosis - 1) / n; the kurtosis of these is 3 and 1/variance at most.
  expect(Math.abs(spread / variance - 1) / Math.sqrt((2 + 1 / variance) / DRAWS)).toBeLessThan(4);
}

/** Each number within two standard deviations of the mean, and both tails, are as often as they should be. */
function expectShape(values: readonly number[], mean: number, variance: number, at: (k: number) => number): void {
  const from = Math.max(0, Math.floor(mean - 2 * Math.sqrt(variance)));
  const to = Math.ceil(mean + 2 * Math.sqrt(variance));
  let [below, between] = [0, 0];
  for (let k = Math.max(0, from - 2_000); k < from; k += 1) below += at(k);
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (let k = from; k <= to; k += 1) {
    between += at(k);
    if (at(k) * DRAWS > 10) expect(errors(counts.get(k) ?? 0, at(k))).toBeLessThan(4.5);
  }
  const above = 1 - below - between;
  if (below * DRAWS > 10) expect(errors(values.filter((value) => value < from).length, below)).toBeLessThan(4);
  if (above * DRAWS > 10) expect(errors(values.filter((value) => value > to).length, above)).toBeLessThan(4);
}

describe("random numbers", () => {
  it.each([0.01, 0.3, 2, 9.99, 10, 11, 60, 1_000, 54_000, 3.6e6])("are Poisson with the mean %s", (mean) => {
    const values = draws((random) => random.poisson(mean));
    expectMoments(values, mean, mean);
    expectShape(values, mean, mean, (k) => poissonAt(k, mean));
  });

  it.each([
    [1, 0.3],
    [20, 0.05],
    [30, 0.4],
    [30, 0.9],
    [60, 0.5],
    [1_000, 0.01],
    [1_000, 0.011],
    [54_000, 0.001],
    [3_600_000, 0.5],
    [3_600_000, 0.999],
  ])("are binomial with %s trials and the share %s", (trials, share) => {
    const values = draws((random) => random.binomial(trials, share));
    const variance = trials * share * (1 - share);
    expectMoments(values, trials * share, variance);
    expectShape(values, trials * share, variance, (k) => (k > trials ? 0 : binomialAt(k, trials, share)));
  });

  it("are certain where there is no chance", () => {
    const random = new RandomStream(1, 1, 1);
    expect([random.poisson(0), random.binomial(0, 0.5), random.binomial(5, 0), random.binomial(5, 1)]).toEqual([
      0, 0, 0, 5,
    ]);
  });

  it("are uniform between 0 and 1", () => {
    const values = draws((random) => random.uniform());
    expect(Math.min(...values.slice(0, 1_000))).toBeGreaterThan(0);
    expectMoments(values, 1 / 2, 1 / 12);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      expect(errors(values.filter((value) => Math.floor(value * 10) === tenth).length, 0.1)).toBeLessThan(4);
    }
  });

  it("are the same for the same seed, key and index, and independent for any other", () => {
    const first = (seed: number, key: number, index: number) => {
      const random = new RandomStream(seed, key, index);
      return Array.from({ length: 4 }, () => random.uniform());
    };
    expect(first(1, 2, 3)).toEqual(first(1, 2, 3));
    const others = [first(2, 2, 3), first(1, 3, 3), first(1, 2, 4), first(2, 1, 3), first(3, 2, 1)];
    for (const other of others) expect(other).not.toEqual(first(1, 2, 3));
    // First numbers of neighbouring streams: uniform as well, and not correlated.
    const firsts = Array.from({ length: DRAWS }, (_, index) => new RandomStream(1, 2, index).uniform());
    expectMoments(firsts, 1 / 2, 1 / 12);
    const products = firsts.map((value, index) => (value - 0.5) * ((firsts[index + 1] ?? 0.5) - 0.5));
    expect(Math.abs(products.reduce((sum, value) => sum + value, 0)) / Math.sqrt(DRAWS / 144)).toBeLessThan(4);
  });

  it("get different keys for different texts", () => {
    expect(keyOf("errors")).not.toBe(keyOf("errorr"));
    expect(keyOf("")).toBe(0x811c9dc5);
  });
});

describe("distributions", () => {
  it.each([
    [0, 5],
    [1, 0.001],
    [3, 0.02],
    [8, 9],
    [9, 9],
    [40, 9],
    [1_050, 1_000],
    [950, 1_000],
  ])("add up the Poisson numbers from %s on, of the mean %s", (fewest, mean) => {
    let below = 0;
    for (let k = 0; k < fewest; k += 1) below += poissonAt(k, mean);
    let above = 0;
    for (let k = fewest; k < fewest + 3_000; k += 1) above += poissonAt(k, mean);
    expect(poissonTail(fewest, mean)).toBeCloseTo(1 - below, 10);
    expect(poissonTail(fewest, mean) / above).toBeCloseTo(1, 8);
  });

  it("have no Poisson number above 0 of the mean 0", () => {
    expect([poissonTail(0, 0), poissonTail(1, 0)]).toEqual([1, 0]);
  });

  it("know factorials", () => {
    expect(Math.exp(logFactorial(5))).toBeCloseTo(120, 10);
    for (const n of [63, 64, 65, 200]) expect(logFactorial(n) - logFactorial(n - 1)).toBeCloseTo(Math.log(n), 10);
  });

  // https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm has the formula; these are its values.
  it.each([
    [4, 20, 0.0807, 0.416],
    [0, 1_000, 0, 0.00383],
    [1_000, 1_000, 0.99617, 1],
    [500, 1_000, 0.4691, 0.5309],
  ])("give Wilson's interval of %s in %s", (successes, trials, low, high) => {
    const interval = wilson(successes, trials);
    expect(interval.share).toBe(successes / trials);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });

  it("know nothing without a trial", () => {
    expect(wilson(0, 0)).toEqual({ share: 0, low: 0, high: 1 });
  });

  // https://www.itl.nist.gov/div898/handbook/eda/section3/eda3671.htm
  it.each([
    [0, 0.5],
    [1, 0.158655],
    [1.959964, 0.025],
    [-1, 0.841345],
    [4, 3.16712e-5],
    [6, 9.86588e-10],
  ])("know the normal tail above %s", (x, share) => {
    expect(normalTail(x) / share).toBeCloseTo(1, 5);
  });
});
