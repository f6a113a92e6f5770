import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import { prepareGate } from "../../scripts/gate/gates";
import type { NamedTemplate } from "../../scripts/gate/subjects";
import { releaseBare } from "../../scripts/rehearse/bare-release";
import { synthesizedGates } from "./synthesized-gates";

/** Releases at the same time. */
const AT_ONCE = 5;

/** Names of the alarms that a release to the second target group watches. */
function watchedBy({ name, template }: NamedTemplate): readonly string[] {
  return prepareGate({ name, template }, 1, "new", DEFAULT_SETTINGS).alarms.map(({ alarm }) => alarm.template.name);
}

/** How good releases ended, with either preset. */
interface GoodReleases {
  /** With `balanced`, by the seed of each release. */
  readonly balanced: ReadonlyMap<number, string>;
  /** The seeds of those that the alarms of `article` would have stopped, by the same traffic. */
  readonly firedInArticle: readonly number[];
  /** How such a release really ends with `article`, by its seed. */
  readonly article: ReadonlyMap<number, string>;
}

/**
 * Releases a good version for each seed, to the end of the termination wait: 60 requests per second, 0.1 % of which fail with
 * either version. CodeDeploy watches the alarms of `balanced`, and the cloud also evaluates those of `article`. After that, a
 * release that these would have stopped is repeated with `article`.
 */
async function releaseGood(seeds: readonly number[]): Promise<GoodReleases> {
  const [balanced, article] = (await synthesizedGates("balanced", "article")) as [NamedTemplate, NamedTemplate];
  const { service, alarms } = balanced.template;
  const others = article.template.alarms.filter(({ name }) => alarms.every((alarm) => alarm.name !== name));
  const template = { ...balanced.template, service: { ...service, desiredCount: 1 }, alarms: [...alarms, ...others] };
  const release = (watched: readonly string[], seed: number) =>
    releaseBare({
      template,
      alarms: watched,
      rps: 60,
      secondsBefore: 60,
      background: 0.001,
      speed: 12,
      seed,
      signal: new AbortController().signal,
    });
  const endings = new Map<number, string>();
  const fired: number[] = [];
  const ofArticle = watchedBy(article);
  const queue = [...seeds];
  const work = async () => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      const result = await release(watchedBy(balanced), seed);
      const stopping = result.fired.filter((name) => watchedBy(balanced).includes(name));
      endings.set(seed, [result.stopped, ...stopping].join(" by "));
      if (result.fired.some((name) => ofArticle.includes(name))) fired.push(seed);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const repeated = fired.slice(0, 1);
  const again = await Promise.all(
    repeated.map(async (seed): Promise<[number, string]> => [seed, (await release(ofArticle, seed)).stopped]),
  );
  return { balanced: endings, firedInArticle: fired.sort((a, b) => a - b), article: new Map(again) };
}

/** Tests ten good releases. Two files do, so that both run at the same time. @param first the seed of the first one */
export function testGoodReleases(which: string, first: number): void {
  const seeds = Array.from({ length: 10 }, (_, index) => first + index);
  describe("good releases with 0.1 % of background errors at 60 requests per second", () => {
    it(`are all released with balanced, and most are stopped with article (${which} ten)`, async () => {
      const { balanced, firedInArticle, article } = await releaseGood(seeds);
      expect(balanced).toEqual(new Map(seeds.map((seed) => [seed, "never"])));
      expect(firedInArticle.length).toBeGreaterThanOrEqual(7);
      expect([...article.values()]).toEqual([expect.stringMatching(/-last-shift$/)]);
      process.stdout.write(
        `article would have stopped ${firedInArticle.length} of ${seeds.length}: ${firedInArticle.join(", ")}\n`,
      );
    }, 1_800_000);
  });
}
