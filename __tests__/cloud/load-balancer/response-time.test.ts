import { responseTimeMs, wallTimeMs } from "../../../scripts/cloud/load-balancer/response-time";

describe("the time a response took", () => {
  it.each([
    { wall: 5, speed: 20, counts: 5 },
    { wall: 100, speed: 20, counts: 100 },
    { wall: 150, speed: 20, counts: 1100 },
    { wall: 245, speed: 20, counts: 3000 },
    { wall: 3000, speed: 1, counts: 3000 },
  ])("$wall ms on the wall at speed $speed count as $counts ms", ({ wall, speed, counts }) => {
    expect(responseTimeMs(wall * speed, speed, 100)).toBeCloseTo(counts);
    expect(wallTimeMs(counts, speed, 100)).toBeCloseTo(wall);
  });
});
