import { binnedTimes, type Slowdown } from "../../scripts/gate/latency";
import { RandomStream } from "../../scripts/gate/random";

const LATENCY = { median: 0.1, p99: 0.5 };
const EDGES = [0.05, 0.1, 0.5, 1.5, 5];

/** Response times drawn one by one. */
function drawn(slowdown: Slowdown | undefined): readonly number[] {
  const random = new RandomStream(7, 7, 7);
  const sigma = Math.log(LATENCY.p99 / LATENCY.median) / 2.3263478740408408;
  const times = Array.from({ length: 200_000 }, () => {
    const normal = Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
    return LATENCY.median * Math.exp(sigma * normal);
  }).sort((a, b) => a - b);
  const { seconds, share } = slowdown ?? { seconds: 0, share: 1 };
  return times.map((time, index) => (index >= times.length * (1 - share) ? time + seconds : time));
}

describe("response times in bins", () => {
  it.each<[string, Slowdown | undefined]>([
    ["of a version that is well", undefined],
    ["that all are later", { seconds: 0.4, share: 1 }],
    ["of which the slowest are later", { seconds: 1.45, share: 0.2 }],
    ["of which almost all are later", { seconds: 6, share: 0.9 }],
  ])("have the shares and means of times %s", (_, slowdown) => {
    const times = drawn(slowdown);
    const { shares, means } = binnedTimes(LATENCY, EDGES, slowdown);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    shares.forEach((share, bin) => {
      const inside = times.filter((time) => time > (EDGES[bin - 1] ?? 0) && time <= (EDGES[bin] ?? Infinity));
      expect(Math.abs(share - inside.length / times.length)).toBeLessThan(0.005);
      if (inside.length < 1_000) return;
      const mean = inside.reduce((sum, time) => sum + time, 0) / inside.length;
      expect((means[bin] ?? 0) / mean).toBeCloseTo(1, 1);
    });
  });

  it("have the median and the percentile that were given", () => {
    const { shares } = binnedTimes(LATENCY, [LATENCY.median, LATENCY.p99]);
    [0.5, 0.49, 0.01].forEach((share, bin) => expect(shares[bin]).toBeCloseTo(share, 5));
  });
});
