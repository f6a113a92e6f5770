import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providerVersion } from "../terraform/provider-version";

const SCRIPT = join(__dirname, "..", "..", ".ci", "provider-mirror");

describe("the look for a provider mirror", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "home-"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  function configuration(variables: NodeJS.ProcessEnv = {}): string {
    const { stdout, status } = spawnSync("bash", [SCRIPT], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "", HOME: home, TMPDIR: home, ...variables },
    });
    expect(status).toBe(0);
    return stdout.trim();
  }
  function mirror(...at: readonly string[]): string {
    const folder = join(home, ...at);
    const provider = join(folder, "host", "hashicorp", "aws", "1.2.3", "linux_amd64");
    mkdirSync(provider, { recursive: true });
    writeFileSync(join(provider, "terraform-provider-aws_v1.2.3"), "");
    return folder;
  }

  it("takes the configuration that is set, or that Terraform would take by itself", () => {
    mirror(".terraform.d", "plugins");
    const [own, set] = [join(home, ".terraformrc"), join(home, "set.tfrc")];
    for (const file of [own, set]) writeFileSync(file, 'plugin_cache_dir = "x"\n');
    expect(configuration({ TF_CLI_CONFIG_FILE: set })).toBe(set);
    expect(configuration()).toBe(own);
  });

  it.each([
    ["Terraform looks by itself", [".terraform.d", "plugins"]],
    ["the system keeps data", [".local", "share", "terraform", "plugins"]],
  ])("finds a mirror where %s, for the tests to read", (_where, at) => {
    const folder = mirror(...at);
    const file = configuration({ TF_CLI_CONFIG_FILE: join(home, "not-there.tfrc") });
    expect(readFileSync(file, "utf8")).toContain(`path    = "${folder}"`);
    expect(providerVersion("9.9.9", file)).toEqual({ pinned: "9.9.9", instead: "1.2.3" });
  });

  it("takes no cache for a mirror", () => {
    const folder = mirror(".terraform.d", "plugin-cache");
    const file = configuration();
    expect(file === "" ? "" : readFileSync(file, "utf8")).not.toContain(folder);
  });
});
