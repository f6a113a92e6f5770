/**
 * Path and query string of a request target, without its scheme and host. This uses no URL parser: a parser takes `//x` for a
 * host and throws on `//[`.
 */
export function pathAndQuery(target: string): string {
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  return path.startsWith("/") ? path : `/${path}`;
}

/** The query string of a request target, without `?`; empty when it has none. */
export function queryOf(target: string): string {
  return /\?([^#]*)/.exec(target)?.[1] ?? "";
}
