import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { messageOf } from "../command/error-message";
import type { PlannedProbe, ProbeTarget } from "./probe-plan";

/** No connection to the listener: nothing was asked. `message` says why. */
export class ListenerUnreachable extends Error {
  constructor(why: string) {
    super(why);
    this.name = "ListenerUnreachable";
  }
}

/** What is sent, and how long it may take. */
export interface ProbeRequest {
  readonly target: Omit<ProbeTarget, "requests">;
  readonly request: Pick<PlannedProbe, "path" | "headers">;
  /** Milliseconds until the whole answer, including the connection. */
  readonly timeoutMs: number;
  /** Ends the request at once. */
  readonly signal: AbortSignal;
}

/**
 * Sends a GET request and returns the status of its answer, which has arrived whole. It follows no redirect.
 *
 * @throws ListenerUnreachable without a connection (with HTTPS: without a valid certificate), Error without an answer
 */
export type SendProbe = (probe: ProbeRequest) => Promise<number>;

/** Sends a request on a connection of its own. Not with `fetch`, which ignores a Host header. */
export const sendProbe: SendProbe = ({ target, request, timeoutMs, signal }) => {
  const { protocol, hostname, port, host } = target;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return new Promise<number>((resolve, reject) => {
    let isConnected = false;
    const options = {
      ...{ protocol, hostname, port, path: request.path, method: "GET", agent: false },
      headers: { "user-agent": "release-probe", ...headers, ...(host !== undefined && { host }) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    };
    // Without the service's name, only the certificate's chain can be checked.
    const tls = host === undefined ? { checkServerIdentity: () => undefined } : { servername: host };
    const outgoing = protocol === "https:" ? httpsRequest({ ...options, ...tls }) : httpRequest(options);
    outgoing.once("socket", (socket) =>
      socket.once(protocol === "https:" ? "secureConnect" : "connect", () => (isConnected = true)),
    );
    outgoing.on("error", (error) => {
      const isLate = error.name === "AbortError" && !signal.aborted;
      const why = isLate ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
      reject(isConnected || signal.aborted ? new Error(why) : new ListenerUnreachable(why));
    });
    outgoing.on("response", (response) => {
      response.on("error", reject);
      response.once("end", () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    outgoing.end();
  });
};

/** An error of several addresses has only a code. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return messageOf(error) || (error.code ?? "no connection");
}
