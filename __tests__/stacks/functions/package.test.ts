import { createHash } from "node:crypto";
import { runInNewContext } from "node:vm";
import { unpack } from "../../../scripts/cloud/functions/archive";
import { packageFunction } from "../../../stacks/functions/package-function";
import { zipOf } from "../../../stacks/functions/zip";

describe("a zip archive", () => {
  it("holds the file as it was", () => {
    const content = Buffer.from("exports.answer = 42; // ✓\n");
    expect([...unpack(zipOf("index.js", content))]).toEqual([["index.js", content]]);
  });

  it("is the same for the same content, at any time", () => {
    expect(zipOf("a.js", Buffer.from("x"))).toEqual(zipOf("a.js", Buffer.from("x")));
    expect(zipOf("a.js", Buffer.from("x"))).not.toEqual(zipOf("a.js", Buffer.from("y")));
  });

  it.each(["", "PK", "no archive at all, but long enough to be one"])("is not %j", (text) => {
    expect(() => unpack(Buffer.from(text))).toThrow("not a zip archive");
  });
});

describe("the constants of a package", () => {
  const probe = (path: string) => packageFunction("probe-release", { PROBE_STEPS: [{ method: "GET", path }] });

  it("take the place of their names, whatever characters they have", () => {
    const path = `/a?b="c"'d'\u2028\${uuid}\\`;
    const source = unpack(probe(path).zip).get("index.js")?.toString() ?? "";
    const [statement = ""] = /var define_PROBE_STEPS_default = [^;]*;/.exec(source) ?? [];
    expect(runInNewContext(`${statement} define_PROBE_STEPS_default[0].path`)).toBe(path);
    expect(source).toContain("steps: define_PROBE_STEPS_default");
  });

  it("make another package with another hash", () => {
    expect(probe("/a").hash).not.toBe(probe("/b").hash);
    expect(probe("/a").hash).toBe(probe("/a").hash);
  });
});

describe.each(["probe-release", "notify-slack"])("the package of %s", (name) => {
  const { zip, hash } = packageFunction(name);
  const source = unpack(zip).get("index.js")?.toString() ?? "";

  it("exports the handler, and leaves the AWS SDK to Lambda", () => {
    expect(source).toContain("handler");
    expect(source).toMatch(/require\("@aws-sdk\/client-\w+"\)/);
    expect(zip.length).toBeLessThan(20_000);
  });

  it("contains no path of the machine", () => {
    expect(source).not.toContain(process.cwd());
  });

  it("has the hash that Lambda shows", () => {
    expect(hash).toBe(createHash("sha256").update(zip).digest("base64"));
  });
});
