import { duration } from "../../scripts/command/duration";

describe("a length of time in words", () => {
  it.each([
    [0, "0 s"],
    [-5, "0 s"],
    [59_400, "59 s"],
    [59_600, "1 min"],
    [60_000, "1 min"],
    [140_000, "2 min 20 s"],
    [3_900_000, "1 h 05 min"],
  ])("of %d ms is %s", (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words);
  });
});
