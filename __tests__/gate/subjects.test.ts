import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Ajv } from "ajv";
import { LAUNCHER } from "../../scripts/command/launcher";
import { runProgram } from "../../scripts/command/run-program";
import schema from "../../scripts/gate/gate.schema.json";
import type { GateReport } from "../../scripts/gate/report/types";
import { gatesOf, SubjectError } from "../../scripts/gate/subjects";
import { fixtureContext } from "../fixtures/configuration";

const ROOT = path.join(__dirname, "..", "..");

let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), "gate-test-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const written = path.join(folder, name);
  writeFileSync(written, content);
  return written;
}

const contextJson = JSON.stringify(fixtureContext());

function gates(...compare: readonly string[]) {
  return gatesOf({
    root: ROOT,
    environment: "staging",
    compare,
    run: runProgram,
    variables: { ...process.env, CDKTF_CONTEXT_JSON: contextJson },
    signal: new AbortController().signal,
  });
}

describe("the gates of the synthesized stacks", () => {
  it("are the environment's own, without what a simulation doesn't need", async () => {
    const [own, ...others] = await gates();
    expect(others).toEqual([]);
    expect(own?.name).toBe("staging");
    expect(own?.template.alarms.length).toBeGreaterThanOrEqual(6);
    expect(own?.template.service).toEqual({ desiredCount: 2 });
    expect(JSON.stringify(own)).not.toContain("containerDefinitions");
  });

  it("can have other settings, from a file", async () => {
    const mine = file("mine.json", JSON.stringify({ delivery: { strategy: "ECSLinear10PercentEvery1Minutes" } }));
    const [own] = await gates(mine);
    expect(own?.name).toBe(mine);
    expect(own?.template.deploymentGroup.deploymentConfigName).toBe(
      "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
    );
  });

  it.each([
    ["no JSON", "no.json", "{", "It must be article, balanced, strict, or a JSON file"],
    ["no object", "list.json", "[]", "must hold an object with settings of an environment"],
  ])("are refused for a file with %s", async (_, name, content, problem) => {
    const written = file(name, content);
    await expect(gates(written)).rejects.toThrow(SubjectError);
    await expect(gates(written)).rejects.toThrow(problem);
  });

  it("are refused for a file that is not there, and for settings that the configuration refuses", async () => {
    await expect(gates(path.join(folder, "none.json"))).rejects.toThrow("ENOENT");
    await expect(gates(file("wrong.json", '{"alarms": {"periodSeconds": 7}}'))).rejects.toThrow("alarms.periodSeconds");
  });

  it("can be presets, with the alarms of each", async () => {
    const [article, balanced, strict] = await gates("article", "balanced", "strict");
    const alarms = (gate: typeof article) =>
      gate?.template.alarms.map(({ metrics }) => metrics?.map((line) => line.expression));
    expect([article?.name, balanced?.name, strict?.name]).toEqual(["article", "balanced", "strict"]);
    expect(alarms(article)).toEqual(new Array(8).fill(undefined));
    expect(alarms(balanced)).toHaveLength(6);
    expect(alarms(balanced)).not.toEqual(alarms(strict));
  });
});

describe("npm run gate", () => {
  const run = (...argv: readonly string[]) =>
    execFileSync(process.execPath, [LAUNCHER, "scripts/gate.ts", ...argv], {
      cwd: ROOT,
      env: { ...process.env, CDKTF_CONTEXT_JSON: contextJson },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });

  it("prints one JSON object that is as its schema says", () => {
    const argv = ["--fault", "errors", "--severity", "0.5", "--rps", "20", "--runs", "10", "--json"];
    const report = JSON.parse(run(...argv)) as GateReport;
    const isValid = new Ajv().compile(schema);
    expect(isValid(report) || isValid.errors).toBe(true);
    expect(report.gates[0]?.caught.map(({ beforeLastShift }) => beforeLastShift.share)).toEqual([1, 1]);
  });

  it("ends with 1 and the reason when the configuration is refused", () => {
    let failure: unknown;
    try {
      run("--environment", "nowhere");
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^gate: configuration refused:\n.*"nowhere"/) as string,
    });
  });
});
