import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAUNCHER } from "../../scripts/command/launcher";
import { runProgram } from "../../scripts/command/run-program";
import { changesBut, EMULATOR_DRIFT } from "./drift";
import { startEmulatedAccount, REGION, type EmulatedAccount } from "./emulated-account";
import { PROVIDER_IN_WORDS, writeOverride } from "./synthesized";
import { Terraform } from "./terraform";

/** Needs Terraform and moto_server on PATH, as account.terraform.ts. The service is made by existing-service/main.tf alone. */

const EXISTING = {
  cluster: "Shared_Cluster",
  service: "checkout-svc",
  application: "Checkout,EU+1=web@x",
  deploymentGroup: "blue_green.checkout",
};
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
  const environments = { live: { region: REGION, existing: { ...EXISTING, ...existing } } };
  const line = ["--environment", "live", "--output", "json", "--image", "v2", "--dry-run", ...args];
  const { code, stdout } = await runProgram({
    command: process.execPath,
    args: [LAUNCHER, "scripts/release.ts", ...line],
    directory: process.cwd(),
    environment: { ...account.variables, CDKTF_CONTEXT_JSON: JSON.stringify({ environments }) },
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
    expect(events.find(({ type }) => type === "gate")).toMatchObject({
      gate: {
        alarms: [
          { name: "Checkout: 5xx of checkout-blue (EU)", sees: "live" },
          { name: "Checkout: 5xx of checkout-green (EU)", sees: "new" },
        ],
        canaryMinutes: 5,
      },
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
