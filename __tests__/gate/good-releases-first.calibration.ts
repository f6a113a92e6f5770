import { releaseGood } from "./good-releases";

// Half of them, so that both halves run at the same time.
const SEEDS = Array.from({ length: 10 }, (_, index) => 1 + index);

describe("good releases with 0.1 % of background errors at 60 requests per second", () => {
  it("are all released with balanced, and most are stopped with article (first ten)", async () => {
    const { balanced, firedInArticle, article } = await releaseGood(SEEDS);
    expect(balanced).toEqual(new Map(SEEDS.map((seed) => [seed, "never"])));
    expect(firedInArticle.length).toBeGreaterThanOrEqual(5);
    expect([...article.values()]).toEqual([expect.stringMatching(/-last-shift$/)]);
    process.stdout.write(
      `article would have stopped ${firedInArticle.length} of ${SEEDS.length}: ${firedInArticle.join(", ")}\n`,
    );
  }, 1_800_000);
});
