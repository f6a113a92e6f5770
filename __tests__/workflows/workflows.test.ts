import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TERRAFORM_MINIMUM } from "../../stacks/config/terraform-version";
import { JOBS, STEPS, workflow, WORKFLOWS } from "./workflows";

const ROOT = join(__dirname, "..", "..");
const LINTER = join(ROOT, "node_modules", "@tktco", "node-actionlint", "bin", "node-actionlint.js");

function lint(pattern: string, directory = ROOT) {
  const { status, stdout } = spawnSync(process.execPath, [LINTER, pattern], { cwd: directory, encoding: "utf8" });
  return { status, stdout };
}

describe("the workflows", () => {
  it("have nothing that actionlint complains about", () => {
    const directory = mkdtempSync(join(tmpdir(), "workflows-"));
    try {
      for (const { file, text } of WORKFLOWS) {
        // GitHub knows this key since May 2026, actionlint not yet: rhysd/actionlint#657.
        writeFileSync(join(directory, file), text.replaceAll(/^ +queue: max\n/gm, ""));
      }
      const { status, stdout } = lint("*.yml", directory);
      expect(stdout).toContain(`${WORKFLOWS.length} workflow file`);
      expect(status).toBe(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("would be complained about if they were wrong", () => {
    const directory = mkdtempSync(join(tmpdir(), "workflows-"));
    try {
      const wrong =
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: 'echo ${{ github.nothing }}' }]\n";
      writeFileSync(join(directory, "wrong.yml"), wrong);
      const { status, stdout } = lint("wrong.yml", directory);
      expect(stdout).toContain('property "nothing" is not defined');
      expect(status).toBe(1);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it.each(WORKFLOWS.map(({ file, permissions }) => [file, permissions] as const))(
    "%s gives no permission to all of its jobs",
    (_file, permissions) => expect(permissions).toEqual({}),
  );

  it.each(JOBS.map(({ where, job }) => [where, job] as const))("%s says which permissions it needs", (_where, job) => {
    expect(job.permissions).toBeDefined();
    const written = Object.entries(job.permissions ?? {}).filter(([, level]) => level === "write");
    // A token for AWS, or a comment; nothing writes into the repository.
    expect(["id-token", "pull-requests"]).toEqual(expect.arrayContaining(written.map(([name]) => name)));
  });

  it.each(JOBS.filter(({ job }) => job.steps).map(({ where, job }) => [where, job["timeout-minutes"]] as const))(
    "%s ends by itself",
    (_where, minutes) => expect(minutes).toEqual(expect.any(Number)),
  );

  it("use actions at a full commit, with its version beside it", () => {
    const used = WORKFLOWS.flatMap(({ text }) => [...text.matchAll(/uses: +(\S+)(.*)/g)]).filter(
      ([, action]) => action?.startsWith("./") !== true,
    );
    expect(used.length).toBeGreaterThan(0);
    for (const [, action, comment] of used) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });

  it("use each action at one commit only", () => {
    const used = STEPS.flatMap(({ step }) => step.uses ?? []);
    const actions = new Set(used.map((action) => action.split("@")[0]));
    expect(new Set(used).size).toBe(actions.size);
  });

  it("leave no credentials behind in what they check out", () => {
    const checkouts = STEPS.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const { step } of checkouts) expect(step.with?.["persist-credentials"]).toBe(false);
  });

  it("put nothing that somebody else writes into a script", () => {
    for (const { step } of STEPS) expect(step.run ?? "").not.toContain("${{");
  });

  it("take AWS roles on by a token, never by a key", () => {
    const texts = WORKFLOWS.map(({ text }) => text).join("\n");
    expect(texts).not.toMatch(/aws-access-key-id|secrets\./);
    const withToken = JOBS.filter(({ job }) => job.steps?.some(({ uses }) => uses?.startsWith("aws-actions/")));
    for (const { job } of withToken) expect(job.permissions).toMatchObject({ "id-token": "write" });
  });
});

describe("the Node of the workflows", () => {
  const setups = JOBS.flatMap(({ where, job }) =>
    (job.steps ?? [])
      .filter(({ uses }) => uses?.startsWith("actions/setup-node@"))
      .map((step) => ({ where, job, version: String(step.with?.["node-version"]) })),
  );

  it("is the same everywhere but where several are tested", () => {
    const versions = setups.map(({ version }) => version).filter((version) => !version.includes("matrix.node"));
    expect(versions.length).toBeGreaterThan(3);
    expect(new Set(versions).size).toBe(1);
  });

  it("is one that cdktf-cli brings its native part for, wherever that deploys", () => {
    // What process.versions.modules is there: nodejs/node's doc/abi_version_registry.json.
    const abis: Readonly<Record<string, number>> = { "20": 115, "22": 127, "24": 137 };
    const folder = join(ROOT, "node_modules", "@cdktf", "node-pty-prebuilt-multiarch", "prebuilds", "linux-x64");
    const deploying = setups.filter(({ job }) => job.steps?.some(({ run }) => run?.includes("npm run deploy")));
    expect(deploying).not.toEqual([]);
    for (const { version } of deploying) {
      expect(readdirSync(folder)).toContain(`node.abi${abis[version] ?? version}.node`);
    }
  });
});

describe("the plan of a pull request", () => {
  const { jobs, text, concurrency, on } = workflow("plan.yml");

  it("doesn't run in the context of the target branch", () => expect(Object.keys(on)).toEqual(["pull_request"]));

  it("replaces the plan of an older commit of the same pull request", () => {
    expect(concurrency?.group).toContain("github.event.pull_request.number");
    expect(concurrency?.["cancel-in-progress"]).toBe(true);
  });

  it("runs again when the label is put on or taken off", () => {
    expect(on["pull_request"]).toMatchObject({ types: expect.arrayContaining(["labeled", "unlabeled"]) as unknown });
    expect(text).toContain("contains(github.event.pull_request.labels.*.name, 'allow-danger')");
  });

  it("gives the right to comment only to a job that runs none of the pull request's code", () => {
    const commenting = Object.values(jobs).filter(({ permissions }) => permissions?.["pull-requests"] === "write");
    expect(commenting).toHaveLength(1);
    for (const { steps = [] } of commenting) {
      expect(
        steps.some(({ uses, run }) => uses?.startsWith("actions/checkout@") === true || /npm|node /.test(run ?? "")),
      ).toBe(false);
    }
  });

  it("plans nothing for forks, which get no token for AWS, and lets nothing pass that was not planned", () => {
    const own = "github.event.pull_request.head.repo.full_name == github.repository";
    expect(jobs["plan"]?.if).toBe(own);
    expect(jobs["comment"]?.if).toContain(own);
    // A skipped check would count as passed, and so would one of a cancelled run.
    expect(jobs["verdict"]?.if).toBe("always()");
  });

  it("reads each environment with a role of its own: they may lie in different accounts", () => {
    expect(jobs["plan"]?.strategy?.matrix["include"]).toEqual([
      { environment: "staging", role: "${{ vars.AWS_PLAN_ROLE_ARN_STAGING }}" },
      { environment: "production", role: "${{ vars.AWS_PLAN_ROLE_ARN_PRODUCTION }}" },
    ]);
    expect(jobs["plan"]?.steps?.map((step) => step.with?.["role-to-assume"])).toContain("${{ matrix.role }}");
  });

  it("leaves room for both environments in one comment", () => {
    const limits = [...text.matchAll(/--limit (\d+)/g)].map(([, limit]) => Number(limit));
    expect(limits).toHaveLength(1);
    expect((limits[0] ?? Infinity) * 2).toBeLessThan(65_536 - 1_000);
  });
});

/** Jobs that change an environment take their turns, whichever workflow they are of. */
const TURNS = { group: "environment-${{ inputs.environment }}", "cancel-in-progress": false, queue: "max" };

describe("a deploy", () => {
  const { jobs } = workflow("deploy-environment.yml");
  const { plan, deploy } = jobs;
  const roles = (job: typeof plan) => job?.steps?.map((step) => step.with?.["role-to-assume"]).filter(Boolean);

  it("says what will change before anybody approves it, with the role that only reads", () => {
    expect(plan?.environment).toBeUndefined();
    expect(plan?.steps?.at(-1)?.run).toContain('cat plan.md >> "$GITHUB_STEP_SUMMARY"');
    expect(roles(plan)).toEqual(["${{ inputs.plan-role }}"]);
    expect(plan?.steps?.map(({ run }) => run ?? "").join("\n")).not.toMatch(/cdktf deploy|npm run deploy/);
    expect(deploy?.needs).toBe("plan");
  });

  it("plans each environment with its own role", () => {
    const calls = workflow("deploy.yml").jobs;
    expect(calls["staging"]?.with).toEqual({
      environment: "staging",
      "plan-role": "${{ vars.AWS_PLAN_ROLE_ARN_STAGING }}",
    });
    expect(calls["production"]?.with).toEqual({
      environment: "production",
      "plan-role": "${{ vars.AWS_PLAN_ROLE_ARN_PRODUCTION }}",
    });
  });

  it("waits for the approval of its environment, and meets no other deploy and no release", () => {
    expect(deploy?.environment).toBe("${{ inputs.environment }}");
    expect(roles(deploy)).toEqual(["${{ vars.AWS_DEPLOY_ROLE_ARN }}"]);
    expect(deploy?.concurrency).toEqual(TURNS);
  });

  it("reaches production only after staging", () => {
    expect(workflow("deploy.yml").jobs["production"]?.needs).toBe("staging");
  });

  it("checks what it needs first, then applies one stack after the other, but not the one with its own roles", () => {
    expect(deploy?.steps?.at(-1)?.run).toBe("npm run deploy -- --skip access --auto-approve");
  });

  it("uses a Terraform that the stacks take", () => {
    const versions = STEPS.map(({ step }) => step.with?.["terraform_version"]).filter(
      (version) => version !== undefined,
    );
    expect(versions).not.toEqual([]);
    for (const version of versions) expect(version).toMatch(new RegExp(`^${TERRAFORM_MINIMUM}\\.`));
  });
});

describe("a release", () => {
  const job = workflow("release-environment.yml").jobs["release"];

  it("never meets another of the same environment, nor a deploy", () => {
    expect(job?.concurrency).toEqual(TURNS);
    expect(job?.environment).toBe("${{ inputs.environment }}");
  });

  it("reaches production only after staging has succeeded, or when it alone is asked for", () => {
    const production = workflow("release.yml").jobs["production"];
    expect(production?.needs).toBe("staging");
    expect(production?.if).toContain("needs.staging.result == 'success'");
    expect(production?.if).toContain("needs.staging.result == 'skipped' && inputs.environment == 'production'");
  });

  it("has a step that runs when the job is cancelled", () => {
    const stop = job?.steps?.find(({ name }) => name?.startsWith("Stop the deployment"));
    expect(stop?.if).toBe("cancelled()");
  });
});
