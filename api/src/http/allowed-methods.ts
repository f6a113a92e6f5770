import type { Middleware } from "koa";

/** What the router leaves on the context about the request it could not serve. */
interface Routed {
  /** Routes whose path fits, whatever their method. */
  readonly matched?: readonly { readonly methods: readonly string[] }[];
  readonly routeMatched?: boolean;
}

/**
 * Answers for a path that is served, but not with this method: 405, or the list itself to OPTIONS. The router's own
 * middleware says 501 to a method it has never heard of, and a 5xx that any passer-by can cause would fire the alarms
 * of a release.
 */
export const allowedMethods: Middleware<object, Routed> = async (ctx, next) => {
  await next();
  if (ctx.routeMatched !== false || !ctx.matched?.length) return;
  const methods = new Set(ctx.matched.flatMap((route) => route.methods));
  ctx.status = ctx.method === "OPTIONS" ? 204 : 405;
  ctx.set("Allow", [...methods].sort().join(", "));
};
