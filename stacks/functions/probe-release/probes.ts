import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { isObject, valueAt } from "../../config/merge";
import { matcherOf } from "../../config/matcher";
import type { ProbeStep } from "../../config/request-schema";
import { fieldOf, filled, filledRequest, isExpectedStatus, partsOf } from "../../config/request-templates";
import type { ProbeRequest, ProbeResponse } from "./http";

/** Header in which a service may send its version. */
const VERSION_HEADER = "x-release-version";

/** Sends a request to the service. */
type SendRequest = (ask: ProbeRequest) => Promise<ProbeResponse>;

/** A response was wrong. The message names the probe. */
class ProbeFailed extends Error {}

/** A template has no value, because an answer has no such field, or was not there. */
class NoValue extends ProbeFailed {}

/** Options of `probeRelease`. */
export interface ProbeOptions {
  readonly ask: SendRequest;
  /** Path of the health check, and the statuses of a healthy answer as the load balancer's matcher names them. */
  readonly health: { readonly path: string; readonly matcher: string };
  /** The requests of `delivery.probe`. */
  readonly steps: readonly ProbeStep[];
  /** Value of `${title}`. It identifies what could not be deleted. */
  readonly title: string;
  readonly log: (line: string) => void;
}

/**
 * Probes the new version as users will use it: it checks health, then sends the requests of the configuration in order. The first
 * wrong answer ends it, except for the requests that are always sent. All answers that name a version must name the same one.
 * @throws Error that names the first failed probe
 */
export async function probeRelease({ ask, health, steps, title, log }: ProbeOptions): Promise<void> {
  const versions = new Set<string>();
  const answers = new Map<string, unknown>();
  const values = (reference: string): unknown => {
    if (reference === "title") return title;
    if (reference === "uuid") return randomUUID();
    const { request, fields } = partsOf(reference);
    const value = fieldOf(answers.get(request), reference);
    if (value === undefined) throw new NoValue(`${request}: the answer has no ${fields.join(".")}`);
    return value;
  };
  const probe = async (step: ProbeStep, statusProblem = (status: number) => wrongStatus(status, step.expect)) => {
    const request = { method: step.method, headers: {}, ...filledRequest(step, values) };
    const prefix = step.name === undefined ? "" : `${step.name}: `;
    const what = `${prefix}${request.method} ${request.path}`;
    const answer = await ask(request).catch((error: unknown) => {
      throw new ProbeFailed(`${prefix}${messageOf(error)}`, { cause: error });
    });
    // Also a wrong answer: what it has created must be deleted.
    if (step.name !== undefined) answers.set(step.name, answer.json);
    const wrong = statusProblem(answer.status) ?? wrongBody(answer.json, filled(step.expectBody, values));
    if (wrong !== undefined) throw new ProbeFailed(`${what} ${wrong}`);
    const version = answer.headers.get(VERSION_HEADER) ?? "";
    if (version !== "") versions.add(version);
    if (versions.size > 1) throw new ProbeFailed(`${what}: more than one version answers: ${[...versions].join(", ")}`);
    log(`${what}: ${answer.status}${version === "" ? "" : ` from version ${version}`}`);
  };

  const isHealthy = matcherOf(health.matcher);
  await probe({ name: "health", method: "GET", path: health.path }, (status) =>
    isHealthy?.(status) === true ? undefined : `answered ${status}, not ${health.matcher}`,
  );
  const failures: unknown[] = [];
  for (const step of steps) {
    if (failures.length > 0 && step.always !== true) continue;
    try {
      await probe(step);
    } catch (error) {
      // After a failure, a request can't clean up what was not created.
      if (failures.length > 0 && !(error instanceof NoValue)) {
        log(`${messageOf(error)}; "${title}" may be left behind`);
      }
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** What is wrong with a status, to follow the request; undefined when it is right. */
function wrongStatus(status: number, expect: ProbeStep["expect"]): string | undefined {
  if (isExpectedStatus(status, expect)) return undefined;
  return `answered ${status}, not ${expect === undefined ? "a status below 400" : [expect].flat().join(" or ")}`;
}

/** What is wrong with a body, to follow the request; undefined when all expected fields have their values. */
function wrongBody(actual: unknown, expected: unknown, path = ""): string | undefined {
  if (!isObject(expected)) {
    return expected === undefined || isDeepStrictEqual(actual, expected)
      ? undefined
      : `answered with ${path} ${actual === undefined ? "missing" : JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
  }
  if (!isObject(actual)) return `answered with ${path === "" ? "a body" : path} that is no JSON object`;
  return Object.entries(expected)
    .map(([key, value]) => wrongBody(valueAt(actual, [key]), value, path === "" ? key : `${path}.${key}`))
    .find((wrong) => wrong !== undefined);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
