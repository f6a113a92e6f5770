import { figure, median, percentile, percentileOfRounds } from "../../scripts/bench/statistics";

describe("the median", () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])("of %j is %d", (samples, expected) => {
    expect(median(samples)).toBe(expected);
  });

  it("of nothing there is none", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("a percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])("of share %d is the value that this share of the samples does not exceed", (share, expected) => {
    expect(percentile(hundred, share)).toBe(expected);
  });

  it("does not sort the given samples", () => {
    const samples = [2, 1];
    percentile(samples, 0.5);
    expect(samples).toEqual([2, 1]);
  });

  it("of nothing there is none", () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  it("of rounds is not affected by one slow round", () => {
    expect(
      percentileOfRounds(
        [
          [1, 2],
          [900, 1000],
          [1, 3],
        ],
        1,
      ),
    ).toBe(3);
  });
});

describe("a figure", () => {
  it.each([
    [12_345.6, 0, "12,346"],
    [0.5, 2, "0.50"],
    [-1.25, 1, "-1.3"],
  ])("%d with %d decimals is %s", (value, digits, expected) => {
    expect(figure(value, digits)).toBe(expected);
  });
});
