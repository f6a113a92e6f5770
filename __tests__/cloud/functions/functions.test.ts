import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { deflateRawSync } from "node:zlib";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { unpack } from "../../../scripts/cloud/functions/archive";
import { Functions } from "../../../scripts/cloud/functions/functions";
import { zipOf } from "../../../stacks/functions/zip";

const directory = mkdtempSync(path.join(tmpdir(), "functions-test-"));
const opened: Functions[] = [];
afterEach(() => Promise.all(opened.splice(0).map((functions) => functions.close())));
afterAll(() => rmSync(directory, { recursive: true }));

/** A cloud's functions: one, named probe, with this source. */
function functionOf(source: string, environment: Readonly<Record<string, string>> = {}) {
  const packageFile = path.join(directory, `${opened.length}-${source.length}.zip`);
  writeFileSync(packageFile, zipOf("index.js", Buffer.from(source)));
  const lines: string[] = [];
  let told: () => void = () => undefined;
  const spoken = new Promise<void>((resolve) => (told = resolve));
  const clock = new SteppedClock();
  const functions = new Functions({
    clock,
    region: "eu-central-1",
    environment: () => ({ TEST_URL: "http://127.0.0.1:1" }),
    templates: [
      { name: "probe", arn: "arn:probe", packageFile, handler: "index.handler", timeoutSeconds: 10, environment },
    ],
    onLine: (_, line) => {
      lines.push(line);
      told();
    },
  });
  opened.push(functions);
  /** A call, and its error; resolves when the function has written its first line, rejects when it ends without one. */
  const speaking = async () => {
    const call = functions.invoke("probe", {});
    const ended = call.then(
      () => undefined,
      (error: unknown) => error,
    );
    await Promise.race([spoken, call]);
    return { ended };
  };
  return { functions, lines, clock, speaking };
}

describe("a Lambda function in the local cloud", () => {
  it.each(["probe", "arn:probe"])(
    "is called by its name or ARN (%s), with the event and its time",
    async (reference) => {
      const { functions, lines } = functionOf(
        "exports.handler = async (event, context) => console.log(event.id, context.getRemainingTimeInMillis() > 1000)",
      );
      await functions.invoke(reference, { id: "d-1" });
      expect(lines).toEqual(["d-1 true"]);
    },
  );

  it("has its own variables, the cloud's over them, and none of this machine's AWS", async () => {
    const { functions, lines } = functionOf(
      "exports.handler = () => console.log([process.env.TEST_URL, process.env.HEALTH_PATH, process.env.AWS_REGION, process.env.AWS_PROFILE].join())",
      { TEST_URL: "http://load-balancer:9090", HEALTH_PATH: "/health" },
    );
    await functions.invoke("probe", {});
    expect(lines).toEqual(["http://127.0.0.1:1,/health,eu-central-1,"]);
  });

  it("finds the AWS SDK, as in Lambda's runtime", async () => {
    const { functions, lines } = functionOf(
      'exports.handler = () => console.log(typeof require("@aws-sdk/client-codedeploy").CodeDeployClient)',
    );
    await functions.invoke("probe", {});
    expect(lines).toEqual(["function"]);
  });

  it("fails with what it said", async () => {
    const { functions } = functionOf('exports.handler = () => { throw new Error("out of order"); }');
    await expect(functions.invoke("probe", {})).rejects.toThrow("out of order");
  });

  it("is ended when its time is over", async () => {
    const { clock, speaking } = functionOf(
      'exports.handler = () => { console.log("there"); return new Promise((resolve) => setTimeout(resolve, 60_000)); }',
    );
    const { ended } = await speaking();
    await clock.step(10_000);
    expect(String(await ended)).toContain("probe timed out after 10 seconds");
  });

  it("must be one that the stacks have", async () => {
    await expect(functionOf("").functions.invoke("another", {})).rejects.toThrow(
      "Function not found: another; the stacks have probe",
    );
  });

  it("leaves nothing behind when the cloud stops, and is not called any more", async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("canary-release-"));
    const { functions, lines, speaking } = functionOf(
      "exports.handler = () => { console.log(__dirname); return new Promise(() => setInterval(() => undefined, 1000)); }",
    );
    const { ended } = await speaking();
    await functions.close();
    expect(await ended).toBeInstanceOf(Error);
    expect(readdirSync(tmpdir())).not.toContain(path.basename(lines[0] ?? ""));
    expect(before).not.toContain(path.basename(lines[0] ?? ""));
    await expect(functions.invoke("probe", {})).rejects.toThrow("the cloud was stopped");
  });
});

describe("a package", () => {
  it("may be compressed", () => {
    const content = Buffer.from("a".repeat(1000));
    const stored = zipOf("a.js", content);
    const packed = deflateRawSync(content);
    // The same archive with the method and sizes of a compressed file, in both of its headers.
    const local = Buffer.concat([stored.subarray(0, 34), packed]);
    const rest = Buffer.from(stored.subarray(34 + content.length));
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    rest.writeUInt16LE(8, 10);
    rest.writeUInt32LE(packed.length, 20);
    const end = rest.length - 22;
    rest.writeUInt32LE(local.length, end + 16);
    expect(unpack(Buffer.concat([local, rest])).get("a.js")).toEqual(content);
  });
});
