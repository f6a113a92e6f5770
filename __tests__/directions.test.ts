import { execFileSync } from "node:child_process";

/**
 * Lints each text as if it stood in the named file, with the project's own configuration: its rules about what may be
 * reached, which need no types.
 */
function refusals(cases: readonly { file: string; text: string }[]): string[][] {
  const script = `
    import { ESLint } from "eslint";
    const eslint = new ESLint({
      ruleFilter: ({ ruleId }) => /restricted/.test(ruleId),
      overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    });
    const out = [];
    for (const { file, text } of ${JSON.stringify(cases)}) {
      const [result] = await eslint.lintText(text, { filePath: file });
      out.push(result.messages.map((message) => message.ruleId + ": " + message.message));
    }
    console.log(JSON.stringify(out));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  return JSON.parse(output) as string[][];
}

const FORBIDDEN = [
  { file: "scripts/release.ts", text: 'import "./cloud/clock";', why: "release knows only AWS" },
  { file: "scripts/release.ts", text: 'import "./rehearse/scenario";', why: "release knows only AWS" },
  { file: "scripts/release/outcome.ts", text: 'import "../cloud/clock";', why: "release knows only AWS" },
  { file: "scripts/cloud/clock.ts", text: 'import "../release/outcome";', why: "the local cloud is a library" },
  { file: "scripts/cloud/clock.ts", text: 'import "../../stacks/config";', why: "the local cloud is a library" },
  { file: "scripts/rehearse/scenario.ts", text: 'import "../release/outcome";', why: "the release as a child process" },
  { file: "scripts/command/digest.ts", text: 'import "../release/outcome";', why: "what all commands share" },
  { file: "scripts/plan.ts", text: 'import "./release/outcome";', why: "plan knows only Terraform and AWS" },
  { file: "scripts/release.ts", text: 'import "../stacks/network";', why: "only by stacks/config and stacks/names" },
  { file: "stacks/names.ts", text: 'import "../scripts/cloud/clock";', why: "stacks import only stacks" },
  { file: "api/src/server.ts", text: 'import "../../stacks/names";', why: "api imports nothing outside itself" },
  { file: "main.ts", text: 'import "./scripts/cloud/clock";', why: "main imports only stacks" },
  { file: "scripts/release.ts", text: 'import "cdktf";', why: "cdktf stays in stacks/ and main.ts" },
  { file: "stacks/names.ts", text: 'import "@cdktf/provider-aws";', why: "the root loads everything" },
  { file: "scripts/cloud/parts.ts", text: "export const now = Date.now();", why: "ask the cloud's clock" },
] as const;

const ALLOWED = [
  { file: "main.ts", text: 'import "./stacks/names";' },
  { file: "scripts/release.ts", text: 'import "../stacks/config";\nimport "../stacks/names";' },
  { file: "scripts/rehearse.ts", text: 'import "./cloud/clock";' },
  { file: "scripts/cloud/clock.ts", text: "export const now = Date.now();" },
] as const;

describe("the directions of import", () => {
  const results = refusals([...FORBIDDEN, ...ALLOWED].map(({ file, text }) => ({ file, text })));

  it.each(FORBIDDEN.map((entry, index) => [entry.text, entry.file, entry.why, index] as const))(
    "refuses %s in %s: %s",
    (_text, _file, why, index) => {
      expect(results[index]).toEqual(expect.arrayContaining([expect.stringContaining(why)]));
    },
  );

  it.each(ALLOWED.map((entry, index) => [entry.text, entry.file, index] as const))(
    "allows %s in %s",
    (_text, _file, index) => {
      expect(results[FORBIDDEN.length + index]).toEqual([]);
    },
  );
});
