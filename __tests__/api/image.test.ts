import { readFileSync } from "node:fs";
import path from "node:path";
import { readSettings } from "../../api/src/settings";

const dockerfile = readFileSync(path.join(__dirname, "../../api/Dockerfile"), "utf8");

/** The instructions, one an entry, continuation lines joined. */
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll("\\\n", " ")
  .split("\n")
  .filter((line) => line !== "");
/** Those of the stage that becomes the image. */
const final = instructions.slice(instructions.findLastIndex((line) => line.startsWith("FROM ")));

describe("the image of the API", () => {
  it("is built on one base that can be chosen", () => {
    expect(instructions[0]).toMatch(/^ARG NODE_IMAGE=node:\d+-[a-z]+-slim$/);
    const bases = instructions.filter((line) => line.startsWith("FROM ")).map((line) => line.split(" ")[1]);
    expect(new Set(bases)).toEqual(new Set(["${NODE_IMAGE}"]));
  });

  it("takes its modules from a stage without development dependencies", () => {
    expect(final.filter((line) => line.includes("node_modules"))).toEqual([
      "COPY --from=dependencies /app/node_modules ./node_modules",
    ]);
    const stage = dockerfile.slice(dockerfile.indexOf("AS dependencies"));
    expect(/^RUN .*$/m.exec(stage)?.[0]).toContain("npm ci --omit=dev");
  });

  it("runs as a numbered user that is not root", () => {
    expect(final.find((line) => line.startsWith("USER "))).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
  });

  it("knows the release version it was built for", () => {
    expect(final).toContain("ARG RELEASE_VERSION=unknown");
    expect(final).toContain("ENV RELEASE_VERSION=${RELEASE_VERSION}");
  });

  it("starts Node itself, which gets the signals", () => {
    const command = final.find((line) => line.startsWith("CMD "))?.slice("CMD ".length) ?? "";
    expect(JSON.parse(command)).toEqual(["node", "--enable-source-maps", "dist/server.js"]);
  });

  it("exposes and checks the port on which the service listens", () => {
    const { port } = readSettings({ TABLE_NAME: "tasks" });
    expect(final).toContain(`EXPOSE ${port}`);
    expect(final.find((line) => line.startsWith("HEALTHCHECK "))).toContain(`process.env.PORT || ${port}}/health`);
  });
});
