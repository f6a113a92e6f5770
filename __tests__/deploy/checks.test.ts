import type { SynthesizedStack } from "../../scripts/command/synthesized-stacks";
import { deployProblems, type BucketFact, type DeployFacts } from "../../scripts/deploy/checks";
import { describeLock } from "../../scripts/deploy/lock";

const TARGET = { environment: "staging", account: "123456789012" };
const BUCKET: BucketFact = { name: "state", region: "eu-central-1", found: { kind: "ours", region: "eu-central-1" } };
const FINE: DeployFacts = {
  node: { version: "v22.1.0", supported: true },
  terraform: { version: "1.11.4" },
  docker: { version: "28.0.1" },
  account: { id: "123456789012" },
  bucket: BUCKET,
  locks: [],
};
const STACK = { id: "staging-network", name: "network" } as SynthesizedStack;
const LOCK = JSON.stringify({
  ID: "6a2f-1",
  Operation: "OperationTypeApply",
  Who: "ann@laptop",
  Version: "1.11.4",
  Created: "2026-11-27T10:00:00Z",
});

describe("what blocks a deploy", () => {
  it.each<[string, Partial<DeployFacts>]>([
    ["everything is there", {}],
    ["no stack needs Docker", { docker: undefined }],
    ["the state is in local files", { bucket: undefined }],
    ["Terraform is newer", { terraform: { version: "2.0.0" } }],
    ["Terraform is a later minor version", { terraform: { version: "1.12.0-rc1" } }],
    ["Terraform is the very minimum", { terraform: { version: "1.11.0" } }],
    ["S3 doesn't tell the bucket's region", { bucket: { ...BUCKET, found: { kind: "ours" } } }],
  ])("is nothing when %s", (_, changes) => expect(deployProblems({ ...FINE, ...changes }, TARGET)).toEqual([]));

  it.each<[string, Partial<DeployFacts>, RegExp, RegExp]>([
    ["Node", { node: { version: "v24.0.0", supported: false } }, /Node v24.0.0/, /Node 22/],
    ["no Terraform", { terraform: { missing: "terraform" } }, /no terraform on PATH/, /Terraform 1.11 or newer/],
    ["a broken Terraform", { terraform: { failed: "exec format error" } }, /exec format error/, /install Terraform/],
    ["an old Terraform", { terraform: { version: "1.10.5" } }, /Terraform 1.10.5 is too old/, /1.11 or newer/],
    ["a very old Terraform", { terraform: { version: "0.15" } }, /0.15 is too old/, /1.11 or newer/],
    ["no Docker", { docker: { missing: "docker" } }, /no docker on PATH/, /--skip registry/],
    ["no Docker daemon", { docker: { failed: "Cannot connect" } }, /no Docker daemon.*Cannot connect/, /start Docker/],
    ["no credentials", { account: { failed: "CredentialsProviderError" } }, /CredentialsProviderError/, /AWS_PROFILE/],
    ["another account", { account: { id: "210987654321" } }, /210987654321.*staging is in 123456789012/, /cdktf.json/],
    ["no bucket", { bucket: { ...BUCKET, found: { kind: "absent" } } }, /no state bucket state/, /bootstrap.*staging/],
    [
      "a foreign bucket",
      { bucket: { ...BUCKET, found: { kind: "foreign" } } },
      /belongs to another account/,
      /state.bucket/,
    ],
    [
      "a bucket elsewhere",
      { bucket: { ...BUCKET, found: { kind: "ours", region: "us-east-1" } } },
      /in us-east-1, not in eu-central-1/,
      /state.region.*us-east-1/,
    ],
    [
      "a bucket that isn't to be seen",
      { bucket: { ...BUCKET, found: { kind: "unknown", why: "TimeoutError" } } },
      /TimeoutError/,
      /s3:GetObject.*try again/,
    ],
    [
      "a lock",
      { locks: [{ stack: STACK, text: LOCK }] },
      /network is locked by ann@laptop with terraform apply since 2026-11-27T10:00:00Z/,
      /force-unlock 6a2f-1/,
    ],
  ])("names %s and what to do", (_, changes, what, next) => {
    const problems = deployProblems({ ...FINE, ...changes }, TARGET);
    expect(problems).toEqual([
      { what: expect.stringMatching(what) as string, next: expect.stringMatching(next) as string },
    ]);
  });

  it("is told all at once", () => {
    const facts: DeployFacts = { ...FINE, terraform: { missing: "terraform" }, docker: { missing: "docker" } };
    expect(deployProblems(facts, TARGET)).toHaveLength(2);
  });
});

describe("a lock that can't be read", () => {
  it.each(["", "not JSON", "[]", '{"Who":"ann"}'])("%j is somebody's", (text) => {
    expect(describeLock(text)).toEqual({ holder: "an unknown user (the lock can't be read)" });
  });
});

describe("a lock that somebody else has written", () => {
  it("puts nothing onto the terminal, and nothing into a command", () => {
    const text = JSON.stringify({ ID: "a; rm -rf /", Who: "ann\u001b[31m\nrefused", Operation: "OperationTypeApply" });
    expect(describeLock(text)).toEqual({ holder: "ann [31m refused with terraform apply" });
  });
});
