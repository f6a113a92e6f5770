import { spawnSync } from "node:child_process";

/** Runs the command as a shell does; nothing here reaches AWS. */
function release(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "scripts/release.ts", ...args], {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  return { status, stdout, stderr };
}

describe("scripts/release.ts", () => {
  it("exits with 0 after its help", () => {
    expect(release("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("Exit codes:") as string });
  });

  it("exits with 64 for wrong usage, told on standard error", () => {
    expect(release("--nope")).toMatchObject({
      status: 64,
      stdout: "",
      stderr: expect.stringContaining("unknown option '--nope'") as string,
    });
  });

  it("exits with 4 for a wrong configuration, told as the outcome", () => {
    const { status, stdout } = release("--environment", "nowhere", "--output", "json");
    expect(status).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      type: "outcome",
      exitCode: 4,
      problems: [{ what: expect.stringContaining("nowhere") as string, where: "cdktf.json" }],
    });
  });
});
