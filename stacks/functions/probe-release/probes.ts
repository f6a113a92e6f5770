import type { ProbeResponse, ProbeRequest } from "./http";

/** Header with the version of the release that responds. */
const VERSION_HEADER = "x-release-version";

/** Sends a request to the service. */
type SendRequest = (ask: ProbeRequest) => Promise<ProbeResponse>;

/** A response was wrong. The message names the probe. */
class ProbeFailed extends Error {}

/** Options of `probeRelease`. */
export interface ProbeOptions {
  readonly ask: SendRequest;
  /** Path of the health check. */
  readonly healthPath: string;
  /** Title of the created task. It identifies a task that could not be deleted. */
  readonly title: string;
  readonly log: (line: string) => void;
}

/**
 * Probes the new version as users will use it: it checks health, creates, reads and deletes a task, and verifies that every
 * response has the same version. Adapt it to your service.
 * @throws Error that names the first failed probe
 */
export async function probeRelease({ ask, healthPath, title, log }: ProbeOptions): Promise<void> {
  const versions = new Set<string>();
  const probe = async (name: string, request: ProbeRequest, status: number): Promise<ProbeResponse> => {
    const answer = await ask(request).catch((error: unknown) => {
      throw new ProbeFailed(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
    const what = `${name}: ${request.method} ${request.path}`;
    if (answer.status !== status) throw new ProbeFailed(`${what} answered ${answer.status}, not ${status}`);
    const version = answer.headers.get(VERSION_HEADER);
    if (version === null || version === "") throw new ProbeFailed(`${what} answered without ${VERSION_HEADER}`);
    versions.add(version);
    if (versions.size > 1) throw new ProbeFailed(`${what}: more than one version answers: ${[...versions].join(", ")}`);
    log(`${what}: ${answer.status} from version ${version}`);
    return answer;
  };

  await probe("health", { method: "GET", path: healthPath }, 200);
  const created = await probe("create a task", { method: "POST", path: "/tasks", body: { title } }, 201);
  const id = textAt(created.json, "id");
  if (id === undefined) throw new ProbeFailed("create a task: the answer has no id");
  const path = `/tasks/${encodeURIComponent(id)}`;
  try {
    const read = await probe("read the task", { method: "GET", path }, 200);
    if (textAt(read.json, "title") !== title) throw new ProbeFailed("read the task: not the title it was made with");
  } catch (error) {
    await ask({ method: "DELETE", path }).catch(() => log(`the task ${id}, titled "${title}", is left behind`));
    throw error;
  }
  await probe("delete the task", { method: "DELETE", path }, 204);
}

function textAt(value: unknown, key: string): string | undefined {
  const found = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === "string" ? found : undefined;
}
