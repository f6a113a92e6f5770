/** The beginning of an absolute URL. Clients send these to proxies, and servers must accept them too. */
const ABSOLUTE = /^https?:\/\//i;

/**
 * Path and query string of a request target (RFC 9112, section 3.2), or `*`.
 * @returns undefined when the target is not valid. Koa's parser would throw for some of these
 */
export function pathAndQuery(target: string): string | undefined {
  if (target.startsWith("/") || target === "*") return target;
  if (!ABSOLUTE.test(target) || !URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return pathname + search;
}
