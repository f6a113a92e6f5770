/**
 * Services that share nothing with the example, in the state of a new user: each has a configuration, and nothing else of
 * this project knows it. `npm run test:adoption` runs them; they need Python and PostgreSQL.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { localCredentials } from "../../scripts/cloud/local-credentials";
import { LAUNCHER } from "../../scripts/command/launcher";
import { runProgram } from "../../scripts/command/run-program";
import { runSynthesis } from "../../scripts/rehearse/synthesis";
import { CAUGHT_BY } from "../rehearse/caught-by";
import { contextJson, reported, run } from "../rehearse/command";
import { ownVariables } from "../terraform/emulated-account";
import { checkInstalled, contextOf, EXPRESS, PYTHON, type OwnService } from "./own-service";

// They last as long as the machine needs: a busy one slows the cloud's clock down.
const TIMEOUT_MS = 300_000;

const services = [EXPRESS, PYTHON];
const each = services.map((service) => ({ name: service.name, service }));
const faults = Object.entries(CAUGHT_BY.balanced).flatMap(([fault, alarms]) =>
  each.map((one) => ({ ...one, fault, alarms })),
);

interface SynthesizedService {
  readonly resource: {
    readonly aws_ecs_task_definition: Readonly<Record<string, { readonly container_definitions: string }>>;
    readonly aws_vpc_security_group_egress_rule: Readonly<
      Record<string, { readonly from_port: number; readonly cidr_ipv4?: string }>
    >;
  };
}

async function rehearse(service: OwnService, line: string) {
  return reported(run("rehearse", `--json ${line}`, await contextOf(service)));
}

beforeAll(() => services.forEach(checkInstalled));

describe("a service of somebody else, by configuration only", () => {
  it.concurrent.each(each)(
    "$name: is released when it is good, and no request fails",
    async ({ service }) => {
      const { code, report } = await rehearse(service, "--speed 40 --rps 4");
      expect(report).toMatchObject({
        verdict: "released",
        reasons: [],
        requests: { failed: 0 },
        activatedAlarms: [],
        deployment: { status: "Succeeded" },
        writes: null,
      });
      expect(report.requests.toNewVersion).toBeGreaterThan(0);
      const probe = report.deployment?.events.find(({ name }) => name === "AfterAllowTestTraffic");
      expect(probe).toMatchObject({ status: "Succeeded" });
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it.concurrent.each(faults.flatMap(({ alarms, ...one }) => (alarms === null ? [] : [{ ...one, alarms }])))(
    "$name: is rolled back by its alarm with the fault $fault",
    async ({ service, fault, alarms }) => {
      const { code, report } = await rehearse(service, `--speed 40 --rps 4 --fault ${fault}`);
      expect(report).toMatchObject({ verdict: "rolled-back", reasons: [], deployment: { errorCode: "ALARM_ACTIVE" } });
      expect(report.activatedAlarms.join(" ")).toMatch(alarms);
      expect(report.requests.toNewVersion).toBeGreaterThan(0);
      expect(report.timeline.at(-1)).toMatchObject({ weightNewVersion: 0, errors: 0 });
      expect(code).toBe(2);
    },
    TIMEOUT_MS,
  );

  it.concurrent.each(faults.filter(({ alarms }) => alarms === null))(
    "$name: never gets traffic with the fault $fault",
    async ({ service, fault }) => {
      // An hour of the clock, in which only version 1 answers.
      const { code, report } = await rehearse(service, `--speed 120 --rps 0.5 --fault ${fault}`);
      expect(report).toMatchObject({
        verdict: "rolled-back",
        requests: { toNewVersion: 0, failed: 0 },
        activatedAlarms: [],
      });
      expect(code).toBe(2);
    },
    TIMEOUT_MS,
  );

  it.concurrent.each(each)(
    "$name: is stopped by its probe before any user meets it",
    async ({ service }) => {
      const { code, report } = await rehearse(service, "--speed 40 --rps 4 --fault error --rate 1 --hook");
      expect(report).toMatchObject({
        verdict: "rolled-back",
        requests: { toNewVersion: 0, failed: 0 },
        activatedAlarms: [],
        deployment: { errorCode: "HOOK_EXECUTION_FAILURE" },
      });
      expect(code).toBe(2);
    },
    TIMEOUT_MS,
  );

  it.concurrent.each(each)(
    "$name: passes the checks of a release in a dry run",
    async ({ service }) => {
      const context = await contextOf(service);
      const cloud = run("cloud", "--speed 40", context);
      const [, endpoint = "", image = ""] = await cloud.untilOutput(/AWS +(\S+)[^]*image version 2 (\S+)[^]*Ctrl-C/);
      const { code, stdout, stderr } = await runProgram({
        command: process.execPath,
        args: [LAUNCHER, "scripts/release.ts", "--dry-run", "--output", "plain", "--image", image],
        directory: ".",
        environment: {
          ...ownVariables(),
          ...localCredentials(String(context.defaults["region"])),
          AWS_ENDPOINT_URL: endpoint,
          ENVIRONMENT: "staging",
          CDKTF_CONTEXT_JSON: contextJson(context),
        },
      });
      cloud.child.kill("SIGINT");
      expect((await cloud.ended).code).toBe(130);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("all checks passed; nothing was changed");
    },
    TIMEOUT_MS,
  );

  it.each([
    {
      service: EXPRESS,
      container: {
        name: "web",
        portMappings: [{ containerPort: 3000 }],
        environment: expect.arrayContaining([{ name: "BASE_PATH", value: "/shop" }]) as unknown,
        secrets: [{ name: "DATABASE_URL", valueFrom: expect.stringContaining(":parameter/shop/") as unknown }],
      },
      egressPorts: [443, 5432],
    },
    {
      service: PYTHON,
      container: {
        name: "python",
        portMappings: [{ containerPort: 5000 }],
        secrets: [{ name: "API_KEY", valueFrom: expect.stringContaining(":secret:rates-") as unknown }],
      },
      egressPorts: [443],
    },
  ])("$service.name: is synthesized with what its configuration says, and with nothing of the example", async (one) => {
    const { service, container, egressPorts } = one;
    const folder = mkdtempSync(path.join(tmpdir(), "adoption-"));
    try {
      await runSynthesis({
        root: process.cwd(),
        outDirectory: folder,
        variables: {
          ...ownVariables(),
          ENVIRONMENT: "staging",
          CDKTF_CONTEXT_JSON: contextJson(service.configuration.context),
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const read = (stack: string) =>
        readFileSync(path.join(folder, "stacks", `staging-${stack}`, "cdk.tf.json"), "utf8");
      const all = ["network", "registry", "service", "delivery"].map(read).join("\n");
      expect(all).not.toMatch(/dynamodb|TABLE_NAME/i);
      const { resource } = JSON.parse(read("service")) as SynthesizedService;
      const [definition] = Object.values(resource.aws_ecs_task_definition);
      expect(JSON.parse(definition?.container_definitions ?? "[]")).toMatchObject([container]);
      const rules = Object.values(resource.aws_vpc_security_group_egress_rule);
      const ports = rules.flatMap(({ cidr_ipv4: range, from_port: port }) => (range === undefined ? [] : [port]));
      expect(ports.sort((a, b) => a - b)).toEqual(egressPorts);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
