import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LAUNCHER } from "../../scripts/command/launcher";
import { STACKS } from "../../stacks/names";
import { SOURCE } from "../fixtures/configuration";

describe("npm run synth", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "synth-"));
    mkdirSync(join(directory, SOURCE), { recursive: true });
    writeFileSync(join(directory, SOURCE, "Dockerfile"), "FROM scratch\n");
    copyFileSync("__tests__/fixtures/cdktf.json", join(directory, "cdktf.json"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const synth = (environment: NodeJS.ProcessEnv, ...argv: readonly string[]) => {
    const env = { ...process.env, CDKTF_OUTDIR: join(directory, "out"), CDKTF_CONTEXT_JSON: "", ...environment };
    return spawnSync(process.execPath, [LAUNCHER, resolve("main.ts"), ...argv], {
      cwd: directory,
      encoding: "utf8",
      env,
    });
  };

  it.each(["staging", "production"])("writes the stacks of %s from cdktf.json", (environment) => {
    expect(synth({ ENVIRONMENT: environment })).toMatchObject({ status: 0, stderr: "" });
    const { stacks } = JSON.parse(readFileSync(join(directory, "out", "manifest.json"), "utf8")) as { stacks: object };
    expect(Object.keys(stacks)).toEqual([...STACKS].sort().map((stack) => `${environment}-${stack}`));
  });

  it("warns on stderr of what is probably not intended and of mistakes in other environments, and continues", () => {
    const production = { region: "eu-centrl-1" };
    const context = {
      defaults: { project: "carts-api" },
      environments: { staging: { network: { cidr: "172.17.0.0/16" }, service: { source: SOURCE } }, production },
    };
    const { status, stdout, stderr } = synth({ ENVIRONMENT: "staging", CDKTF_CONTEXT_JSON: JSON.stringify(context) });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^warning: environments\.staging\.network\.cidr: "172\.17\.0\.0\/16": AWS advises against/),
      expect.stringMatching(
        /^warning: environments\.production\.region: "eu-centrl-1" .*\(refused once ENVIRONMENT is/,
      ),
    ]);
    expect(readFileSync(join(directory, "out", "manifest.json"), "utf8")).toContain("staging-network");
  });

  it("needs a Dockerfile, unless the stacks are only rehearsed", () => {
    rmSync(join(directory, SOURCE, "Dockerfile"));
    const { status, stderr } = synth({ ENVIRONMENT: "staging" });
    expect(status).toBe(1);
    expect(stderr).toContain(`service.source: there is no ${SOURCE}/Dockerfile; must be the folder of the service`);
    expect(synth({ ENVIRONMENT: "staging" }, "--rehearsal")).toMatchObject({ status: 0, stderr: "" });
  });

  it("prints only the problems, and writes nothing", () => {
    const context = {
      defaults: { project: "carts-api" },
      environments: { staging: { alarms: { target5xx: { threshold: 0 } }, netwrk: {} } },
    };
    const { status, stdout, stderr } = synth({ ENVIRONMENT: "staging", CDKTF_CONTEXT_JSON: JSON.stringify(context) });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr.trim().split("\n")).toEqual([
      "configuration refused:",
      "  - environments.staging.alarms.target5xx.threshold: 0 is not allowed; must be a number greater than 0",
      "  - environments.staging.netwrk: unknown key; did you mean network?",
    ]);
    expect(() => readFileSync(join(directory, "out", "manifest.json"))).toThrow("ENOENT");
  });
});
