import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildImage } from "../../scripts/rehearse/image";
import { rehearse } from "../../scripts/rehearse/rehearsal";
import { type FakeDocker, installDocker } from "../cloud/tasks/fake-docker";
import { contextJson, ORDERS } from "./command";

const BUILDS = `
  if (args[0] === "build") {
    const file = args.find((arg) => arg.startsWith("--iidfile=")).slice("--iidfile=".length);
    require("node:fs").writeFileSync(file, "sha256:abc");
    console.error("Step 1/2");
  } else console.log(JSON.stringify({ Id: args.at(-1), Size: 42 }));
`;

let docker: FakeDocker;
const { env } = process;
const folder = mkdtempSync(path.join(tmpdir(), "image-test-"));
const { signal } = new AbortController();

afterEach(() => {
  process.env = env;
  docker.remove();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("buildImage", () => {
  it("builds a folder on the host's network under one name, and uses the image's id", async () => {
    docker = installDocker(BUILDS);
    const lines: string[] = [];
    const content = await buildImage("/root/orders", folder, { signal, onLine: (line) => lines.push(line) });
    expect(content).toMatchObject({ command: [], dockerImage: "sha256:abc", contentHash: "sha256:abc", sizeBytes: 42 });
    expect(lines).toEqual(["Step 1/2"]);
    const [build, inspect] = docker.calls();
    expect(build).toEqual([
      "build",
      "--network=host",
      "--force-rm",
      "--tag=canary-release-rehearsal",
      `--iidfile=${path.join(folder, "image-id")}`,
      "/root/orders",
    ]);
    expect(inspect?.at(-1)).toBe("sha256:abc");
  });

  it("shows the error of a failed build, and how to see its whole output", async () => {
    docker = installDocker(`console.error("npm ci: no network"); process.exit(1);`);
    await expect(buildImage("/root/orders", folder, { signal })).rejects.toThrow(
      "The image of /root/orders was not built: docker build ended with exit code 1: npm ci: no network\n" +
        "Run docker build --network=host --force-rm --tag=canary-release-rehearsal /root/orders by hand",
    );
  });
});

describe("npm run rehearse -- --runtime docker", () => {
  it("ends with 70 and one message, before anything is started, where Docker does not answer", async () => {
    docker = installDocker(`console.error("Cannot connect to the Docker daemon"); process.exit(1);`);
    process.env = { ...env, ENVIRONMENT: "staging", CDKTF_CONTEXT_JSON: contextJson(ORDERS) };
    const said: string[] = [];
    const chosen = {
      fault: undefined,
      rate: undefined,
      background: 0,
      liveFault: undefined,
      seed: 1,
      rps: 1,
      speed: 80,
      strategy: undefined,
      hook: undefined,
      faultsBy: undefined,
      template: undefined,
      fromLive: undefined,
    };
    const quiet = { secrets: {}, report: undefined, json: false, verbose: true };
    const output = { out: () => undefined, err: (line: string) => said.push(line) };
    expect(await rehearse({ ...chosen, ...quiet, runtime: "docker" }, output, 0)).toBe(70);
    expect(said).toEqual([
      "Docker's daemon doesn't answer: Cannot connect to the Docker daemon\n" +
        "Start it, or set DOCKER_HOST to another one, or use the process runtime (the default).",
    ]);
    expect(docker.calls()).toHaveLength(1);
  });
});
