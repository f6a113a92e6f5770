import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMENT_LIMIT, SMALLEST_LIMIT } from "../../scripts/plan/render/markdown";
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
    expect(jobs["environments"]?.if).toBe(own);
    // A job is skipped when a job that it needs is skipped.
    expect(jobs["plan"]?.needs).toBe("environments");
    expect(jobs["comment"]?.if).toContain(own);
    // A skipped check would count as passed, and so would one of a cancelled run.
    expect(jobs["verdict"]?.if).toBe("always()");
  });

  it("reads each environment with a role of its own: they may lie in different accounts", () => {
    expect(jobs["plan"]?.steps?.map((step) => step.with?.["role-to-assume"])).toContain("${{ vars[matrix.planRole] }}");
  });

  it("comments and judges every environment of cdktf.json", () => {
    for (const name of ["comment", "verdict"]) {
      expect(jobs[name]?.needs).toEqual(["environments", "plan"]);
      expect(JSON.stringify(jobs[name]?.steps)).toContain("${{ needs.environments.outputs.names }}");
    }
  });
});

describe("the environments of the workflows", () => {
  it.each(["plan.yml", "deploy.yml", "release.yml"])("are those of cdktf.json in %s", (file) => {
    const { jobs, text } = workflow(file);
    expect(text.replaceAll(/^ *#.*$/gm, "")).not.toMatch(/staging|production/i);
    const matrices = Object.values(jobs).flatMap(({ strategy }) => strategy?.matrix ?? []);
    expect(matrices.length).toBeGreaterThan(0);
    for (const matrix of matrices) {
      expect(matrix).toEqual({ include: "${{ fromJSON(needs.environments.outputs.matrix) }}" });
    }
    expect(jobs["environments"]?.steps?.at(-1)?.run).toMatch(/^node \.github\/environments\.mjs /);
  });

  it.each([
    ["deploy.yml", "deploy"],
    ["release.yml", "release"],
  ])("get their turns in %s one after the other, and none after one that fails", (file, name) => {
    expect(workflow(file).jobs[name]?.strategy).toMatchObject({ "max-parallel": 1, "fail-fast": true });
  });
});

describe("the list of environments", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "environments-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function list(cdktf: string | undefined, ...only: readonly string[]) {
    if (cdktf !== undefined) writeFileSync(join(folder, "cdktf.json"), cdktf);
    const script = join(ROOT, ".github", "environments.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...only], {
      cwd: folder,
      encoding: "utf8",
    });
    const outputs = stdout.split("\n").map((line): [string, string] => {
      const [name = "", ...rest] = line.split("=");
      return [name, rest.join("=")];
    });
    return { status, stderr, outputs: Object.fromEntries(outputs) as Readonly<Record<string, string>> };
  }
  const cdktf = (...names: readonly string[]) =>
    JSON.stringify({ context: { environments: Object.fromEntries(names.map((name) => [name, {}])) } });
  const matrixOf = (outputs: Readonly<Record<string, string>>): unknown => JSON.parse(outputs["matrix"] ?? "");

  it("is that of cdktf.json in its order, with the variable of each role that plans", () => {
    const { status, outputs } = list(cdktf("staging", "eu-production", "asia"));
    expect(status).toBe(0);
    expect(matrixOf(outputs)).toEqual([
      { environment: "staging", planRole: "AWS_PLAN_ROLE_ARN_STAGING" },
      { environment: "eu-production", planRole: "AWS_PLAN_ROLE_ARN_EU_PRODUCTION" },
      { environment: "asia", planRole: "AWS_PLAN_ROLE_ARN_ASIA" },
    ]);
    expect(outputs["names"]).toBe("staging eu-production asia");
  });

  it("is the one that is asked for, and all when none is", () => {
    expect(list(cdktf("a", "b"), "b").outputs["names"]).toBe("b");
    expect(list(cdktf("a", "b"), "").outputs["names"]).toBe("a b");
  });

  it.each([1, 2, 5, 16])("leaves room for the reviews of %d in one comment", (count) => {
    const names = Array.from({ length: count }, (_, index) => `e${index}`);
    const limit = Number(list(cdktf(...names)).outputs["limit"]);
    expect(limit * count).toBeLessThan(COMMENT_LIMIT - 1_000);
    expect(limit).toBeGreaterThanOrEqual(SMALLEST_LIMIT);
  });

  it.each([
    ["no file", undefined, [], "can't be read as JSON"],
    ["no JSON", "{", [], "can't be read as JSON"],
    ["no context", "{}", [], "there are none"],
    ["no object", "null", [], "there are none"],
    ["no environments", cdktf(), [], "there are none"],
    ["an environment that isn't there", cdktf("staging"), ["stagin"], 'there is no "stagin"; there is staging'],
    ["a line break in a name", cdktf("a\nnames=b"), [], "is not a name for an environment"],
  ])("is refused, with the reason, for %s", (_, file, only, why) => {
    const { status, stderr, outputs } = list(file, ...only);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^::error file=cdktf\.json::[^\n]*\n$/);
    expect(stderr).toContain(why);
    expect(outputs["matrix"]).toBeUndefined();
  });
});

/** Jobs that change an environment take their turns, whichever workflow they are of. */
const TURNS = { group: "environment-${{ matrix.environment }}", "cancel-in-progress": false, queue: "max" };

describe("a deploy", () => {
  const { plan, deploy } = workflow("deploy.yml").jobs;
  const roles = (job: typeof plan) => job?.steps?.map((step) => step.with?.["role-to-assume"]).filter(Boolean);

  it("says what will change before anybody approves it, with the role that only reads", () => {
    expect(plan?.environment).toBeUndefined();
    expect(plan?.steps?.at(-1)?.run).toContain('cat plan.md >> "$GITHUB_STEP_SUMMARY"');
    expect(roles(plan)).toEqual(["${{ vars[matrix.planRole] }}"]);
    expect(plan?.steps?.map(({ run }) => run ?? "").join("\n")).not.toMatch(/cdktf deploy|npm run deploy/);
    expect(deploy?.needs).toEqual(["environments", "plan"]);
  });

  it("waits for the approval of its environment, and meets no other deploy and no release", () => {
    expect(deploy?.environment).toBe("${{ matrix.environment }}");
    expect(roles(deploy)).toEqual(["${{ vars.AWS_DEPLOY_ROLE_ARN }}"]);
    expect(deploy?.concurrency).toEqual(TURNS);
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
  const job = workflow("release.yml").jobs["release"];

  it("never meets another of the same environment, nor a deploy", () => {
    expect(job?.concurrency).toEqual(TURNS);
    expect(job?.environment).toBe("${{ matrix.environment }}");
  });

  it("has a step that runs when the job is cancelled", () => {
    const stop = job?.steps?.find(({ name }) => name?.startsWith("Stop the deployment"));
    expect(stop?.if).toBe("cancelled()");
  });
});
