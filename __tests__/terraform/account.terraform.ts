import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAUNCHER } from "../../scripts/command/launcher";
import { runProgram, type ProgramResult } from "../../scripts/command/run-program";
import type { SynthesizedStack } from "../../scripts/command/synthesized-stacks";
import { loadConfig } from "../../stacks/config";
import { namesOf } from "../../stacks/names";
import { OWN_VPC } from "./configurations";
import { changesBut, EMULATOR_DRIFT } from "./drift";
import { DANGEROUS_EDITS, editStacks } from "./edits";
import { startEmulatedAccount, type EmulatedAccount } from "./emulated-account";
import { swapColours } from "./release";
import { applyStacks } from "./stand-in";
import { fixtureContext, type Settings } from "../fixtures/configuration";
import { PROVIDER_IN_WORDS, synthesizeEnvironment, type Synthesized } from "./synthesized";
import { Terraform } from "./terraform";

/** Needs Terraform and moto_server on PATH; `npm run test:terraform` runs it, `npm test` does not. */

const CONTEXT = fixtureContext("staging", {
  service: {
    egress: [{ port: 5432, to: "10.0.128.0/20" }],
    taskPolicies: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/*"] }],
  },
});
const NAMES = namesOf(loadConfig({ environment: "staging", context: CONTEXT }));
/** Settings that nobody should get past a review by accident; with the edits, each for one of the dangers below. */
const DANGEROUS: Settings = {
  network: { cidr: "10.99.0.0/16", flowLogs: { traffic: "none" } },
  loadBalancer: { testAllowedCidrs: ["203.0.113.0/24"] },
  service: { exec: true, readOnlyRootFileSystem: false, logRetentionDays: 7 },
  gate: { normalBadShare: 0.01, slowSeconds: 3, windowMinutes: 10 },
  alarms: { periodSeconds: 300, unhealthyHosts: { threshold: 50 } },
  delivery: { strategy: "ECSAllAtOnce", terminationWaitMinutes: 0, hook: false },
};

const GROUP = /^aws_codedeploy_deployment_group\./;
const LOAD_BALANCER = /^aws_lb\./;
const TABLE = /^aws_dynamodb_table\./;
/** What happens, the rule that says so, and of which resource. */
const DANGERS: readonly (readonly [string, string, RegExp])[] = [
  ["the VPC is replaced", "loses-network", /^aws_vpc\./],
  ["the load balancer is replaced", "loses-load-balancer", LOAD_BALANCER],
  ["a listener is replaced", "loses-listener", /production-listener/],
  ["the service is replaced", "loses-service", /^aws_ecs_service\./],
  ["the table is replaced", "loses-table", TABLE],
  ["logs are destroyed", "loses-logs", /^aws_cloudwatch_log_group\.flow-logs/],
  ["logs are kept for less long", "loses-old-logs", /^aws_cloudwatch_log_group\.task-definition/],

  ["a threshold is raised", "gate-threshold-loosened", /unhealthyHosts/],
  ["a period is lengthened", "gate-period-lengthened", /unhealthyHosts/],
  ["more failed requests count as normal", "gate-limit-loosened", /failedRequests/],
  ["later answers are no longer bad", "gate-limit-loosened", /slowRequests/],
  ["missing data is no longer what it was", "gate-missing-data-changed", /unhealthyHosts/],
  ["an alarm is taken out of the group", "gate-alarm-removed", GROUP],
  ["a release no longer stops when it can't see its alarms", "gate-poll-failure-ignored", GROUP],
  ["an alarm no longer rolls a release back", "gate-rollback-removed", GROUP],
  ["the strategy exposes everybody at once", "gate-strategy-exposes-more", GROUP],
  ["the old version is kept for less long", "gate-termination-wait-shortened", GROUP],
  ["the probe of new versions is gone", "gate-function-lost", /^aws_lambda_function\.hook/],

  ["another range reaches the test listener", "security-ingress-opened", /port-9090-from-203-0-113-0-24/],
  ["the world reaches the tasks", "security-ingress-opened", /service_from-load-balancer/],
  ["a shell in the tasks is opened", "security-shell-opened", /^aws_ecs_service\./],
  ["a role may do everything with every bucket", "security-permissions-widened", /execution-role/],
  ["anybody may take a role on", "security-trust-widened", /execution-role/],
  ["anybody may publish to the topic", "security-resource-policy-widened", /^aws_sns_topic_policy\./],
  ["a bucket can be made public", "security-public-access-allowed", /access-logs/],
  ["a bucket is no longer encrypted as it was", "security-encryption-off", /access-logs/],
  ["the table is no longer encrypted as it was", "security-encryption-off", TABLE],
  ["a key's material stays the same", "security-encryption-off", /^aws_kms_key\./],
  ["the table can no longer be restored", "security-recovery-off", TABLE],
  ["a bucket keeps no old versions", "security-versioning-off", /access-logs/],
  ["flow logs are turned off", "security-logs-off", /^aws_flow_log\./],
  ["access logs are turned off", "security-logs-off", LOAD_BALANCER],
  ["malformed headers reach the service", "security-invalid-headers-passed", LOAD_BALANCER],
];

/** Milliseconds after which a step has hung: a load balancer alone takes a minute, and a busy machine several times as long. */
const HUNG = 8 * 60_000;

let account: EmulatedAccount;
let s3: S3Client;
let terraform: Terraform;
let synthesized: Synthesized;
/** What is applied, in order. */
let stacks: readonly SynthesizedStack[];

beforeAll(async () => {
  account = await startEmulatedAccount();
  s3 = new S3Client({ ...account.client, forcePathStyle: true });
  terraform = new Terraform(account.variables);
  synthesized = await synthesizeEnvironment(CONTEXT);
  stacks = synthesized.stacks.filter(({ needsDocker }) => !needsDocker);
}, HUNG);

afterAll(async () => {
  s3.destroy();
  synthesized.remove();
  await account.stop();
});

/** Runs one of the project's commands against the account. */
function command(...args: readonly string[]): Promise<ProgramResult> {
  return runProgram({
    command: process.execPath,
    args: [LAUNCHER, ...args],
    directory: process.cwd(),
    environment: { ...account.variables, CDKTF_CONTEXT_JSON: JSON.stringify(CONTEXT), ENVIRONMENT: "staging" },
  });
}

/** Where the states lie in their bucket. */
const stateKeys = () => stacks.map(({ backend }) => (backend as { readonly s3: { readonly key: string } }).s3.key);

const byType = (one: { readonly type: string }, other: { readonly type: string }) => one.type.localeCompare(other.type);

/** What is still to be changed, stack by stack, but for what the emulator drifts. */
async function pending(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, directory } of stacks) {
    const changes = await terraform.plan(directory);
    found.push(...changesBut(EMULATOR_DRIFT, changes).map((change) => `${name}: ${change}`));
  }
  return found;
}

/** Runs `test` on the environment with other settings, initialized but not applied. */
async function withSettings(over: Settings, test: (changed: Synthesized) => Promise<void>): Promise<void> {
  const changed = await synthesizeEnvironment(fixtureContext("staging", over));
  try {
    await test(changed);
  } finally {
    changed.remove();
  }
}

// One account for all, since a load balancer takes the emulator a minute: the tests build on each other, in order.
describe(`an empty account, with ${PROVIDER_IN_WORDS}`, () => {
  const check = () => command("scripts/deploy.ts", "--check", "--skip", "registry");

  it("is told by npm run deploy what is missing, before anything is started", async () => {
    const refused = { code: 4, stdout: expect.stringMatching(/nothing was started[^]*npm run bootstrap/) as string };
    expect(await check()).toMatchObject(refused);
  });

  it("gets its state bucket from npm run bootstrap, which the second time has nothing to do", async () => {
    const first = await command("scripts/bootstrap.ts");
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/created +bucket[^]*done: \d changed/) as string,
    });
    const second = await command("scripts/bootstrap.ts");
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to do") as string });
    // The emulator speaks no TLS, and S3 would refuse whoever comes without: from here on it must not.
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: NAMES.stateBucket }));
    expect(await check()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("all checks passed") as string,
    });
  });

  it(
    "takes the stacks in their order, with state in S3 (the registry's is stood in for: it needs a Docker daemon)",
    async () => {
      expect(synthesized.stacks.filter(({ needsDocker }) => needsDocker).map(({ name }) => name)).toEqual(["registry"]);
      await applyStacks(synthesized, terraform, s3, async ({ directory }) => {
        expect(await terraform.addresses(directory)).not.toEqual([]);
      });
    },
    HUNG,
  );

  it("has kept every state under its key, and locked each while it was written", async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: NAMES.stateBucket }),
    );
    for (const key of stateKeys()) {
      expect(Versions.some(({ Key }) => Key === key)).toBe(true);
      // The lock was there, and was given back.
      expect(Versions.some(({ Key }) => Key === `${key}.tflock`)).toBe(true);
      expect(DeleteMarkers.find(({ Key }) => Key === `${key}.tflock`)?.IsLatest).toBe(true);
    }
  });

  it("lets nobody apply while somebody else has the lock", async () => {
    const [network] = stacks;
    const lock = { Bucket: NAMES.stateBucket, Key: `${stateKeys()[0] ?? ""}.tflock` };
    const holder = { ID: "0", Operation: "OperationTypeApply", Who: "somebody@elsewhere", Created: new Date() };
    await s3.send(new PutObjectCommand({ ...lock, Body: JSON.stringify(holder) }));
    try {
      await expect(terraform.apply(network?.directory ?? "")).rejects.toThrow(
        /Error acquiring the state lock[^]*somebody/,
      );
      expect(await check()).toMatchObject({
        code: 4,
        stdout: expect.stringMatching(/network is locked by somebody@elsewhere with terraform apply/) as string,
      });
    } finally {
      await s3.send(new DeleteObjectCommand(lock));
    }
  });

  it(
    "shows an empty plan after that, but for what the emulator drifts",
    async () => {
      expect(await pending()).toEqual([]);
    },
    HUNG,
  );

  it(
    "shows an empty plan after a release has swapped the colours",
    async () => {
      const { before, after } = await swapColours(NAMES, account);
      expect(after.taskDefinition).not.toBe(before.taskDefinition);
      expect(after.targetGroup).not.toBe(before.targetGroup);
      expect(await pending()).toEqual([]);
    },
    HUNG,
  );

  it(
    "changes exactly the alarms of a limit, in place",
    async () => {
      await withSettings({ gate: { slowSeconds: 2 } }, async (changed) => {
        const delivery = changed.stacks.find(({ name }) => name === "delivery");
        await terraform.init(delivery?.directory ?? "");
        const changes = await terraform.plan(delivery?.directory ?? "");
        // The dashboard draws the limits of the alarms: it alone may change beside them.
        expect(changes.map(({ type, actions, attributes }) => ({ type, actions, attributes })).sort(byType)).toEqual([
          { type: "aws_cloudwatch_dashboard", actions: ["update"], attributes: ["dashboard_body"] },
          {
            type: "aws_cloudwatch_metric_alarm",
            actions: ["update"],
            attributes: ["alarm_description", "metric_query"],
          },
          {
            type: "aws_cloudwatch_metric_alarm",
            actions: ["update"],
            attributes: ["alarm_description", "metric_query"],
          },
        ]);
        for (const key of ["1", "2"]) {
          expect(changes.filter(({ address }) => address.includes(`alarms-${key}_slowRequests`))).toHaveLength(1);
        }
      });
    },
    HUNG,
  );

  describe("reviewed by npm run plan", () => {
    it(
      "is no danger where nothing has changed, and ends with what the emulator drifts",
      async () => {
        const { code, review } = await reviewOf(synthesized.folder, "--fail-on", "danger");
        const isDrifting = review.stacks.some(({ changes = [] }) => changes.length > 0);
        expect(code).toBe(isDrifting ? 2 : 0);
        expect(findingsOf(review)).toEqual([]);
      },
      HUNG,
    );

    describe("is danger, which a protected branch refuses,", () => {
      let dangerous: Awaited<ReturnType<typeof reviewOf>>;

      beforeAll(async () => {
        await withSettings(DANGEROUS, async ({ folder, stacks: changed }) => {
          editStacks(changed, DANGEROUS_EDITS);
          dangerous = await reviewOf(folder, "--fail-on", "danger");
        });
      }, HUNG);

      it("and is said to be", () => {
        expect(dangerous.code).toBe(1);
        expect(dangerous.review.verdict).toBe("danger");
        expect(dangerous.stderr).toContain("--allow-danger");
      });

      it.each(DANGERS)("where %s", (_, rule, address) => {
        const found = findingsOf(dangerous.review).filter(({ level }) => level === "danger");
        expect(found.filter((one) => one.rule === rule).map((one) => one.address)).toContainEqual(
          expect.stringMatching(address),
        );
      });
    });

    it(
      "is danger where another VPC takes the service's place from under it",
      async () => {
        await withSettings(OWN_VPC, async ({ folder }) => {
          const { code, review } = await reviewOf(folder, "--stack", "service", "--fail-on", "danger");
          expect(code).toBe(1);
          const lost = findingsOf(review).filter(({ rule }) => rule === "loses-target-group");
          expect(lost.map(({ level }) => level)).toEqual(["danger", "danger"]);
        });
      },
      HUNG,
    );
  });

  it(
    "gives everything back in reverse order",
    async () => {
      for (const { directory } of stacks.toReversed()) {
        await terraform.destroy(directory);
        expect(await terraform.addresses(directory)).toEqual([]);
      }
    },
    HUNG,
  );

  it("still has the states as they were before that", async () => {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: NAMES.stateBucket }));
    for (const key of stateKeys()) {
      const resources = { now: 0, before: 0 };
      for (const { IsLatest, VersionId } of Versions.filter(({ Key }) => Key === key)) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: NAMES.stateBucket, Key: key, VersionId }));
        const state = JSON.parse((await Body?.transformToString()) ?? "") as { readonly resources: unknown[] };
        resources[IsLatest ? "now" : "before"] += state.resources.length;
      }
      expect(resources.now).toBe(0);
      expect(resources.before).toBeGreaterThan(0);
    }
  });
});

interface Review {
  readonly verdict: string;
  readonly stacks: readonly {
    readonly changes?: readonly unknown[];
    readonly findings?: readonly { readonly level: string; readonly rule: string; readonly address: string }[];
  }[];
}

function findingsOf({ stacks: reviewed }: Review) {
  return reviewed.flatMap(({ findings = [] }) => findings);
}

/** What `npm run plan` says of the stacks in a folder, as JSON, and how it ended. */
async function reviewOf(
  folder: string,
  ...options: readonly string[]
): Promise<ProgramResult & { readonly review: Review }> {
  const directory = mkdtempSync(join(tmpdir(), "plan-review-"));
  const json = join(directory, "review.json");
  try {
    const skipped = synthesized.stacks.filter(({ needsDocker }) => needsDocker).flatMap(({ name }) => ["--skip", name]);
    const ended = await command("scripts/plan.ts", "--synthesized", folder, "--json", json, ...skipped, ...options);
    if (!existsSync(json)) throw new Error(`no review:\n${ended.stdout}${ended.stderr}`);
    return { ...ended, review: JSON.parse(readFileSync(json, "utf8")) as Review };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
