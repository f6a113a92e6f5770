import { createHash, timingSafeEqual } from "node:crypto";
import type { Router } from "@koa/router";
import type { Middleware } from "koa";
import { z } from "zod";
import type { Misbehaviour, Switchboard } from "../faults/switchboard";
import { checked, Problem } from "./problem";

/** Header with the shared token. */
export const SIMULATE_TOKEN_HEADER = "x-simulate-token";

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** Refuses who does not know the token; digests are compared, so neither content nor length shows in the time taken. */
function withToken(token: string): Middleware {
  const expected = sha256(token);
  return (ctx, next) => {
    if (!timingSafeEqual(sha256(ctx.get(SIMULATE_TOKEN_HEADER)), expected)) {
      throw new Problem(403, { detail: `Send the shared token in ${SIMULATE_TOKEN_HEADER}.` });
    }
    return next();
  };
}

/** Resolves after so many milliseconds. */
export type Delay = (ms: number) => Promise<void>;

/**
 * Lets a request suffer: waits, or fails.
 * @throws Problem 500 for an error
 */
export async function suffer(misbehaviour: Misbehaviour, delay: Delay): Promise<void> {
  if (misbehaviour.kind === "error") throw new Problem(500, { detail: "A simulated failure." });
  if (misbehaviour.kind === "slow") await delay(misbehaviour.ms);
}

/** Path of the routes that switch a fault on or off. */
export const onOff = z.object({ on: z.enum(["true", "false"], { error: "must be true or false" }) });
/** Query string of POST /simulate/error. */
export const badAnswer = z.object({ mode: z.enum(["error", "slow"], { error: "must be error or slow" }).optional() });

/**
 * Adds the routes that switch faults on and off while the service runs. To be called only when there is a token.
 * @param exit ends the process with this code
 */
export function simulateRoutes(
  router: Router,
  options: {
    readonly token: string;
    readonly switchboard: Switchboard;
    readonly delay: Delay;
    readonly exit: (code: number) => void;
  },
): void {
  const { switchboard } = options;
  const allowed = withToken(options.token);

  router.post("/simulate/unhealthy/:on", allowed, (ctx) => {
    const unhealthy = checked(onOff, ctx.params).on === "true";
    switchboard.setUnhealthy(unhealthy);
    ctx.body = { unhealthy };
  });

  router.post("/simulate/crash/:on", allowed, (ctx) => {
    const crash = checked(onOff, ctx.params).on === "true";
    switchboard.setCrash(crash);
    ctx.body = { crash };
  });

  router.post("/simulate/error", allowed, async (ctx) => {
    const misbehaviour = switchboard.oneBadAnswer(checked(badAnswer, ctx.query).mode);
    await suffer(misbehaviour, options.delay);
    ctx.body = { mode: misbehaviour.kind };
  });

  router.post("/simulate/exit", allowed, (ctx) => {
    ctx.status = 202;
    ctx.body = { exit: true };
    ctx.res.once("finish", () => options.exit(1));
  });
}
