import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TrafficAnswer } from "../../../scripts/rehearse/traffic-module";
import { loadTrafficModule } from "../../../scripts/rehearse/traffic/load-module";

const root = mkdtempSync(path.join(tmpdir(), "traffic-module-"));
afterAll(() => rmSync(root, { recursive: true }));

const ANSWER: TrafficAnswer = { kind: "response", status: 200, headers: {}, body: "" };

/** Loads a module from its source. */
function load(source: string, file = "traffic/index.ts") {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), source);
  return loadTrafficModule(root, file, { random: () => 0.5 });
}

/** A module whose traffic has these members. */
const traffic = (members: string) => load(`export const createTraffic = () => ({ ${members} });`);
const REQUEST = `{ name: "read", method: "GET", path: "/orders" }`;

describe("a traffic module", () => {
  it("is TypeScript with imports of its own, finds its folder, and gets random numbers", async () => {
    writeFileSync(path.join(root, "shared.mts"), `export const path: string = "/orders";`);
    const loaded = await load(`
      import { path } from "../shared.mts";
      import { basename } from "node:path";
      export const createTraffic = ({ random }: { random: () => number }) => ({
        next: () => ({
          request: { name: basename(__dirname), method: "POST", path, body: { at: new URL(import.meta.url).protocol } },
          judge: (answer: { kind: string }) => ({ kind: answer.kind === "broken" ? "refused" : "ok" }),
        }),
        acknowledgedWrites: random() * 4,
        warmUp: () => (${REQUEST}),
        checkWrites: async (send: (request: object) => Promise<{ status: number }>) =>
          ({ acknowledged: (await send(${REQUEST})).status, lost: 0 }),
      });`);
    const planned = loaded.next();
    expect(planned.request).toEqual({ name: "traffic", method: "POST", path: "/orders", body: { at: "file:" } });
    expect(planned.judge(ANSWER)).toEqual({ kind: "ok" });
    expect(planned.judge({ kind: "broken", reason: "" })).toEqual({ kind: "refused" });
    expect(loaded.acknowledgedWrites).toBe(2);
    expect(loaded.warmUp?.().path).toBe("/orders");
    expect(await loaded.checkWrites?.(() => Promise.resolve(ANSWER))).toEqual({ acknowledged: 200, lost: 0 });
  });

  it("may be a class with methods, in JavaScript", async () => {
    const loaded = await load(
      `class Traffic {
         name = "read";
         next() { return { name: this.name, request: { name: this.name, method: "GET", path: "/" }, judge() { return { kind: "failed", reason: this.name }; } }; }
       }
       exports.createTraffic = () => new Traffic();`,
      "plain.cjs",
    );
    expect(loaded.next().judge(ANSWER)).toEqual({ kind: "failed", reason: "read" });
    expect("checkWrites" in loaded).toBe(false);
  });

  it.each([
    { it: "does not compile", source: "export const x = ;", words: /does not compile: index.ts:1:18: Unexpected ";"/ },
    {
      it: "imports what is not there",
      source: `import "nowhere";`,
      words: /index.ts:1:8: Could not resolve "nowhere"/,
    },
    { it: "throws when it is loaded", source: `throw new TypeError("no");`, words: /can't be loaded: TypeError: no/ },
    {
      it: "exports something else",
      source: "export const traffic = 1;",
      words: /exports no function createTraffic, but traffic;/,
    },
    { it: "exports nothing", source: "", words: /exports no function createTraffic, but nothing;/ },
    {
      it: "creates no traffic",
      source: `export const createTraffic = () => { throw new Error("no data"); };`,
      words: /createTraffic\(\) threw Error: no data/,
    },
    {
      it: "creates a promise",
      source: `export const createTraffic = async () => ({ next() {} });`,
      words: /createTraffic\(\) returned a wrong value: next: must be a function/,
    },
  ])("that $it is refused by its key", async ({ source, words }) => {
    const error = await load(source).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ name: "ConfigError" });
    expect((error as Error).message).toMatch(/rehearsal\.module: traffic\/index\.ts /);
    expect((error as Error).message).toMatch(words);
  });

  it("that is not there is refused by its key", async () => {
    await expect(loadTrafficModule(root, "no/module.ts", { random: () => 0 })).rejects.toThrow(
      /rehearsal\.module: no\/module\.ts does not compile: .*module\.ts/,
    );
  });
});

describe("a mistake of a traffic module", () => {
  it.each([
    ["next() throws", `next: () => { throw new RangeError("empty"); }`, /next\(\) threw RangeError: empty \(at /],
    [
      "next() returns a promise",
      "next: async () => ({})",
      /next\(\) returned a promise; it must return the value itself/,
    ],
    [
      "no path",
      `next: () => ({ request: { name: "a", method: "GET" }, judge() {} })`,
      /next\(\) returned .*request\.path/,
    ],
    [
      "a path that is a URL",
      `next: () => ({ request: { name: "a", method: "GET", path: "http://x/" }, judge() {} })`,
      /request\.path: must begin with \//,
    ],
    [
      "a body that is no JSON",
      `next: () => ({ request: { name: "a", method: "GET", path: "/", body: 1n }, judge() {} })`,
      /request\.body: must be a text or have a form in JSON/,
    ],
    [
      "a header with a line break",
      `next: () => ({ request: { name: "a", method: "GET", path: "/", headers: { a: "b\\n" } }, judge() {} })`,
      /request\.headers\.a: must be one line/,
    ],
    ["no judge", `next: () => ({ request: ${REQUEST} })`, /judge: must be a function/],
  ])("is told as its own: %s", async (_, members, words) => {
    const loaded = await traffic(members);
    expect(() => loaded.next()).toThrow(words);
    expect(() => loaded.next()).toThrow("traffic/index.ts");
    expect(() => loaded.next()).toThrow("says nothing about the release");
  });

  it.each([
    [`() => { throw new Error("odd"); }`, /judge\(\) of the request read threw Error: odd/],
    ["() => undefined", /judge\(\) of the request read returned a wrong value/],
    [`() => ({ kind: "failed" })`, /judge\(\) of the request read returned a wrong value: reason/],
    [`async () => ({ kind: "ok" })`, /judge\(\) of the request read returned a promise/],
  ])("in judge is told as its own: %s", async (judge, words) => {
    const loaded = await traffic(`next: () => ({ request: ${REQUEST}, judge: ${judge} })`);
    expect(() => loaded.next().judge(ANSWER)).toThrow(words);
  });

  it.each([
    [`() => { throw new Error("odd"); }`, /checkWrites\(\) threw Error: odd/],
    [`async () => { throw new Error("odd"); }`, /checkWrites\(\) threw Error: odd/],
    ["async () => true", /checkWrites\(\) returned a wrong value/],
    ["async () => ({ acknowledged: -1, lost: 0 })", /checkWrites\(\) returned a wrong value: acknowledged/],
  ])("in checkWrites is told as its own: %s", async (check, words) => {
    const loaded = await traffic(`next() {}, checkWrites: ${check}`);
    await expect(loaded.checkWrites?.(() => Promise.resolve(ANSWER))).rejects.toThrow(words);
  });
});
