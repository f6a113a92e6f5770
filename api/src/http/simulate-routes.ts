import { createHash, timingSafeEqual } from "node:crypto";
import type { Router } from "@koa/router";
import type { Middleware } from "koa";
import { z } from "zod";
import { applyEffect, type Delay } from "../faults/apply-effect";
import type { FaultInjector } from "../faults/fault-injector";
import { checked, Problem } from "./problem";

/** Header with the shared token. */
export const SIMULATE_TOKEN_HEADER = "x-simulate-token";

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** Refuses requests without the token. It compares digests, so that the time doesn't reveal content or length of the token. */
function withToken(token: string): Middleware {
  const expected = sha256(token);
  return (ctx, next) => {
    if (!timingSafeEqual(sha256(ctx.get(SIMULATE_TOKEN_HEADER)), expected)) {
      throw new Problem(403, { detail: `Send the shared token in ${SIMULATE_TOKEN_HEADER}.` });
    }
    return next();
  };
}

/** Path parameter of the routes that switch a fault on or off. */
export const onOff = z.object({ on: z.enum(["true", "false"], { error: "must be true or false" }) });
/** Query string of POST /simulate/error. */
export const badAnswer = z.object({ mode: z.enum(["error", "slow"], { error: "must be error or slow" }).optional() });

/**
 * Adds the routes that switch faults on and off at run time. Call it only when there is a token.
 * @param exit ends the process with this code
 */
export function simulateRoutes(
  router: Router,
  options: {
    readonly token: string;
    readonly faultInjector: FaultInjector;
    readonly delay: Delay;
    readonly exit: (code: number) => void;
  },
): void {
  const { faultInjector } = options;
  const allowed = withToken(options.token);

  router.post("/simulate/unhealthy/:on", allowed, (ctx) => {
    const unhealthy = checked(onOff, ctx.params).on === "true";
    faultInjector.setUnhealthy(unhealthy);
    ctx.body = { unhealthy };
  });

  router.post("/simulate/crash/:on", allowed, (ctx) => {
    const crash = checked(onOff, ctx.params).on === "true";
    faultInjector.setCrash(crash);
    ctx.body = { crash };
  });

  router.post("/simulate/error", allowed, async (ctx) => {
    const effect = faultInjector.effectOnErrorRoute(checked(badAnswer, ctx.query).mode);
    await applyEffect(effect, options.delay);
    ctx.body = { mode: effect.kind };
  });

  router.post("/simulate/exit", allowed, (ctx) => {
    ctx.status = 202;
    ctx.body = { exit: true };
    ctx.res.once("finish", () => options.exit(1));
  });
}
