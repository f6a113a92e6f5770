import { z } from "zod";
import { DockerError, runDocker } from "./docker-client";

/** What decides whether containers can be reached from here. */
export interface DaemonFacts {
  /** Of this machine, as `process.platform` has it. */
  readonly platform: string;
  /** Where the client finds the daemon, e.g. unix:///var/run/docker.sock. */
  readonly endpoint: string;
  /** Of the daemon, e.g. Docker Desktop. */
  readonly operatingSystem: string;
  /** e.g. name=rootless */
  readonly securityOptions: readonly string[];
}

/**
 * Why a container on the daemon's host network would not be on this machine's own; undefined when it is. Tasks and
 * database reach each other by this machine's loopback address alone.
 */
export function hostNetworkProblem({ platform, endpoint, ...daemon }: DaemonFacts): string | undefined {
  if (platform !== "linux") return `containers have no part in this machine's network on ${platform}, only on Linux`;
  if (!endpoint.startsWith("unix://")) return `its daemon is at ${endpoint}, which may be another machine`;
  if (daemon.operatingSystem === "Docker Desktop")
    return "Docker Desktop runs its containers in a machine of their own";
  if (daemon.securityOptions.some((option) => option.startsWith("name=rootless")))
    return "a rootless daemon gives its containers a network of their own";
  return undefined;
}

const infoSchema = z.object({
  OperatingSystem: z.string().default(""),
  SecurityOptions: z.array(z.string()).nullish(),
});

/**
 * Makes sure that the docker runtime can work here: there is a client, its daemon answers, and its containers are on
 * this machine's network.
 * @param signal gives it up
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

/** @throws DockerError with the client's own words when there is no daemon, or it may not be used */
async function checkDaemon(signal: AbortSignal): Promise<void> {
  let said = "";
  const onLine = (line: string) => (said = line.trim() || said);
  try {
    await runDocker(["version", "--format={{.Server.Version}}"], { signal, onLine });
  } catch (error) {
    if (!(error instanceof DockerError) || said === "") throw error;
    throw new DockerError(
      `Docker's daemon doesn't answer: ${said}\n` +
        "Start it, or name another in DOCKER_HOST, or use the process runtime (the default).",
    );
  }
}
