import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { plainRenderer } from "../../scripts/release/render/plain";
import { scriptOf } from "./workflows";

const WORKFLOW = "release.yml";
/** In the release's place: writes down how it is called, and goes on until it is interrupted. */
const RELEASE = `
const { writeFileSync } = require("node:fs");
writeFileSync("release.json", JSON.stringify(process.argv.slice(2)));
process.on("SIGINT", () => console.log("stopping the deployment"));
process.on("SIGINT", () => process.exit(130));
console.log(process.env.SAYS);
if (process.env.ENDS) process.exit(Number(process.env.ENDS));
setInterval(() => undefined, 60_000);
`;

describe("the steps of a release's workflow", () => {
  let folder: string;
  /** A process group of its own, so that nothing outlives a test. */
  let child: ChildProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "steps-"));
    mkdirSync(join(folder, "bin"));
    program("node", `#!${process.execPath}\n${RELEASE}`);
    program("aws", '#!/bin/sh\necho "$@" > aws-called\nexit "${AWS_ENDS:-0}"\n');
  });
  afterEach(() => {
    try {
      if (child?.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // They are gone already, as they should be.
    }
    rmSync(folder, { recursive: true });
  });

  const program = (name: string, text: string) => writeFileSync(join(folder, "bin", name), text, { mode: 0o755 });
  const written = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "");
  const releaseArguments = () => JSON.parse(written("release.json")) as readonly string[];

  /** Runs a step's script as the runner does, and interrupts its first process once that has printed something. */
  function run(name: string, variables: NodeJS.ProcessEnv, interrupt = false) {
    writeFileSync(join(folder, "script.sh"), scriptOf(WORKFLOW, "release", name));
    const script = spawn("bash", ["-e", "script.sh"], {
      cwd: folder,
      detached: true,
      env: { PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`, IMAGE: "", ...variables },
    });
    child = script;
    let printed = "";
    script.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (interrupt) script.kill("SIGINT");
    });
    return new Promise<{ readonly code: number | null; readonly printed: string }>((resolve) => {
      script.once("close", (code) => resolve({ code, printed }));
    });
  }

  /** What the release prints of its deployment, beside that of somebody else. */
  function releaseLog(): string {
    const lines: string[] = [];
    const renderer = plainRenderer((line) => lines.push(line), { now: () => 3_725_000 });
    renderer.show({ type: "warning", text: "the group already has an active deployment d-SOMEBODYS" });
    renderer.show({
      type: "watching",
      deploymentId: "d-A1B2C3D4E",
      attach: "release --attach d-A1B2C3D4E",
      watched: [],
      unwatched: [],
      at: 0,
    });
    return lines.join("\n");
  }

  describe("the release itself", () => {
    const step = "Release";

    it("hears of a cancelled job, ends by itself, and leaves its log", async () => {
      const { code, printed } = await run(step, { SAYS: releaseLog(), DESCRIPTION: "v1" }, true);
      expect(code).toBe(130);
      expect(printed).toContain("stopping the deployment");
      expect(written("release.log")).toBe(printed);
    });

    it.each([
      ["2", 2],
      ["0", 0],
    ])("ends the step with its own exit code %s", async (ends, expected) => {
      expect((await run(step, { SAYS: "x", ENDS: ends, DESCRIPTION: "v1" })).code).toBe(expected);
    });

    it("is told who asks for it, in one argument, and the image and the revision if there are any", async () => {
      const plain = [
        "scripts/command/launch.mjs",
        "scripts/release.ts",
        "--output",
        "plain",
        "--description",
        "v1, run 7; $(x)",
      ];
      await run(step, { SAYS: "x", ENDS: "0", DESCRIPTION: "v1, run 7; $(x)" });
      expect(releaseArguments()).toEqual(plain);
      await run(step, { SAYS: "x", ENDS: "0", DESCRIPTION: "v1, run 7; $(x)", IMAGE: "v 1" });
      expect(releaseArguments()).toEqual([...plain, "--image", "v 1"]);
      await run(step, { SAYS: "x", ENDS: "0", DESCRIPTION: "v1, run 7; $(x)", TASK_DEFINITION: "latest" });
      expect(releaseArguments()).toEqual([...plain, "--task-definition", "latest"]);
    });
  });

  describe("what is left to do after a cancelled job", () => {
    const step = "Stop the deployment of a cancelled job";

    it.each([
      ["stops the deployment that was its own, rolls it back and watches that", "0"],
      ["watches it all the same when it is over already", "255"],
    ])("%s", async (_what, awsEnds) => {
      writeFileSync(join(folder, "release.log"), releaseLog());
      const { code } = await run(step, { AWS_ENDS: awsEnds, SAYS: "x", ENDS: "2" });
      expect(code).toBe(2);
      expect(written("aws-called")).toBe(
        "deploy stop-deployment --deployment-id d-A1B2C3D4E --auto-rollback-enabled\n",
      );
      expect(releaseArguments()).toEqual([
        ...["scripts/command/launch.mjs", "scripts/release.ts"],
        ...["--attach", "d-A1B2C3D4E", "--output", "plain"],
      ]);
    });

    it.each([
      ["there is no log", undefined],
      ["the log names no deployment of its own", "a warning of d-SOMEBODYS"],
    ])("is nothing when %s", async (_when, log) => {
      if (log !== undefined) writeFileSync(join(folder, "release.log"), log);
      const { code, printed } = await run(step, { SAYS: "x", ENDS: "1" });
      expect({ code, printed }).toEqual({ code: 0, printed: "no deployment was started\n" });
      expect(written("aws-called") + written("release.json")).toBe("");
    });
  });
});
