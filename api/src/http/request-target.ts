/** Beginning of a target that names the host as well: a client sends it to a proxy, and a server must take it too. */
const ABSOLUTE = /^https?:\/\//i;

/**
 * Path and query string of a request target (RFC 9112, section 3.2), or `*`; undefined: it is none that a client of
 * HTTP may send, and Koa's own parser would throw at some of these.
 */
export function pathAndQuery(target: string): string | undefined {
  if (target.startsWith("/") || target === "*") return target;
  if (!ABSOLUTE.test(target) || !URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return pathname + search;
}
