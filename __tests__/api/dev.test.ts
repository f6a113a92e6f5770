import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";

const api = path.join(__dirname, "../../api");

let child: ChildProcess | undefined;

afterEach(() => child?.kill("SIGKILL"));

function start(environment: Record<string, string>) {
  const started = spawn(process.execPath, ["--no-warnings", "--import", "tsx", "src/dev.ts"], {
    cwd: api,
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", LOG_LEVEL: "silent", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  started.stdout.setEncoding("utf8");
  return { started, exited: once(started, "exit"), complaints: text(started.stderr) };
}

/** What it prints when it has started. */
async function introductionOf(started: ReturnType<typeof start>["started"]): Promise<string> {
  let introduction = "";
  for await (const chunk of started.stdout as AsyncIterable<string>) {
    introduction += chunk;
    if (introduction.includes("Ctrl-C")) break;
  }
  return introduction;
}

describe("npm run dev", () => {
  it("serves tasks from an embedded database, prints how to reach it, and ends on Ctrl-C", async () => {
    // As a shell leaves them that exports what it does not have.
    const { started, exited } = start({ SIMULATE_TOKEN: "", HOST: "" });
    const introduction = await introductionOf(started);
    const url = /^Tasks API +(\S+)$/m.exec(introduction)?.[1] ?? "";
    const token = /x-simulate-token: (\w{16,})/.exec(introduction)?.[1] ?? "";
    expect(new URL(url).hostname).toBe("127.0.0.1");

    const created = await fetch(`${url}/tasks`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title: "Water the plants" }),
    });
    expect(created.status).toBe(201);
    const switched = await fetch(`${url}/simulate/unhealthy/true`, {
      method: "POST",
      headers: { "x-simulate-token": token },
    });
    expect(switched.status).toBe(200);
    expect((await fetch(`${url}/health`)).status).toBe(503);

    started.kill("SIGINT");
    await expect(exited).resolves.toEqual([0, null]);
  });

  it("ends with 1 and the reason when the port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const { exited, complaints } = start({ PORT: String(port) });
    await expect(exited).resolves.toEqual([1, null]);
    expect(await complaints).toContain(`address already in use 127.0.0.1:${port}`);
    taken.close();
  });

  it("ends with 1 when it simulates a broken start", async () => {
    const { exited, complaints } = start({ SIMULATE: "broken-start" });
    await expect(exited).resolves.toEqual([1, null]);
    expect(await complaints).toContain("a simulated broken start");
  });

  it("refuses wrong settings with 64", async () => {
    const { exited, complaints } = start({ PORT: "http" });
    await expect(exited).resolves.toEqual([64, null]);
    expect(await complaints).toContain('refused to start: PORT "http" is not usable');
  });
});
