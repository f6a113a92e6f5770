import type { IncomingMessage } from "node:http";
import type { Middleware, ParameterizedContext } from "koa";
import type { Logger } from "pino";
import type { Lifecycle } from "../lifecycle";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id";
import { Problem, PROBLEM_TYPE, problemBody } from "./problem";
import { pathAndQuery } from "./request-target";

/** Koa's state of one request. */
export interface RequestState {
  requestId: string;
}

/** Header with the version of the release that responds. */
export const RELEASE_VERSION_HEADER = "x-release-version";

const HEALTH_PATH = "/health";

/** Replaces a request target that is not valid, also in the log. No route has this path. */
const UNREADABLE_TARGET = "(unreadable)";

/**
 * Whether the request is a health check. These are so frequent that they are only logged at `debug`, and that this first compares
 * the raw URL: parsing it would take longer than the rest of the health check.
 */
export function isHealthCheck(ctx: ParameterizedContext): boolean {
  return ctx.req.url === HEALTH_PATH || ctx.path === HEALTH_PATH;
}

/** The problem for an error. Errors of Koa and its libraries have a status; `expose` marks messages for the client. */
function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error) || !("status" in error) || !("expose" in error)) return undefined;
  const { status, expose } = error;
  if (typeof status !== "number" || status < 400 || status > 499) return undefined;
  return new Problem(status, expose === true ? { detail: error.message } : {});
}

/** Reduces the request's target to path and query string. */
function normalizeTarget(request: IncomingMessage): void {
  request.url = pathAndQuery(request.url ?? "") ?? UNREADABLE_TARGET;
}

/**
 * Refuses invalid targets. Also does the checks of Node that `createHttpServer` turns off (RFC 9110, sections 7.2 and 10.1.1).
 * @throws Problem 400 or 417
 */
function checkRequest({ url, headers, httpVersion }: IncomingMessage): void {
  if (url === UNREADABLE_TARGET) throw new Problem(400, { detail: "The request target cannot be read: send a path." });
  if (httpVersion !== "1.1") return;
  if (headers.host === undefined) throw new Problem(400, { detail: "Send a Host header." });
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== "100-continue") {
    throw new Problem(417, { detail: "Expect supports only 100-continue." });
  }
}

function respondWithProblem(ctx: ParameterizedContext<RequestState>, problem: Problem): void {
  ctx.status = problem.status;
  if (problem.details.headers) ctx.set(problem.details.headers);
  ctx.type = PROBLEM_TYPE;
  ctx.body = problemBody(problem, ctx.state.requestId);
}

/**
 * The outermost middleware. It sets the request id and the release version, turns every error into a problem, and closes the
 * connection while draining. It logs one line without query and body: with the response's status, or with `aborted` when the
 * client closed the connection before.
 */
export function requests(options: {
  readonly releaseVersion: string;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
}): Middleware<RequestState> {
  const { releaseVersion, lifecycle, log } = options;
  return async (ctx, next) => {
    const startedAt = performance.now();
    const requestId = requestIdOf(ctx.req.headers[REQUEST_ID_HEADER]);
    ctx.state.requestId = requestId;
    // This must be first: Koa's getters throw when the target is not valid, also while we write the error response.
    normalizeTarget(ctx.req);
    ctx.res.setHeader(RELEASE_VERSION_HEADER, releaseVersion);
    ctx.res.setHeader(REQUEST_ID_HEADER, requestId);
    try {
      checkRequest(ctx.req);
      await next();
      if (ctx.status >= 400 && ctx.body == null) respondWithProblem(ctx, new Problem(ctx.status));
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) log.error({ requestId, err: error }, "request failed");
      respondWithProblem(ctx, problem ?? new Problem(500, { detail: "Something went wrong on our side." }));
    }
    if (lifecycle.phase === "draining") ctx.set("Connection", "close");

    // The client closed the connection, so there is no response.
    const aborted = ctx.res.destroyed && !ctx.res.writableEnded;
    const level = isHealthCheck(ctx) ? "debug" : ctx.status >= 500 && !aborted ? "error" : "info";
    if (!log.isLevelEnabled(level)) return;
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const end = aborted ? { aborted } : { status: ctx.status };
    log[level]({ requestId, method: ctx.method, path: ctx.path, ...end, durationMs }, "request");
  };
}
