import type { Middleware, ParameterizedContext } from "koa";
import type { Logger } from "pino";
import type { Lifecycle } from "../lifecycle";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id";
import { Problem, PROBLEM_TYPE, problemBody } from "./problem";

/** What the middleware shares about one request. */
export interface RequestState {
  requestId: string;
}

/** Header that says which release answered. */
export const RELEASE_VERSION_HEADER = "x-release-version";

/** Path of the health check; answered often, so logged only at `debug`. */
export const HEALTH_PATH = "/health";

/** Errors of Koa and its libraries carry a status, and `expose` when their message is meant for the client. */
function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error) || !("status" in error) || !("expose" in error)) return undefined;
  const { status, expose } = error;
  if (typeof status !== "number" || status < 400 || status > 499) return undefined;
  return new Problem(status, expose === true ? { detail: error.message } : {});
}

function answerProblem(ctx: ParameterizedContext<RequestState>, problem: Problem): void {
  ctx.status = problem.status;
  if (problem.details.headers) ctx.set(problem.details.headers);
  ctx.type = PROBLEM_TYPE;
  ctx.body = problemBody(problem, ctx.state.requestId);
}

/**
 * The outermost middleware: gives the request its id, puts the release version on the response, makes every error a
 * problem, asks for the connection to be closed while draining, and logs one line (no query, no body).
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
    ctx.res.setHeader(RELEASE_VERSION_HEADER, releaseVersion);
    ctx.res.setHeader(REQUEST_ID_HEADER, requestId);
    try {
      await next();
      if (ctx.status >= 400 && ctx.body == null) answerProblem(ctx, new Problem(ctx.status));
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) log.error({ requestId, err: error }, "request failed");
      answerProblem(ctx, problem ?? new Problem(500, { detail: "Something went wrong on our side." }));
    }
    if (lifecycle.phase === "draining") ctx.res.setHeader("connection", "close");

    const path = ctx.path;
    const level = path === HEALTH_PATH ? "debug" : ctx.status >= 500 ? "error" : "info";
    if (!log.isLevelEnabled(level)) return;
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    log[level]({ requestId, method: ctx.method, path, status: ctx.status, durationMs }, "request");
  };
}
