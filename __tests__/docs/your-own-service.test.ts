import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TrafficAnswer } from "../../scripts/rehearse/traffic-module";
import { parseRehearseArguments } from "../../scripts/rehearse/arguments";
import { loadTrafficModule } from "../../scripts/rehearse/traffic/load-module";
import { loadConfig } from "../../stacks/config";

const PAGE = readFileSync("docs/your-own-service.md", "utf8");
const fences = (language: string) =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, code = ""]) => code);

interface Context {
  readonly defaults: object;
  readonly environments: object;
}
const [configuration = "", more = ""] = fences("json");
const { context } = JSON.parse(`{${configuration}}`) as { readonly context: Context };

describe("docs/your-own-service.md", () => {
  it("is one page", () => {
    expect(PAGE.trim().split("\n").length).toBeLessThan(100);
  });

  it("has a configuration that is accepted as it stands, alone and with its probe", () => {
    const { probe } = (JSON.parse(`{${more}}`) as { readonly delivery: { readonly probe: readonly object[] } })
      .delivery;
    const withProbe = { ...context, defaults: { ...context.defaults, delivery: { probe } } };
    for (const environment of Object.keys(context.environments)) {
      expect(loadConfig({ context, environment })).toMatchObject({ project: "orders", delivery: { probe: [] } });
      expect(loadConfig({ context: withProbe, environment })).toMatchObject({ delivery: { probe } });
    }
  });

  it("calls npm run rehearse with options that it has", () => {
    const calls = [...PAGE.matchAll(/npm run rehearse -- ([^`;]+)/g)].map(([, line = ""]) => line.trim().split(" "));
    expect(calls.length).toBeGreaterThan(2);
    for (const call of calls) {
      const said: string[] = [];
      const say = (text: string) => void said.push(text);
      const words = call.map((word) => (word === "$fault" ? "error" : word));
      expect(parseRehearseArguments(words, { out: say, err: say })).toHaveProperty("arguments");
      expect(said).toEqual([]);
    }
  });

  it("has a traffic module that counts lost writes", async () => {
    const root = mkdtempSync(path.join(tmpdir(), "your-own-service-"));
    try {
      writeFileSync(path.join(root, "orders-traffic.ts"), fences("ts").join(""));
      const traffic = await loadTrafficModule(root, "orders-traffic.ts", { random: () => 0 });
      const answer = (status: number, body = ""): TrafficAnswer => ({ kind: "response", status, headers: {}, body });
      expect(traffic.next().judge(answer(500))).toEqual({ kind: "failed", reason: "create" });
      for (const id of ["a", "b"]) expect(traffic.next().judge(answer(201, `{"id":"${id}"}`))).toEqual({ kind: "ok" });
      const send = ({ path: asked }: { readonly path: string }) =>
        Promise.resolve(answer(asked === "/orders/a" ? 200 : 404));
      expect(await traffic.checkWrites?.(send)).toEqual({ acknowledged: 2, lost: 1 });
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
