import { Router } from "@koa/router";
import Koa, { type Middleware } from "koa";
import type { Logger } from "pino";
import { applyEffect, type Delay } from "./faults/apply-effect";
import type { FaultInjector } from "./faults/fault-injector";
import { allowedMethods } from "./http/allowed-methods";
import { health } from "./http/health";
import { Problem } from "./http/problem";
import { requests, type RequestState } from "./http/requests";
import { simulateRoutes } from "./http/simulate-routes";
import type { Lifecycle } from "./lifecycle";
import { openApiDocument } from "./openapi/document";
import { TableUnavailable } from "./tasks/table-failure";
import { taskRoutes } from "./tasks/task-routes";
import type { TaskTable } from "./tasks/task-table";

/** Path of the service's OpenAPI description. */
const DESCRIPTION_PATH = "/openapi.json";

/** Dependencies of the application. */
interface AppParts {
  readonly releaseVersion: string;
  /** Token of the /simulate routes; undefined: there are no such routes. */
  readonly simulateToken: string | undefined;
  readonly table: TaskTable;
  readonly faultInjector: FaultInjector;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  /** Seconds since the process started. */
  readonly uptimeSeconds: () => number;
  /** Waits for simulated faults. */
  readonly delay: Delay;
  /** Ends the process with this code. */
  readonly exit: (code: number) => void;
}

/** Responds to an outage of the database with 503. Only the log gets the cause. */
function outages(log: Logger): Middleware<RequestState> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof TableUnavailable)) throw error;
      log.error({ requestId: ctx.state.requestId, err: error.cause }, "the database is not available");
      throw new Problem(503, { detail: "The database is not available; try again.", headers: { "Retry-After": "2" } });
    }
  };
}

/** The router with all routes except health, which a middleware handles before the router. */
export function createRouter(parts: AppParts): Router {
  const router = new Router({ sensitive: true, strict: true });
  const outage = outages(parts.log);
  taskRoutes(router, parts.table, async (ctx, next) => {
    await applyEffect(parts.faultInjector.effectOnTaskRequest(), parts.delay);
    await outage(ctx, next);
  });
  if (parts.simulateToken !== undefined) simulateRoutes(router, { ...parts, token: parts.simulateToken });
  const { releaseVersion, simulateToken } = parts;
  const description = JSON.stringify(openApiDocument({ releaseVersion, simulates: simulateToken !== undefined }));
  router.get(DESCRIPTION_PATH, (ctx) => {
    ctx.type = "application/json";
    ctx.body = description;
  });
  return router;
}

/** Composes the application. It does not listen. */
export function createApp(parts: AppParts): Koa<RequestState> {
  const app = new Koa<RequestState>();
  app.use(requests(parts));
  app.use(health(parts));
  app.use(allowedMethods);
  app.use(createRouter(parts).routes());
  return app;
}
