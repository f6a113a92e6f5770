import type { IncomingHttpHeaders } from "node:http";
import { isIPv4 } from "node:net";
import { AwsError } from "../aws-error";

/** Values of `Sec-Fetch-Site` for a request that no other site's page caused (https://www.w3.org/TR/fetch-metadata/). */
const OWN_SITES: ReadonlySet<string> = new Set(["same-origin", "none"]);

/** The Host header without its port; undefined when it is not valid. */
function hostnameOf(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^:[\]/?#@\s]+)(?::\d*)?$/i.exec(host)?.[1]?.toLowerCase();
}

/** True when a Host header names this machine, with any port: localhost, 127.0.0.0/8 or [::1]. */
function isLoopback(host: string): boolean {
  const hostname = hostnameOf(host);
  if (hostname === undefined) return false;
  return hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."));
}

/**
 * Host and port of an absolute request target; undefined for a target without a host. They take precedence over the Host
 * header (https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2).
 */
function authorityOf(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
}

/**
 * Decides whether the local cloud answers a request. It checks no signature and runs the commands of task definitions, so a
 * web page in the user's browser must not reach it. A page that reaches it by DNS rebinding sends another Host; a page of
 * another site sends Origin or Sec-Fetch-Site. AWS clients send the endpoint's Host, and neither of these two headers.
 * @returns why the request is refused; undefined when it is admitted
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
