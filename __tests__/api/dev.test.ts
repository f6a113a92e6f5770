import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const api = path.join(__dirname, "../../api");

let child: ChildProcess | undefined;

afterEach(() => child?.kill("SIGKILL"));

describe("npm run dev", () => {
  it("serves tasks from an embedded database, prints how to reach it, and ends on Ctrl-C", async () => {
    const started = spawn(process.execPath, ["--no-warnings", "--import", "tsx", "src/dev.ts"], {
      cwd: api,
      env: { PATH: process.env["PATH"] ?? "", PORT: "0", LOG_LEVEL: "silent" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    child = started;
    const exited = once(started, "exit");
    let introduction = "";
    started.stdout.setEncoding("utf8");
    for await (const chunk of started.stdout as AsyncIterable<string>) {
      introduction += chunk;
      if (introduction.includes("Ctrl-C")) break;
    }
    const url = /^Tasks API +(\S+)$/m.exec(introduction)?.[1] ?? "";
    const token = /x-simulate-token: (\w{16,})/.exec(introduction)?.[1] ?? "";

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
});
