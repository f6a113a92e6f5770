import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAUNCHER } from "../../scripts/command/launcher";
import { runProgram } from "../../scripts/command/run-program";
import type { Gate } from "../../scripts/release/gate";
import { readTemplateFile } from "../../scripts/rehearse/live/template-file";
import { reported, run } from "../rehearse/command";
import { playService } from "../rehearse/played-service";
import { changesBut, EMULATOR_DRIFT } from "./drift";
import { startEmulatedAccount, type EmulatedAccount } from "./emulated-account";
import { CONTEXT, ERRORS, EXISTING, RECORDED, VARIABLES, withStableIds } from "./existing-service/checkout";
import { PROVIDER_IN_WORDS, writeOverride } from "./synthesized";
import { Terraform } from "./terraform";

/** Needs Terraform and moto_server on PATH, as account.terraform.ts. The service is made by existing-service/main.tf alone. */

/** Milliseconds after which a step has hung. */
const HUNG = 8 * 60_000;

const directory = mkdtempSync(join(tmpdir(), "existing-service-"));
let account: EmulatedAccount;
let terraform: Terraform;

beforeAll(async () => {
  account = await startEmulatedAccount();
  terraform = new Terraform(account.variables);
  copyFileSync(join(__dirname, "existing-service", "main.tf"), join(directory, "main.tf"));
  writeOverride(directory);
  await terraform.init(directory);
  await terraform.apply(directory);
  await pushImage("v2");
}, HUNG);
afterAll(async () => {
  await account.stop();
  rmSync(directory, { recursive: true });
});

/** Puts an image with this tag into the service's repository. */
async function pushImage(imageTag: string): Promise<void> {
  const ecr = new ECRClient(account.client);
  const digest = `sha256:${"c".repeat(64)}`;
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: 1 },
    layers: [],
  });
  await ecr.send(new PutImageCommand({ repositoryName: "team/checkout", imageTag, imageManifest }));
  ecr.destroy();
}

/** Runs a dry run: the emulated account can create no deployment. */
async function dryRun(existing: Partial<typeof EXISTING> = {}, ...args: readonly string[]) {
  const { environments, ...rest } = CONTEXT;
  const live = { ...environments.live, existing: { ...EXISTING, ...existing } };
  const line = ["--environment", "live", "--output", "json", "--image", "v2", "--dry-run", ...args];
  const { code, stdout } = await runProgram({
    command: process.execPath,
    args: [LAUNCHER, "scripts/release.ts", ...line],
    directory: process.cwd(),
    environment: { ...account.variables, CDKTF_CONTEXT_JSON: JSON.stringify({ ...rest, environments: { live } }) },
  });
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return { code, events, stdout };
}

describe(`a service, its group and its alarms, made by plain Terraform, with ${PROVIDER_IN_WORDS}`, () => {
  it("are found by their names; only the tasks are missing, which the emulator doesn't run", async () => {
    const { code, events } = await dryRun();
    expect(code).toBe(4);
    expect(events.at(-1)).toMatchObject({
      problems: [
        { what: expect.stringMatching(/^no task of the live version runs, although 2 are desired/) as string },
      ],
    });
  });

  it("pass all other checks of a release, which reads container, family, repository and alarms from them", async () => {
    const { code, events, stdout } = await dryRun({}, "--accept-blind-gate");
    expect(events.at(-1)).toMatchObject({ type: "outcome", outcome: "checked", exitCode: 0 });
    expect(code).toBe(0);
    const { gate } = events.find(({ type }) => type === "gate") as { gate: Gate };
    expect(gate.canaryMinutes).toBe(6);
    expect(gate.unwatched).toMatchObject([{ name: "Checkout: 5xx of checkout-blue (EU)", sees: "live" }]);
    expect(Object.fromEntries(gate.alarms.map(({ name, sees }) => [name, sees]))).toEqual({
      "Checkout: 5xx of checkout-green (EU)": "new",
      "checkout/cpu": "unknown",
      "checkout/error-rate > 20 %": "both",
      "checkout/orders stopped": "unknown",
      "checkout/unusual latency": "both",
    });
    expect(events.find(({ type }) => type === "changes")).toMatchObject({
      from: "Checkout_Family:1",
      changes: [
        {
          path: "containerDefinitions[web].image",
          to: expect.stringMatching(/\.dkr\.ecr\.eu-central-1\.amazonaws\.com\/team\/checkout@sha256:/) as string,
        },
      ],
    });
    expect(stdout).not.toMatch(/npm run deploy|cdktf|stack/);
  });

  it("are read, rehearsed and released, with the same verdicts for a good and a bad version", async () => {
    const file = join(directory, "live.json");
    const variables = { ...account.variables, ...VARIABLES };
    const rehearsed = (options: string) =>
      reported(run("rehearse", `--json --speed 80 --rps 1 ${options}`, undefined, variables));
    const good = await rehearsed(`--from-live --template-out ${file}`);
    expect(good).toMatchObject({ code: 0, report: { verdict: "released" } });
    expect(good.report.sentence).toContain("not played as on AWS: 3 of the deployment group's 6 alarms");

    const written = withStableIds(readFileSync(file, "utf8"));
    if (process.env["WRITE_LIVE_JSON"]) writeFileSync(RECORDED, JSON.stringify(written));
    expect(written).toEqual(JSON.parse(readFileSync(RECORDED, "utf8")));

    const bad = await rehearsed(`--template ${file} --fault error --rate 0.9`);
    expect(bad).toMatchObject({
      code: 2,
      report: { verdict: "rolled-back", activatedAlarms: [expect.stringMatching(ERRORS)] },
    });

    const played = await playService(readTemplateFile(file).template);
    try {
      const released = await played.release(CONTEXT, "--image", "good");
      expect([released.code, released.events.at(-1)?.["outcome"]]).toEqual([0, "released"]);
      const rolledBack = await played.release(CONTEXT, "--image", "bad");
      expect(rolledBack.events.at(-1)).toMatchObject({
        outcome: "rolled-back",
        alarms: [expect.stringMatching(ERRORS)],
      });
      expect(rolledBack.code).toBe(2);
    } finally {
      await played.stop();
    }
  }, 240_000);

  it("are as they were: Terraform has nothing to do afterwards", async () => {
    expect(changesBut(EMULATOR_DRIFT, await terraform.plan(directory))).toEqual([]);
  }, 120_000);

  it.each([
    [{ service: "other" }, /there is no service other/],
    [{ cluster: "other" }, /there is no cluster other/],
    [{ application: "other" }, /there is no application other/],
    [{ deploymentGroup: "other" }, /has no deployment group other/],
  ])("are refused by name when the configuration says %j", async (existing, words) => {
    const { code, stdout } = await dryRun(existing, "--accept-blind-gate");
    expect(code).toBe(4);
    expect(stdout).toMatch(words);
  });
});
