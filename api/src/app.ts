import { Router } from "@koa/router";
import Koa, { type Middleware } from "koa";
import type { Logger } from "pino";
import type { Switchboard } from "./faults/switchboard";
import { allowedMethods } from "./http/allowed-methods";
import { health } from "./http/health";
import { Problem } from "./http/problem";
import { requests, type RequestState } from "./http/requests";
import { simulateRoutes, suffer, type Delay } from "./http/simulate-routes";
import type { Lifecycle } from "./lifecycle";
import { openApiDocument } from "./openapi/document";
import { TableUnavailable } from "./tasks/table-failure";
import { taskRoutes } from "./tasks/task-routes";
import type { TaskTable } from "./tasks/task-table";

/** Where the service describes itself. */
const DESCRIPTION_PATH = "/openapi.json";

/** What the application is made of. */
interface AppParts {
  readonly releaseVersion: string;
  /** Undefined: no /simulate routes. */
  readonly simulateToken: string | undefined;
  readonly table: TaskTable;
  readonly switchboard: Switchboard;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  /** Seconds since the process started. */
  readonly uptimeSeconds: () => number;
  /** How a simulated fault waits. */
  readonly delay: Delay;
  /** Ends the process with this code. */
  readonly exit: (code: number) => void;
}

/** Tells the client of an outage what it may do; the cause goes to the log alone. */
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

/** Everything that has a route; health has none, for it is answered before any routing. */
export function createRouter(parts: AppParts): Router {
  const router = new Router({ sensitive: true, strict: true });
  const outage = outages(parts.log);
  taskRoutes(router, parts.table, async (ctx, next) => {
    await suffer(parts.switchboard.nextTaskRequest(), parts.delay);
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

/** Composes the service; listens to nothing yet. */
export function createApp(parts: AppParts): Koa<RequestState> {
  const app = new Koa<RequestState>();
  app.use(requests(parts));
  app.use(health(parts));
  app.use(allowedMethods);
  app.use(createRouter(parts).routes());
  return app;
}
