/**
 * Path and query string of a request target, of one that names a host as well too. No URL parser is asked, for these
 * take neither `//` nor `//[`; and what is asked of the cloud is never where the target leads.
 */
export function pathAndQuery(target: string): string {
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  return path.startsWith("/") ? path : `/${path}`;
}

/** The query string of a request target, without `?`; empty when it has none. */
export function queryOf(target: string): string {
  return /\?([^#]*)/.exec(target)?.[1] ?? "";
}
