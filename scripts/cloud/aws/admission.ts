import type { IncomingHttpHeaders } from "node:http";
import { isIPv4 } from "node:net";
import { AwsError } from "../aws-error";

/** `Sec-Fetch-Site` of what no other site's page has caused (W3C, Fetch Metadata Request Headers). */
const OWN_SITES: ReadonlySet<string> = new Set(["same-origin", "none"]);

/** The part before the port of a Host header; undefined: it is none. */
function hostnameOf(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^:[\]/?#@\s]+)(?::\d*)?$/i.exec(host)?.[1]?.toLowerCase();
}

/** True for the names that this machine alone has for itself, with any port: localhost, 127.0.0.0/8 and [::1]. */
function isLoopback(host: string): boolean {
  const hostname = hostnameOf(host);
  if (hostname === undefined) return false;
  return hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."));
}

/** Host and port that an absolute request target names; undefined: it names none. It goes before the Host header (RFC 9112, 3.2.2). */
function authorityOf(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
}

/**
 * Why a request may not be answered; undefined: it may. The local cloud checks no signature, and it runs what its task
 * definitions say. So a web page in the browser of the person who has it running must not reach it, neither under a
 * name of the page's own that leads to this machine (DNS rebinding: a foreign Host), nor across sites (Origin,
 * Sec-Fetch-Site). Clients of AWS send the endpoint's own Host, and neither of the other two.
 */
export function refusalOf({
  url,
  headers,
}: {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}): AwsError | undefined {
  const host = authorityOf(url) ?? headers.host ?? "";
  if (!isLoopback(host)) {
    return refusal(
      `answers only to a Host that is this machine itself (localhost, 127.0.0.1, [::1]), not to ${JSON.stringify(host)}. ` +
        "Use the endpoint as it is printed.",
    );
  }
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return refusal(`answers to no web page; this request comes from the origin ${JSON.stringify(origin)}.`);
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && !(typeof site === "string" && OWN_SITES.has(site))) {
    return refusal(`answers to no web page; this request has Sec-Fetch-Site ${JSON.stringify(site)}.`);
  }
  return undefined;
}

function refusal(reason: string): AwsError {
  return new AwsError("AccessDeniedException", `The local cloud ${reason}`, 403);
}
