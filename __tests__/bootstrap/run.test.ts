import { bucketArn, runBootstrap } from "../../scripts/bootstrap/run";
import { loadConfig } from "../../stacks/config";
import { ACCOUNT, FakeBucket } from "./fake-bucket";

const EVERYTHING = ["ownership", "public access", "versioning", "encryption", "policy", "lifecycle"];

async function run(port: FakeBucket, { settings = {}, dryRun = false }: { settings?: object; dryRun?: boolean } = {}) {
  const config = loadConfig({
    environment: "staging",
    context: { defaults: { project: "carts-api" }, environments: { staging: settings } },
  });
  const lines: string[] = [];
  const exitCode = await runBootstrap({ config, port, dryRun, print: (line) => lines.push(line) });
  return { exitCode, lines, text: lines.join("\n") };
}

describe("a bucket that isn't there", () => {
  it("is created and set up, and every step is reported", async () => {
    const port = new FakeBucket();
    const { exitCode, lines } = await run(port);
    expect(exitCode).toBe(0);
    expect(port.calls).toEqual(["create carts-api-terraform-state", ...EVERYTHING]);
    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe(`state bucket carts-api-terraform-state in eu-central-1, account ${ACCOUNT}`);
    expect(lines[1]).toMatch(/^ {2}created +bucket /);
    for (const [index, name] of EVERYTHING.entries())
      expect(lines[index + 2]).toMatch(new RegExp(`^ {2}set +${name} `));
    expect(lines.at(-1)).toBe("done: 7 changed");
  });

  it("is only reported in a dry run", async () => {
    const port = new FakeBucket();
    const { exitCode, text } = await run(port, { dryRun: true });
    expect(exitCode).toBe(0);
    expect(port.calls).toEqual([]);
    expect(text).toContain("would create bucket");
    expect(text).toContain("would set    versioning");
    expect(text).toContain("7 to do; nothing was changed (--dry-run)");
  });

  it("has the name and region that the configuration gives it", async () => {
    const port = new FakeBucket();
    const state = { backend: "s3", bucket: "states-of-ours", region: "eu-west-1" };
    const { lines } = await run(port, { settings: { state } });
    expect(port.calls[0]).toBe("create states-of-ours");
    expect(lines[0]).toContain("states-of-ours in eu-west-1");
    expect(port.state.policy).toContain("arn:aws:s3:::states-of-ours/*");
  });
});

describe("a bucket that is there", () => {
  it("stays untouched when all is right", async () => {
    const port = new FakeBucket();
    await run(port);
    port.calls.length = 0;
    const { exitCode, lines } = await run(port);
    expect(exitCode).toBe(0);
    expect(port.calls).toEqual([]);
    expect(lines.slice(1, 8).every((line) => line.startsWith("  ok "))).toBe(true);
    expect(lines.at(-1)).toBe("nothing to do");
  });

  it("gets exactly what is not right", async () => {
    const port = new FakeBucket();
    await run(port);
    port.calls.length = 0;
    port.state = { ...port.state, versioning: "Suspended", publicAccess: { BlockPublicAcls: true } };
    const { lines } = await run(port);
    expect(port.calls).toEqual(["public access", "versioning"]);
    expect(lines.at(-1)).toBe("done: 2 changed");
  });
});

describe("it refuses, before anything is changed,", () => {
  const refused = async (port: FakeBucket, settings: object, ...words: string[]) => {
    const { exitCode, text } = await run(port, { settings });
    expect({ exitCode, calls: port.calls }).toEqual({ exitCode: 4, calls: [] });
    for (const word of words) expect(text).toContain(word);
  };

  it("a bucket of somebody else's", () =>
    refused(
      new FakeBucket({ kind: "foreign" }),
      {},
      "refused: ",
      "the bucket carts-api-terraform-state",
      "state.bucket",
    ));

  it("a bucket in another region than the state's", () =>
    refused(new FakeBucket({ kind: "ours", region: "us-west-2" }), {}, "us-west-2", "state.region"));

  it("an environment whose state is in local files", () =>
    refused(new FakeBucket(), { state: { backend: "local" } }, 'state.backend is "local"'));

  it("credentials of another account", () =>
    refused(new FakeBucket(), { account: "210987654321" }, ACCOUNT, "210987654321"));

  it("a policy that it can't read, rather than replace it", async () => {
    const port = new FakeBucket({ kind: "ours" });
    port.state = { lifecycle: [], policy: "{" };
    await refused(port, {}, "not JSON");
  });

  it.each([
    ["CredentialsProviderError", "Could not load credentials from any providers", "set AWS_PROFILE"],
    ["ExpiredTokenException", "The security token included in the request is expired", "log in again"],
    ["InvalidClientTokenId", "The security token included in the request is invalid", "check AWS_PROFILE"],
    ["TimeoutError", "socket hang up", "can't be reached"],
  ])("when AWS answers %s, and says what to do", async (name, message, next) => {
    const port = new FakeBucket();
    port.failures.set("account", Object.assign(new Error(message), { name }));
    await refused(port, {}, "sts:GetCallerIdentity", message, next);
  });
});

it("ends with 1 where a call fails on the way, names the permission, and goes on from there the next time", async () => {
  const port = new FakeBucket();
  port.failures.set("encryption", Object.assign(new Error("Access Denied"), { name: "AccessDenied" }));
  const { exitCode, text } = await run(port);
  expect(exitCode).toBe(1);
  expect(text).toContain("failed: s3:PutEncryptionConfiguration: AccessDenied: Access Denied; this identity lacks");
  port.failures.clear();
  port.calls.length = 0;
  await run(port);
  expect(port.calls).toEqual(["encryption", "policy", "lifecycle"]);
});

it.each([
  ["eu-central-1", "arn:aws:s3:::states"],
  ["cn-north-1", "arn:aws-cn:s3:::states"],
  ["us-gov-west-1", "arn:aws-us-gov:s3:::states"],
  ["eusc-de-east-1", "arn:aws-eusc:s3:::states"],
  ["us-isob-east-1", "arn:aws-iso-b:s3:::states"],
])("knows the partition of %s", (region, arn) => {
  expect(bucketArn("states", region)).toBe(arn);
});
