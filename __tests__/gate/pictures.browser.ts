/** The pictures of the documentation are what the command draws. It takes a minute, so `npm test` does not run it. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { PICTURES } from "../../scripts/gate/report/pictures";

const ROOT = path.join(__dirname, "..", "..");
/** What draws them anew: `npm run gate -- … --svg docs`. */
const OPTIONS = "--compare article,balanced,strict --fault errors --rps 1,5,20,100 --runs 1000";

it("draws the pictures of the documentation", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gate-pictures-"));
  try {
    const program = [path.join("scripts", "command", "launch.mjs"), path.join("scripts", "gate.ts")];
    const argv = [...program, ...OPTIONS.split(" "), "--svg", folder];
    await promisify(execFile)(process.execPath, argv, { cwd: ROOT, env: { ...process.env, ENVIRONMENT: "staging" } });
    for (const name of PICTURES) {
      const [kept, drawn] = [path.join(ROOT, "docs", name), path.join(folder, name)];
      expect(`${name}: ${readFileSync(drawn, "utf8")}`).toBe(`${name}: ${readFileSync(kept, "utf8")}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
