import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { fixtureContext } from "../fixtures/configuration";
import { LAUNCHER } from "../../scripts/command/launcher";

/** Runs the command as a shell does, where nobody is logged in; nothing here reaches AWS. */
const CONTEXT = JSON.stringify(fixtureContext());

function bootstrap(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, "scripts/bootstrap.ts", ...args], {
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      AWS_EC2_METADATA_DISABLED: "true",
      CDKTF_CONTEXT_JSON: CONTEXT,
      ...env,
    },
  });
  return { status, stdout, stderr };
}

describe("scripts/bootstrap.ts", () => {
  it("exits with 0 after its help", () => {
    expect(bootstrap(["--help"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Exit codes:") as string,
    });
  });

  it.each([["--nope"], ["staging"]])("exits with 64 for %s, told on standard error", (argument) => {
    expect(bootstrap([argument])).toMatchObject({ status: 64, stdout: "" });
  });

  it("exits with 4 for a wrong configuration", () => {
    expect(bootstrap(["--environment", "nowhere"])).toMatchObject({
      status: 4,
      stdout: expect.stringContaining("nowhere") as string,
    });
  });

  it("exits with 4 where nobody is logged in, and says how to", () => {
    const { status, stdout, stderr } = bootstrap(["--environment", "staging"]);
    expect({ status, stderr }).toEqual({ status: 4, stderr: "" });
    expect(stdout).toMatch(/^refused: sts:GetCallerIdentity: .*there are no AWS credentials/);
  });
});
