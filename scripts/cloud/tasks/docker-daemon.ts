import { z } from "zod";
import { DockerError, runDocker } from "./docker-client";

/** The facts that decide whether containers can be reached from this machine. */
export interface DaemonFacts {
  /** Of this machine: `process.platform`. */
  readonly platform: string;
  /** Address of the daemon, e.g. unix:///var/run/docker.sock. */
  readonly endpoint: string;
  /** Of the daemon's host, e.g. Docker Desktop. */
  readonly operatingSystem: string;
  /** Of the daemon, e.g. name=rootless. */
  readonly securityOptions: readonly string[];
}

/**
 * Why the daemon's host network is not this machine's network; undefined when it is. Tasks and the database reach each
 * other only by this machine's loopback address.
 */
export function hostNetworkProblem({ platform, endpoint, ...daemon }: DaemonFacts): string | undefined {
  if (platform !== "linux") return `containers share this machine's network only on Linux, not on ${platform}`;
  if (!endpoint.startsWith("unix://")) return `its daemon is at ${endpoint}, which may be another machine`;
  if (daemon.operatingSystem === "Docker Desktop")
    return "Docker Desktop runs its containers in a separate virtual machine";
  if (daemon.securityOptions.some((option) => option.startsWith("name=rootless")))
    return "a rootless daemon runs its containers on a separate network";
  return undefined;
}

const infoSchema = z.object({
  OperatingSystem: z.string().default(""),
  SecurityOptions: z.array(z.string()).nullish(),
});

/**
 * Checks that the docker runtime can be used here: there is a client, its daemon responds, and its containers share
 * this machine's network.
 * @param signal aborts the check
 * @throws DockerError when it can't; the signal's reason
 */
export async function checkDocker(signal: AbortSignal): Promise<void> {
  await checkDaemon(signal);
  const info = infoSchema.parse(JSON.parse(await runDocker(["info", "--format={{json .}}"], { signal })));
  const endpoint = await runDocker(["context", "inspect", "--format={{.Endpoints.docker.Host}}"], { signal });
  const problem = hostNetworkProblem({
    platform: process.platform,
    endpoint: endpoint.trim(),
    operatingSystem: info.OperatingSystem,
    securityOptions: info.SecurityOptions ?? [],
  });
  if (problem === undefined) return;
  throw new DockerError(
    `the docker runtime can't be used with this Docker: ${problem}; use an ordinary daemon on Linux, or the process runtime (the default)`,
  );
}

/** @throws DockerError with the client's message when there is no daemon, or access to it is denied */
async function checkDaemon(signal: AbortSignal): Promise<void> {
  let lastLine = "";
  const onLine = (line: string) => (lastLine = line.trim() || lastLine);
  try {
    await runDocker(["version", "--format={{.Server.Version}}"], { signal, onLine });
  } catch (error) {
    if (!(error instanceof DockerError) || lastLine === "") throw error;
    throw new DockerError(
      `Docker's daemon doesn't answer: ${lastLine}\n` +
        "Start it, or set DOCKER_HOST to another one, or use the process runtime (the default).",
    );
  }
}
