import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAUNCHER } from "../../scripts/command/launcher";
import { fixtureContext } from "../fixtures/configuration";

const COMMAND = join(__dirname, "../../scripts/deploy.ts");

describe("npm run deploy", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "deploy-"))));
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)("ends its synthesis with %s", async (signal, code) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    // A synthesis without an end, which tells that it runs.
    writeFileSync(
      join(root, "main.ts"),
      `import { connect } from "node:net";\nconnect(${(server.address() as AddressInfo).port}, "127.0.0.1");\n`,
    );
    const deploy = spawn(process.execPath, [LAUNCHER, COMMAND, "--environment", "staging", "--auto-approve"], {
      cwd: root,
      env: { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(fixtureContext()) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [deploy.stdout, deploy.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const closed = once(deploy, "close");
    const [synthesis] = (await once(server, "connection")) as [Socket];
    const synthesisEnded = once(synthesis.on("error", () => undefined).resume(), "close");
    deploy.kill(signal);
    expect(await closed).toEqual([code, null]);
    await synthesisEnded;
    expect(output).toBe("");
    server.close();
  });
});
