import { WeightedChoice } from "../../../scripts/cloud/load-balancer/weighted-choice";

function choices(weights: Readonly<Record<string, number>>, count: number): string {
  const choice = new WeightedChoice(Object.entries(weights).map(([value, weight]) => ({ value, weight })));
  return Array.from({ length: count }, () => choice.next() ?? "-").join("");
}

describe("a weighted choice", () => {
  it("gives each value exactly its share", () => {
    const chosen = choices({ a: 90, b: 10 }, 1_000);
    expect(chosen.replaceAll("a", "")).toHaveLength(100);
  });

  it("spreads a small share evenly", () => {
    expect(choices({ a: 90, b: 10 }, 20)).toBe("aaaaabaaaaaaaaabaaaa");
    expect(choices({ a: 5, b: 1, c: 1 }, 7)).toBe("aabacaa");
  });

  it.each([
    [{ a: 100, b: 0 }, "aaaa"],
    [{ a: 0, b: 1 }, "bbbb"],
    [{ a: 0, b: 0 }, "----"],
    [{}, "----"],
  ])("never chooses what has no weight: %j", (weights, expected) => {
    expect(choices(weights, 4)).toBe(expected);
  });
});
