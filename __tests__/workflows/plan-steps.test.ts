import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { scriptOf } from "./workflows";

describe("the steps of the plan's workflow", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "steps-"));
    mkdirSync(join(folder, "review"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, "review", name), text);
  function run(script: string, variables: Readonly<Record<string, string>> = {}) {
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    // In place of GitHub's program: writes down how it is called, and answers what the test wants.
    writeFileSync(
      join(bin, "gh"),
      '#!/bin/sh\necho "$@" >> calls\ncase "$*" in *--paginate*) printf "%b" "$EXISTING"; exit "${LISTED:-0}" ;; esac\n',
      {
        mode: 0o755,
      },
    );
    const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", script], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`, EXISTING: "", ...variables },
    });
    const calls = existsSync(join(folder, "calls"))
      ? readFileSync(join(folder, "calls"), "utf8").trim().split("\n")
      : [];
    return { status, stdout, stderr, calls };
  }

  describe("comment", () => {
    const script = scriptOf("plan.yml", "comment", "Keep one comment up to date");
    const variables = {
      REPOSITORY: "acme/tasks",
      NUMBER: "7",
      COMMIT: "abc",
      RUN_URL: "run-url",
      MARKER: "<!-- plan review -->",
      NAMES: "staging production",
    };

    it("is written anew on the first run, both environments in one", () => {
      write("staging.md", "## staging\n");
      write("production.md", "## production\n");
      const { status, calls } = run(script, variables);
      expect(status).toBe(0);
      expect(calls).toHaveLength(2);
      expect(calls[1]).toContain("--method POST repos/acme/tasks/issues/7/comments");
      const comment = readFileSync(join(folder, "comment.md"), "utf8");
      expect(comment).toMatch(/^<!-- plan review -->\n## staging\n\n## production\n/);
      expect(comment).toContain("Planned for abc by [this run](run-url).");
    });

    it("is found by its marker and replaced on later runs", () => {
      write("staging.md", "## staging\n");
      const { calls } = run(script, { ...variables, EXISTING: "42\\n43\\n" });
      expect(calls[0]).toContain('startswith("<!-- plan review -->")');
      expect(calls[1]).toContain("--method PATCH repos/acme/tasks/issues/comments/42");
    });

    it("is not written a second time when the comments can't be listed", () => {
      const { status, calls } = run(script, { ...variables, LISTED: "1" });
      expect(status).not.toBe(0);
      expect(calls).toHaveLength(1);
    });

    it("has every environment, in the order of cdktf.json", () => {
      for (const name of ["asia", "eu-live", "staging"]) write(`${name}.md`, `## ${name}\n`);
      run(script, { ...variables, NAMES: "staging eu-live asia" });
      const comment = readFileSync(join(folder, "comment.md"), "utf8");
      expect(comment.match(/^## .*$/gm)).toEqual(["## staging", "## eu-live", "## asia"]);
    });

    it("has only the verdicts of environments that don't fit in one comment", () => {
      write("staging.md", `## Danger\n${"x".repeat(65_000)}\n`);
      run(script, { ...variables, EXISTING: "42\\n" });
      expect(readFileSync(join(folder, "comment.md"), "utf8")).toBe(
        "<!-- plan review -->\n## Danger\n**production was not planned**\n\n[This run](run-url) has the reviews.\n",
      );
    });

    it("says so when the environments could not be read", () => {
      run(script, { ...variables, NAMES: "" });
      expect(readFileSync(join(folder, "comment.md"), "utf8")).toContain("**Nothing was planned:** [the run](run-url)");
    });

    it("says so when an environment was not planned at all", () => {
      write("staging.md", "## staging\n");
      run(script, variables);
      expect(readFileSync(join(folder, "comment.md"), "utf8")).toContain(
        "**production was not planned:** [the run](run-url)",
      );
    });
  });

  describe("verdict", () => {
    const script = scriptOf("plan.yml", "verdict", "Pass without danger only");

    it.each([
      ["no change and changes", "0", "2", 0],
      ["a danger that is not let pass", "2", "1", 1],
      ["an environment that was not planned", "0", undefined, 1],
      ["a command that was killed", "0", "137", 1],
    ])("of %s", (_what, staging, production, expected) => {
      write("staging.code", `${staging}\n`);
      if (production !== undefined) write("production.code", `${production}\n`);
      expect(run(script, { NAMES: "staging production" }).status).toBe(expected);
    });

    it("of environments that could not be read is a failure", () => {
      expect(run(script, { NAMES: "" }).status).toBe(1);
    });
  });

  describe("plan", () => {
    const script = scriptOf("plan.yml", "plan", "Plan");
    const fakeNpm = (text: string) => {
      mkdirSync(join(folder, "bin"), { recursive: true });
      writeFileSync(join(folder, "bin", "npm"), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    };
    const variables = () => ({
      TARGET: "staging",
      LIMIT: "32000",
      ALLOW: "",
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
    });
    beforeEach(() => rmSync(join(folder, "review"), { recursive: true }));

    it("hands on how it ended instead of failing, so that the comment is written all the same", () => {
      fakeNpm("echo '## Danger' > review/staging.md; exit 1");
      expect(run(script, variables()).status).toBe(0);
      expect(readFileSync(join(folder, "review", "staging.code"), "utf8")).toBe("1\n");
      expect(readFileSync(join(folder, "summary"), "utf8")).toBe("## Danger\n");
    });

    it("says so when the command could not even write its summary", () => {
      fakeNpm("exit 1");
      run(script, variables());
      expect(readFileSync(join(folder, "review", "staging.md"), "utf8")).toContain("Nothing could be planned");
    });

    it("allows the danger when the label is there", () => {
      fakeNpm('echo "$@" > arguments');
      run(script, { ...variables(), ALLOW: "--allow-danger" });
      expect(readFileSync(join(folder, "arguments"), "utf8")).toContain("--fail-on danger --allow-danger --out");
    });
  });
});
