import type { Middleware } from "koa";

/** The properties that the router sets on the context of a request. */
interface Routed {
  /** Routes with a matching path, with any method. */
  readonly matched?: readonly { readonly methods: readonly string[] }[];
  readonly routeMatched?: boolean;
}

/**
 * Responds with 405 when the path exists but not with this method, and with the list of methods to OPTIONS. The router's own
 * middleware responds with 501 to unknown methods. Then any client could cause a 5xx, which fires the alarms of a release.
 */
export const allowedMethods: Middleware<object, Routed> = async (ctx, next) => {
  await next();
  if (ctx.routeMatched !== false || !ctx.matched?.length) return;
  const methods = new Set(ctx.matched.flatMap((route) => route.methods));
  ctx.status = ctx.method === "OPTIONS" ? 204 : 405;
  ctx.set("Allow", [...methods].sort().join(", "));
};
