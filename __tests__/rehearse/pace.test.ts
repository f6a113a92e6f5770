import { requestsDue } from "../../scripts/rehearse/traffic/pace";
import { seededRandom } from "../../scripts/rehearse/traffic/random";

describe("the pace", () => {
  it.each([
    { elapsedMs: 0, perSecond: 8, sent: 0, due: 1 },
    { elapsedMs: 124, perSecond: 8, sent: 1, due: 0 },
    { elapsedMs: 125, perSecond: 8, sent: 1, due: 1 },
    { elapsedMs: 1000, perSecond: 8, sent: 3, due: 6 },
    { elapsedMs: 1000, perSecond: 0.5, sent: 1, due: 0 },
    { elapsedMs: 2000, perSecond: 0.5, sent: 1, due: 1 },
    { elapsedMs: 0, perSecond: 8, sent: 5, due: 0 },
  ])("after $elapsedMs ms at $perSecond a second with $sent sent, $due are due", (row) => {
    expect(requestsDue(row.elapsedMs, row.perSecond, row.sent)).toBe(row.due);
  });
});

describe("the random numbers", () => {
  it("are the same ones for the same seed", () => {
    const [one, two] = [seededRandom(3), seededRandom(3)];
    expect(Array.from({ length: 50 }, one)).toEqual(Array.from({ length: 50 }, two));
  });
});
