import type { IncomingMessage } from "node:http";
import type { Middleware, ParameterizedContext } from "koa";
import type { Logger } from "pino";
import type { Lifecycle } from "../lifecycle";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id";
import { Problem, PROBLEM_TYPE, problemBody } from "./problem";
import { pathAndQuery } from "./request-target";

/** What the middleware shares about one request. */
export interface RequestState {
  requestId: string;
}

/** Header that says which release answered. */
export const RELEASE_VERSION_HEADER = "x-release-version";

const HEALTH_PATH = "/health";

/** Stands for a request target that cannot be read, in the log as well; no route has it. */
const UNREADABLE_TARGET = "(unreadable)";

/**
 * True for the health check: the request that never stops coming, so it is logged only at `debug`, and known without
 * taking its URL apart, which would cost more than all else we do for it.
 */
export function isHealthCheck(ctx: ParameterizedContext): boolean {
  return ctx.req.url === HEALTH_PATH || ctx.path === HEALTH_PATH;
}

/** Errors of Koa and its libraries carry a status, and `expose` when their message is meant for the client. */
function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error) || !("status" in error) || !("expose" in error)) return undefined;
  const { status, expose } = error;
  if (typeof status !== "number" || status < 400 || status > 499) return undefined;
  return new Problem(status, expose === true ? { detail: error.message } : {});
}

/** Leaves of the request's target what routes know: path and query string. */
function readTarget(request: IncomingMessage): void {
  request.url = pathAndQuery(request.url ?? "") ?? UNREADABLE_TARGET;
}

/** Refuses a target that is none, and what Node would, were it not told to leave that to us (RFC 9110, 7.2 and 10.1.1). */
function checkRequest({ url, headers, httpVersion }: IncomingMessage): void {
  if (url === UNREADABLE_TARGET) throw new Problem(400, { detail: "The request target cannot be read: send a path." });
  if (httpVersion !== "1.1") return;
  if (headers.host === undefined) throw new Problem(400, { detail: "Send a Host header." });
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== "100-continue") {
    throw new Problem(417, { detail: "Nothing but 100-continue can be expected." });
  }
}

function answerProblem(ctx: ParameterizedContext<RequestState>, problem: Problem): void {
  ctx.status = problem.status;
  if (problem.details.headers) ctx.set(problem.details.headers);
  ctx.type = PROBLEM_TYPE;
  ctx.body = problemBody(problem, ctx.state.requestId);
}

/**
 * The outermost middleware: gives the request its id, puts the release version on the response, makes every error a
 * problem, asks for the connection to be closed while draining, and logs one line (no query, no body): with the status
 * that was answered, or `aborted` when the client had left.
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
    // First: Koa's getters throw at a target that cannot be read, also where its error is answered.
    readTarget(ctx.req);
    ctx.res.setHeader(RELEASE_VERSION_HEADER, releaseVersion);
    ctx.res.setHeader(REQUEST_ID_HEADER, requestId);
    try {
      checkRequest(ctx.req);
      await next();
      if (ctx.status >= 400 && ctx.body == null) answerProblem(ctx, new Problem(ctx.status));
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) log.error({ requestId, err: error }, "request failed");
      answerProblem(ctx, problem ?? new Problem(500, { detail: "Something went wrong on our side." }));
    }
    if (lifecycle.phase === "draining") ctx.set("Connection", "close");

    // The client has left: whatever the answer would be, there is none.
    const aborted = ctx.res.destroyed && !ctx.res.writableEnded;
    const level = isHealthCheck(ctx) ? "debug" : ctx.status >= 500 && !aborted ? "error" : "info";
    if (!log.isLevelEnabled(level)) return;
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const end = aborted ? { aborted } : { status: ctx.status };
    log[level]({ requestId, method: ctx.method, path: ctx.path, ...end, durationMs }, "request");
  };
}
