import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inWords, providerVersion } from "./provider-version";

describe("the version of hashicorp/aws", () => {
  let folder: string;
  let cliConfig: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mirror-"));
    cliConfig = join(folder, "terraform.tfrc");
    writeFileSync(cliConfig, `provider_installation {\n  filesystem_mirror {\n    path = "${folder}"\n  }\n}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const hold = (...names: readonly string[]) => {
    for (const name of names) mkdirSync(join(folder, "registry.example/hashicorp/aws", name), { recursive: true });
  };

  it("is the pinned one where Terraform downloads its providers", () => {
    expect(providerVersion("6.25.0", "")).toEqual({ pinned: "6.25.0" });
    expect(providerVersion("6.25.0", join(folder, "absent"))).toEqual({ pinned: "6.25.0" });
  });

  it("is the pinned one where the mirror has it", () => {
    hold("5.100.0", "6.25.0");
    expect(providerVersion("6.25.0", cliConfig)).toEqual({ pinned: "6.25.0" });
  });

  it("is the newest of a mirror that has others, and says so", () => {
    hold("5.9.0", "5.100.0", "terraform-provider-aws_5.20.0_linux_amd64.zip");
    const version = providerVersion("6.25.0", cliConfig);
    expect(version).toEqual({ pinned: "6.25.0", instead: "5.100.0" });
    expect(inWords(version)).toBe("hashicorp/aws 5.100.0 (the mirror has no 6.25.0, which the bindings are for)");
  });
});
