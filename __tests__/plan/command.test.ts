import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixtureContext } from "../fixtures/configuration";
import { LAUNCHER } from "../../scripts/command/launcher";
import { destroy, keep, planText, type ResourceChange } from "./plan-fixture";
import { writeStacks } from "../command/synthesized-fixture";

const ROOT = join(__dirname, "..", "..");
const CONTEXT = JSON.stringify(fixtureContext());

describe("npm run plan", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "command-"));
    writeStacks(folder, { service: {} });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the command with a program in Terraform's place that shows this plan. */
  function plan(changes: readonly ResourceChange[], ...argv: readonly string[]) {
    const terraform = join(folder, "terraform");
    const shown = join(folder, "shown.json");
    writeFileSync(shown, planText(changes));
    writeFileSync(terraform, `#!/bin/sh\nif [ "$1" = show ]; then cat '${shown}'; fi\n`, { mode: 0o755 });
    return run({ TERRAFORM_BINARY_NAME: terraform }, ...argv);
  }
  function run(variables: NodeJS.ProcessEnv, ...argv: readonly string[]) {
    return spawnSync(
      process.execPath,
      [LAUNCHER, "scripts/plan.ts", "--environment", "staging", "--synthesized", folder, ...argv],
      { cwd: ROOT, encoding: "utf8", env: { ...process.env, CDKTF_CONTEXT_JSON: CONTEXT, ...variables } },
    );
  }

  it("ends with 0 when nothing changes, and says so on standard output", () => {
    const { status, stdout } = plan([keep("aws_lb")]);
    expect(stdout).toMatch(/^## ⚪ No changes/);
    expect(status).toBe(0);
  });

  it("ends with 2 when something changes, with the summary and the JSON in files", () => {
    const [out, json] = [join(folder, "plan.md"), join(folder, "plan.json")];
    const { status, stdout } = plan([destroy("aws_lb")], "--out", out, "--json", json);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(readFileSync(out, "utf8")).toMatch(/^## 🔴 Danger/);
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({ verdict: "danger", exitCode: 2 });
  });

  it("fails on danger with --fail-on danger, with the reason, and passes with --allow-danger", () => {
    const strict = plan([destroy("aws_lb")], "--fail-on", "danger");
    expect(strict.status).toBe(1);
    expect(strict.stderr).toContain(
      "plan: blocked by --fail-on danger: it is dangerous. To accept it, add --allow-danger",
    );
    expect(plan([destroy("aws_lb")], "--fail-on", "danger", "--allow-danger").status).toBe(2);
  });

  it("ends with 1 and what to do when there is no Terraform", () => {
    const { status, stderr } = run({ TERRAFORM_BINARY_NAME: "no-such-terraform" });
    expect(status).toBe(1);
    expect(stderr).toContain("there is no no-such-terraform on PATH; install Terraform");
  });

  it("ends with 1 and the configuration's error when the configuration is refused", () => {
    const { status, stderr } = run({}, "--environment", "nowhere");
    expect(status).toBe(1);
    expect(stderr).toContain('there is no "nowhere"');
  });

  it("ends with 2 when something changes and nobody reads the summary", () => {
    const terraform = join(folder, "terraform");
    const { status } = plan([destroy("aws_lb")]);
    const piped = spawnSync(
      "sh",
      [
        "-c",
        '{ "$0" "$1" scripts/plan.ts --environment staging --synthesized "$2"; echo "ended with $?" >&2; } | true',
        process.execPath,
        LAUNCHER,
        folder,
      ],
      {
        cwd: ROOT,
        encoding: "utf8",
        env: { ...process.env, CDKTF_CONTEXT_JSON: CONTEXT, TERRAFORM_BINARY_NAME: terraform },
      },
    );
    expect(piped.stderr).toMatch(new RegExp(`^ended with ${status ?? "a signal"}\n$`, "m"));
    expect(piped.stderr).not.toContain("EPIPE");
  });

  it.each([
    ["--out", "missing/plan.md", /--out .+plan\.md: ENOENT.*; choose a file that can be written/],
    ["--json", "", /--json .+: it is a folder; choose/],
  ])("ends with 64 before it plans when %s can't be written", (option, name, says) => {
    const { status, stdout, stderr } = plan([destroy("aws_lb")], option, join(folder, name));
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/planning|^ +at /m);
  });

  it("ends with 1 and no stack trace when the file can't be written after all", () => {
    const { status, stderr } = plan([destroy("aws_lb")], "--out", "/dev/full");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^plan: --out \/dev\/full: ENOSPC.*; choose a file that can be written$/m);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it("ends with 64 for an option that it doesn't know, before it does anything", () => {
    const { status } = plan([], "--nonsense");
    expect(status).toBe(64);
    expect(existsSync(join(folder, "stacks", "staging-service", ".terraform"))).toBe(false);
  });
});
