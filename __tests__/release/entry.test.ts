import { spawnSync } from "node:child_process";
import { devNull } from "node:os";
import path from "node:path";
import { fixtureContext } from "../fixtures/configuration";
import { LAUNCHER } from "../../scripts/command/launcher";

const CONTEXT = JSON.stringify(fixtureContext());

/** Runs the command as a shell does; nothing here reaches AWS. */
function release(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, "scripts/release.ts", ...args], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, CDKTF_CONTEXT_JSON: CONTEXT, ...variables },
  });
  return { status, stdout, stderr };
}

describe("scripts/release.ts", () => {
  it("exits with 0 after its help", () => {
    expect(release(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("Exit codes:") as string });
  });

  it("exits with 64 for wrong usage, told on standard error", () => {
    expect(release(["--nope"])).toMatchObject({
      status: 64,
      stdout: "",
      stderr: expect.stringContaining("unknown option '--nope'") as string,
    });
  });

  it("exits with 4 for a wrong configuration, told as the outcome", () => {
    const { status, stdout } = release(["--environment", "nowhere", "--output", "json"], { CDKTF_CONTEXT_JSON: "" });
    expect(status).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      type: "outcome",
      exitCode: 4,
      problems: [{ what: expect.stringContaining("nowhere") as string, where: "cdktf.json" }],
    });
  });

  it("says where a wrong configuration came from", () => {
    const { status, stdout } = release(["--output", "json"], { CDKTF_CONTEXT_JSON: '{"environments": 3}' });
    expect(status).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ problems: [{ where: "CDKTF_CONTEXT_JSON" }, {}] });
  });

  const nobody = {
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };

  it("takes an empty AWS_REGION for none, and ends with an outcome", () => {
    const { status, stdout } = release(["--output", "json", "--image", "v2"], { ...nobody, AWS_REGION: "" });
    expect(status).toBe(4);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      type: "outcome",
      problems: [{ what: expect.stringContaining("ECONNREFUSED") as string, where: "sts:GetCallerIdentity" }],
    });
  });

  it.each([
    [4, "before any deployment was asked for", ["--image", "v2"]],
    [5, "while a deployment goes on", ["--attach", "d-ABCDEFGHI"]],
  ])("exits with %d for a fault that nobody foresaw %s", (code, _, args) => {
    const fault = { NODE_OPTIONS: `--require ${path.join(__dirname, "fault.cjs")}`, AWS_REGION: "eu-central-1" };
    const { status, stderr } = release([...args, "--output", "plain"], { ...nobody, ...fault });
    expect(stderr).toContain("release: Error: nobody foresaw this");
    expect(status).toBe(code);
  });
});
