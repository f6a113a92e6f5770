import type { Middleware } from "koa";
import { z } from "zod";
import type { FaultInjector } from "../faults/fault-injector";
import type { Lifecycle } from "../lifecycle";
import { isHealthCheck } from "./requests";

/** Response body of GET /health. The HTTP status is 200 only for `ok`, else 503. */
export const healthSchema = z.strictObject({
  status: z.enum(["ok", "starting", "draining", "unhealthy"]),
  version: z.string().meta({ description: "The release that responds" }),
  uptimeSeconds: z.int().min(0),
});
type HealthStatus = z.output<typeof healthSchema>["status"];

/** Decides the status of the health check. */
export function healthStatus(lifecycle: Lifecycle, faultInjector: FaultInjector): HealthStatus {
  if (lifecycle.phase !== "ready") return lifecycle.phase;
  return faultInjector.isUnhealthy() ? "unhealthy" : "ok";
}

/**
 * Responds to GET /health before the router, because this is the most frequent request. It does not use the database: an outage of
 * the database must not make all tasks unhealthy at once.
 */
export function health(options: {
  readonly releaseVersion: string;
  readonly lifecycle: Lifecycle;
  readonly faultInjector: FaultInjector;
  readonly uptimeSeconds: () => number;
}): Middleware {
  const { releaseVersion: version, lifecycle, faultInjector } = options;
  return (ctx, next) => {
    if (!isHealthCheck(ctx)) return next();
    if (ctx.method !== "GET" && ctx.method !== "HEAD") {
      ctx.status = ctx.method === "OPTIONS" ? 204 : 405;
      ctx.set("Allow", "GET, HEAD");
      return Promise.resolve();
    }
    const status = healthStatus(lifecycle, faultInjector);
    const uptimeSeconds = Math.floor(options.uptimeSeconds());
    ctx.status = status === "ok" ? 200 : 503;
    // Faster than Koa's setters, which look up the type for each response.
    ctx.res.setHeader("Content-Type", "application/json; charset=utf-8");
    ctx.res.setHeader("Cache-Control", "no-store");
    const health: z.output<typeof healthSchema> = { status, version, uptimeSeconds };
    ctx.body = JSON.stringify(health);
    return Promise.resolve();
  };
}
