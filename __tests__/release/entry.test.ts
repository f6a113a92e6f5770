import { spawnSync } from "node:child_process";
import { devNull } from "node:os";

/** Runs the command as a shell does; nothing here reaches AWS. */
function release(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "scripts/release.ts", ...args], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...variables },
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
    const { status, stdout } = release(["--environment", "nowhere", "--output", "json"]);
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

  it("takes an empty AWS_REGION for none, and ends with an outcome", () => {
    const { status, stdout } = release(["--output", "json", "--image", "v2"], {
      AWS_REGION: "",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    });
    expect(status).toBe(4);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      type: "outcome",
      problems: [{ what: expect.stringContaining("ECONNREFUSED") as string, where: "sts:GetCallerIdentity" }],
    });
  });
});
