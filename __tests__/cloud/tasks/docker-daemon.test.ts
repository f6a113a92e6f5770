import { clientVariables, DockerError, runDocker } from "../../../scripts/cloud/tasks/docker-client";
import { checkDocker, type DaemonFacts, hostNetworkProblem } from "../../../scripts/cloud/tasks/docker-daemon";
import { type FakeDocker, installDocker } from "./fake-docker";

const ORDINARY: DaemonFacts = {
  platform: "linux",
  endpoint: "unix:///var/run/docker.sock",
  operatingSystem: "Debian GNU/Linux 12 (bookworm)",
  securityOptions: ["name=seccomp,profile=default"],
};
const CANNOT_CONNECT = `console.log(); console.error("Cannot connect to the Docker daemon"); process.exit(1);`;

let docker: FakeDocker | undefined;
const never = new AbortController().signal;

/** A Docker that answers what is asked of it before it is used. */
function answering({ endpoint, operatingSystem, securityOptions }: DaemonFacts): string {
  const info = { OperatingSystem: operatingSystem, SecurityOptions: securityOptions };
  const answers = { version: "28.0.0", info: JSON.stringify(info), context: endpoint };
  return `console.log(${JSON.stringify(answers)}[args[0]]);`;
}

afterEach(() => {
  docker?.remove();
  docker = undefined;
});

describe("hostNetworkProblem", () => {
  it("has nothing to say about an ordinary daemon on Linux", () => {
    expect(hostNetworkProblem(ORDINARY)).toBeUndefined();
  });

  it.each<[Partial<DaemonFacts>, string]>([
    [{ platform: "darwin" }, "only on Linux, not on darwin"],
    [{ endpoint: "tcp://192.0.2.1:2376" }, "its daemon is at tcp://192.0.2.1:2376, which may be another machine"],
    [{ operatingSystem: "Docker Desktop" }, "Docker Desktop runs its containers in a separate virtual machine"],
    [{ securityOptions: ["name=rootless"] }, "a rootless daemon runs its containers on a separate network"],
  ])("tells why containers cannot be reached with %j", (facts, problem) => {
    expect(hostNetworkProblem({ ...ORDINARY, ...facts })).toContain(problem);
  });
});

describe("checkDocker", () => {
  it("refuses a machine without Docker, and names the next step", async () => {
    docker = installDocker("", true);
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    const check = checkDocker(never).finally(() => (process.env["PATH"] = path));
    await expect(check).rejects.toThrow(DockerError);
    await expect(check).rejects.toThrow(/docker can't be run: .*ENOENT; install Docker, .* or use the process runtime/);
  });

  it("refuses a daemon that does not answer, in the client's own words", async () => {
    docker = installDocker(CANNOT_CONNECT);
    await expect(checkDocker(never)).rejects.toThrow(
      "Docker's daemon doesn't answer: Cannot connect to the Docker daemon\nStart it",
    );
  });

  it("refuses one whose containers cannot be reached", async () => {
    docker = installDocker(answering({ ...ORDINARY, operatingSystem: "Docker Desktop" }));
    await expect(checkDocker(never)).rejects.toThrow(/the docker runtime can't be used with this Docker: \S/);
  });

  // The platform is this machine's own.
  (process.platform === "linux" ? it : it.skip)("takes an ordinary one", async () => {
    docker = installDocker(answering(ORDINARY));
    await expect(checkDocker(never)).resolves.toBeUndefined();
  });
});

describe("runDocker", () => {
  it("gives its standard output and passes on every line", async () => {
    docker = installDocker(`console.log("answer"); console.error("progress");`);
    const lines: string[] = [];
    await expect(runDocker(["image"], { signal: never, onLine: (line) => lines.push(line) })).resolves.toBe("answer\n");
    expect(lines.sort()).toEqual(["answer", "progress"]);
  });

  it("shows the end of its output when it fails", async () => {
    docker = installDocker(`for (let i = 1; i <= 40; i += 1) console.error("line " + i + "."); process.exitCode = 9;`);
    const failing = runDocker(["build", "."], { signal: never });
    await expect(failing).rejects.toThrow(/^docker build ended with exit code 9: line 31\.[^]*line 40\.$/);
  });

  it("ends with the signal's reason", async () => {
    docker = installDocker(`console.log("runs"); setInterval(() => undefined, 1000);`);
    const interruption = new AbortController();
    const running = runDocker(["build"], { signal: interruption.signal, onLine: () => interruption.abort(143) });
    await expect(running).rejects.toBe(143);
  });
});

describe("clientVariables", () => {
  it("takes along what names the daemon, and nothing else", () => {
    expect(clientVariables({ DOCKER_HOST: "unix:///run/other.sock", AWS_PROFILE: "mine" })).toEqual({
      DOCKER_HOST: "unix:///run/other.sock",
    });
  });
});
