/**
 * With a real Docker daemon (found by its own client) and a real registry (`docker-registry`, from PATH): what
 * `npm run release` builds and pushes, and what it is as a container. The base image must be there under the
 * Dockerfile's name, or Docker able to pull it.
 */
import { execFileSync, spawn, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { EmbeddedDatabase } from "../../api/src/dev/embedded-database";
import { buildAndPush, programRunner, type CommandRunner } from "../../scripts/release/docker";
import { fakeAws } from "../release/fakes";
import { startDatabase } from "./support/running-service";

jest.setTimeout(600_000);

const TAG = "v7";
const folder = mkdtempSync(path.join(tmpdir(), "image-test-"));

let registry: ChildProcessByStdio<null, null, Readable>;
let registryHost: string;
let reference: string | undefined;
let database: EmbeddedDatabase;
const containers: string[] = [];

function docker(...args: string[]): string {
  return execFileSync("docker", args, { encoding: "utf8" }).trim();
}

function image(): string {
  if (reference === undefined) throw new Error("the image was not built");
  return reference;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a registry without logins; resolves when it listens. */
async function startRegistry(): Promise<void> {
  registryHost = `127.0.0.1:${await freePort()}`;
  const file = path.join(folder, "registry.json");
  const settings = {
    version: "0.1",
    storage: { filesystem: { rootdirectory: path.join(folder, "registry") } },
    http: { addr: registryHost },
  };
  // JSON is YAML, which is what it reads.
  writeFileSync(file, JSON.stringify(settings));
  registry = spawn("docker-registry", ["serve", file], { stdio: ["ignore", "ignore", "pipe"] });
  const lines = createInterface({ input: registry.stderr });
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => line.includes("listening on") && resolve());
    registry.once("error", reject);
    registry.once("exit", (code) => reject(new Error(`docker-registry ended with ${code}`)));
  });
}

/** The machine's own Docker, whose builds use the host's network: a daemon in a test has often no other. */
const runner: CommandRunner = {
  run: (command, onLine, signal) => {
    const [step = "", ...rest] = command.args;
    const args = step === "build" ? [step, "--network=host", ...rest] : command.args;
    return programRunner().run({ ...command, args }, onLine, signal);
  },
};

/** Starts a container as the task definition does, with a read-only root; gives its id. */
function start(port: number, ...more: string[]): string {
  const environment = {
    PORT: String(port),
    HOST: "127.0.0.1",
    TABLE_NAME: "tasks-under-test",
    AWS_REGION: "eu-central-1",
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_ACCESS_KEY_ID: "embedded",
    AWS_SECRET_ACCESS_KEY: "embedded",
  };
  const variables = Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`);
  const id = docker("run", "--detach", "--read-only", "--network=host", ...variables, ...more, image());
  containers.push(id);
  return id;
}

/** Resolves when Docker's own health check calls the container healthy. */
function healthy(id: string): Promise<void> {
  const filters = ["--filter", `container=${id}`, "--filter", "event=health_status"];
  const events = spawn("docker", ["events", "--since", "0", ...filters], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise<void>((resolve, reject) => {
    createInterface({ input: events.stdout }).on("line", (line) =>
      line.includes("health_status: healthy") ? resolve() : reject(new Error(line)),
    );
    events.once("error", reject);
  }).finally(() => events.kill());
}

beforeAll(async () => {
  // A login stays in this file, not in the person's own.
  process.env["DOCKER_CONFIG"] = path.join(folder, "docker");
  await startRegistry();
  database = await startDatabase();
  const repositoryUrl = `${registryHost}/tasks-api`;
  reference = `${repositoryUrl}:${TAG}`;
  const authorizationToken = Buffer.from("AWS:a-password").toString("base64");
  const login = { authorizationToken, proxyEndpoint: `http://${registryHost}` };
  const aws = fakeAws({
    getAuthorizationToken: () => Promise.resolve({ authorizationData: [login] }),
  });
  const lines: string[] = [];
  const input = {
    directory: "api",
    repository: { name: "tasks-api", url: repositoryUrl },
    tag: TAG,
    platform: "linux/amd64",
  };
  await buildAndPush(aws, runner, input, (line) => lines.push(line), new AbortController().signal).catch(
    (error: unknown) => {
      throw new Error(`the image was not built and pushed:\n${lines.join("\n")}`, { cause: error });
    },
  );
});

afterAll(async () => {
  for (const id of containers) docker("rm", "--force", id);
  if (reference !== undefined) docker("rmi", "--force", reference);
  await database.close();
  registry.removeAllListeners("exit");
  registry.kill();
  rmSync(folder, { recursive: true });
});

describe("the image, built and pushed by the release command", () => {
  it("is in the registry under Docker's digest", async () => {
    const [pushed = ""] = JSON.parse(
      docker("image", "inspect", "--format", "{{json .RepoDigests}}", image()),
    ) as string[];
    const answer = await fetch(`http://${registryHost}/v2/tasks-api/manifests/${TAG}`, {
      headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
    });
    expect(answer.status).toBe(200);
    expect(pushed.split("@")[1]).toBe(answer.headers.get("docker-content-digest"));
  });

  it("contains only production modules, and nothing that its user can change", () => {
    const script = `
      const { accessSync, constants, existsSync, readdirSync } = require("node:fs");
      const writable = (path) => { try { accessSync(path, constants.W_OK); return true; } catch { return false; } };
      console.log(JSON.stringify({
        user: [process.getuid(), process.getgid()],
        development: ["esbuild", "typescript", "dynalite"].filter((name) => existsSync("/app/node_modules/" + name)),
        files: readdirSync("/app").sort(),
        writable: ["/app", "/app/dist/server.js", "/app/node_modules"].filter(writable),
      }));`;
    expect(JSON.parse(docker("run", "--rm", "--network=none", image(), "node", "-e", script))).toEqual({
      user: [10001, 10001],
      development: [],
      files: ["dist", "node_modules", "package.json"],
      writable: [],
    });
  });

  it("serves tasks with its version, is healthy by its own check, and stops with 0", async () => {
    const port = await freePort();
    const id = start(port, "--health-interval=1s");
    await healthy(id);
    const created = await fetch(`http://127.0.0.1:${port}/tasks`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title: "Water the plants" }),
    });
    expect({ status: created.status, version: created.headers.get("x-release-version") }).toEqual({
      status: 201,
      version: TAG,
    });
    docker("stop", "--time", "30", id);
    expect(docker("inspect", "--format", "{{.State.ExitCode}} {{.State.OOMKilled}}", id)).toBe("0 false");
  });
});
