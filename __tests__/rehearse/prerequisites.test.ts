import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { createServer as createHttpServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkPrerequisites, startPrerequisites } from "../../scripts/rehearse/prerequisites";
import { acceptsConnections } from "../../scripts/cloud/tasks/connection";
import { closesWithKilledCloud } from "../cloud/killed-cloud";
import { program, removePrograms } from "../cloud/tasks/programs";

type Steps = Parameters<typeof startPrerequisites>[0];

const root = mkdtempSync(path.join(tmpdir(), "prerequisites-"));
const servers: Server[] = [];
const started: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()));
  for (const server of servers.splice(0)) server.close();
  removePrograms();
});
afterAll(() => rmSync(root, { recursive: true }));

async function start(steps: Steps, { signal = new AbortController().signal, lines = [] as string[] } = {}) {
  const prerequisites = await startPrerequisites(steps, {
    root,
    folder: root,
    signal,
    onLine: (line) => lines.push(line),
  });
  started.push(prerequisites);
  return prerequisites;
}

function listening(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const listenOn = (port: number, more = "") =>
  ["node", "-e", `${more}; require("node:net").createServer().listen(${port}, "127.0.0.1")`] as const;

describe("what is started before the service", () => {
  it("runs in order, in the folder of cdktf.json, without variables of AWS", async () => {
    const before = process.env["AWS_PROFILE"];
    process.env["AWS_PROFILE"] = "production";
    try {
      const lines: string[] = [];
      const say = (text: string) => ["sh", "-c", `echo ${text}`];
      await start(
        [
          { command: say('first in "$PWD"') },
          { command: say('"$STEP$AWS_PROFILE in $REHEARSAL_FOLDER"'), environment: { STEP: "second" } },
        ],
        { lines },
      );
      expect(lines).toEqual([`first in ${root}`, `second in ${root}`]);
    } finally {
      if (before === undefined) delete process.env["AWS_PROFILE"];
      else process.env["AWS_PROFILE"] = before;
    }
  });

  it("goes on running until it is stopped, also when it ignores SIGTERM, and the newest ends first", async () => {
    const [first, second] = [await freePort(), await freePort()];
    const lines: string[] = [];
    const tell = (name: string) => `process.on("SIGTERM", () => { console.log("${name}"); process.exit() })`;
    const steps = [
      { command: [...listenOn(first, tell("first"))], ready: `127.0.0.1:${first}` },
      { command: [...listenOn(second, tell("second"))], ready: `localhost:${second}` },
    ];
    const prerequisites = await start(steps, { lines });
    await prerequisites.stop();
    expect(lines).toEqual(["second", "first"]);
    expect(await acceptsConnections({ host: "127.0.0.1", port: first })).toBe(false);
  });

  it("may be there already: an address, or a URL that answers below 500", async () => {
    let asked = 0;
    const port = await listening(
      createHttpServer((_, response) => {
        asked += 1;
        response.writeHead(asked < 3 ? 503 : 401).end();
      }),
    );
    await start([{ ready: `127.0.0.1:${port}` }, { ready: `http://127.0.0.1:${port}/health` }]);
    expect(asked).toBe(3);
  });

  it.each([
    {
      it: "a command fails",
      steps: () => [{ command: ["sh", "-c", "echo no such database >&2; exit 3"] }],
      says: /^rehearsal\.before\.0\.command ended with 3\. .*\n {2}no such database$/,
    },
    {
      it: "a command that shall go on ends, even well",
      steps: (port: number) => [{ command: ["true"], ready: `127.0.0.1:${port}` }],
      says: /^rehearsal\.before\.0\.command ended with 0, although it has "ready".* It printed nothing\.$/,
    },
    {
      it: "an address is not ready in time",
      steps: (port: number) => [{ command: ["true"] }, { ready: `127.0.0.1:${port}`, readyTimeoutSeconds: 1 }],
      says: /^rehearsal\.before\.1\.ready: 127\.0\.0\.1:\d+ was not ready within 1 s \(it accepts no connection\)/,
    },
    {
      it: "a URL is not ready in time",
      steps: (port: number) => [{ ready: `http://127.0.0.1:${port}/`, readyTimeoutSeconds: 1 }],
      says: /was not ready within 1 s \(connect ECONNREFUSED/,
    },
    {
      it: "a command never gets ready",
      steps: (port: number) => [
        { command: ["sh", "-c", "echo waiting; sleep 1000"], ready: `127.0.0.1:${port}`, readyTimeoutSeconds: 1 },
      ],
      says: /was not ready within 1 s .*\n {2}waiting$/,
    },
  ])("stops the rehearsal when $it", async ({ steps, says }) => {
    const error = await start(steps(await freePort())).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ name: "PrerequisiteError", message: expect.stringMatching(says) as string });
  });

  it("is not confused with another program at the same address", async () => {
    const port = await listening(createServer());
    const file = path.join(root, "started");
    await expect(start([{ command: ["touch", file], ready: `127.0.0.1:${port}` }])).rejects.toThrow(
      `rehearsal.before.0.ready: 127.0.0.1:${port} is ready before its command was started`,
    );
    expect(existsSync(file)).toBe(false);
  });

  it("breaks the rehearsal when it ends during it", async () => {
    const port = await freePort();
    const exits = `setTimeout(() => { console.log("out of memory"); process.exit(9) }, 300)`;
    const { broken } = await start([{ command: [...listenOn(port, exits)], ready: `127.0.0.1:${port}` }]);
    await expect(broken).rejects.toThrow(/rehearsal\.before\.0\.command ended with 9.*\n {2}out of memory/);
  });

  it.each([
    ["a command", (): Steps => [{ command: ["sleep", "1000"] }]],
    ["an address", (port: number): Steps => [{ ready: `127.0.0.1:${port}` }]],
    ["a command to be ready", (port: number): Steps => [{ command: ["sleep", "1000"], ready: `127.0.0.1:${port}` }]],
  ])("is not waited for after an interruption: %s", async (_, steps) => {
    const interruption = new AbortController();
    const starting = start(steps(await freePort()), { signal: interruption.signal });
    setImmediate(() => interruption.abort(new Error("Ctrl-C")));
    await expect(starting).rejects.toThrow("Ctrl-C");
  });

  it("does not outlive a rehearsal that is killed", async () => {
    const port = await freePort();
    const command = [...listenOn(port, `process.on("SIGTERM", () => undefined)`)];
    const rehearsal = program(
      `import { startPrerequisites } from ${JSON.stringify(path.resolve("scripts/rehearse/prerequisites.ts"))};
       void startPrerequisites([${JSON.stringify({ command, ready: `127.0.0.1:${port}` })}],
         { root: ".", folder: ".", signal: new AbortController().signal }).then(() => console.log(${port}));`,
      "rehearsal.ts",
    );
    await closesWithKilledCloud(rehearsal);
  });

  it("is refused by its key before anything starts when a program is missing", () => {
    expect(() => checkPrerequisites([{ ready: "127.0.0.1:1" }, { command: ["no-such-program"] }], root)).toThrow(
      /rehearsal\.before\.1\.command: the program "no-such-program" is on no folder of PATH/,
    );
  });
});
