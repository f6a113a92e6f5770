import type { Middleware } from "koa";
import { z } from "zod";
import type { Switchboard } from "../faults/switchboard";
import type { Lifecycle } from "../lifecycle";
import { isHealthCheck } from "./requests";

/** What GET /health says; only `ok` is a 200. */
export const healthSchema = z.strictObject({
  status: z.enum(["ok", "starting", "draining", "unhealthy"]),
  version: z.string().meta({ description: "The release that answers" }),
  uptimeSeconds: z.int().min(0),
});
type HealthStatus = z.output<typeof healthSchema>["status"];

/** Decides what the health check says. */
export function healthStatus(lifecycle: Lifecycle, switchboard: Switchboard): HealthStatus {
  if (lifecycle.phase !== "ready") return lifecycle.phase;
  return switchboard.isUnhealthy() ? "unhealthy" : "ok";
}

/**
 * Answers GET /health, before any routing: it is the request that never stops coming. It asks nothing of the database:
 * an outage there must not take every task out of service at once.
 */
export function health(options: {
  readonly releaseVersion: string;
  readonly lifecycle: Lifecycle;
  readonly switchboard: Switchboard;
  readonly uptimeSeconds: () => number;
}): Middleware {
  const { releaseVersion: version, lifecycle, switchboard } = options;
  return (ctx, next) => {
    if (!isHealthCheck(ctx)) return next();
    if (ctx.method !== "GET" && ctx.method !== "HEAD") {
      ctx.status = ctx.method === "OPTIONS" ? 204 : 405;
      ctx.set("Allow", "GET, HEAD");
      return Promise.resolve();
    }
    const status = healthStatus(lifecycle, switchboard);
    const uptimeSeconds = Math.floor(options.uptimeSeconds());
    ctx.status = status === "ok" ? 200 : 503;
    // Koa's setters look the type up anew each time.
    ctx.res.setHeader("Content-Type", "application/json; charset=utf-8");
    ctx.res.setHeader("Cache-Control", "no-store");
    const health: z.output<typeof healthSchema> = { status, version, uptimeSeconds };
    ctx.body = JSON.stringify(health);
    return Promise.resolve();
  };
}
