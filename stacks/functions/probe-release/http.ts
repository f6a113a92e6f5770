import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";

/** Timeout of one request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 5_000;
/** Delay before a retry, in milliseconds. The nodes of a load balancer apply a change one after the other. */
const RETRY_DELAY_MS = 1_000;
const ATTEMPTS = 3;
/** Statuses with which the load balancer itself responds, when no target does. */
const TRY_AGAIN = [502, 503, 504];

/** A complete response. */
export interface ProbeResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: unknown;
}

/** A request to a path of the base URL. */
export interface ProbeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** Options of `asking`. */
export interface RequestOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** The Host header, and the name of the certificate; default: those of the base URL. */
  readonly host?: string | undefined;
  /** Aborts all requests. */
  readonly deadline: AbortSignal;
  readonly log: (line: string) => void;
  /** Resolves after this number of milliseconds; default: a timer. */
  readonly delay?: (ms: number) => Promise<void>;
}

/**
 * Gives a function that sends requests to the service. It makes up to three attempts when there is no response, or when the
 * load balancer itself responds. It never retries a response of the service.
 */
export function asking(options: RequestOptions): (ask: ProbeRequest) => Promise<ProbeResponse> {
  const delay = options.delay ?? ((ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)));
  return async (ask) => {
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt === ATTEMPTS || options.deadline.aborted;
      try {
        const answer = await once(ask, options);
        if (last || !TRY_AGAIN.includes(answer.status)) return answer;
        options.log(`${ask.method} ${ask.path}: ${answer.status}, trying again`);
      } catch (error) {
        const why = `${ask.method} ${ask.path}: no answer (${reasonOf(error)})`;
        if (last) throw new Error(why, { cause: error });
        options.log(`${why}, trying again`);
      }
      await delay(RETRY_DELAY_MS);
    }
  };
}

/** Sends a request once. Not with `fetch`, which ignores a Host header. */
async function once(request: ProbeRequest, { baseUrl, host, deadline }: RequestOptions): Promise<ProbeResponse> {
  const { method, path, body } = request;
  const headers = new Headers(request.headers);
  const payload = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  if (payload !== body && !headers.has("content-type")) headers.set("content-type", "application/json");
  if (host !== undefined) headers.set("host", host);
  // Not new URL(path, baseUrl): a path such as //example.com would then name another host.
  const url = new URL(`${baseUrl}${path}`);
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: Object.fromEntries(headers),
      signal,
      ...(host !== undefined && { servername: host }),
    };
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const outgoing = send(url, options, (response) => {
      const received = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
      text(response).then(
        (content) => resolve({ status: response.statusCode ?? 0, headers: received, json: parsed(content) }),
        reject,
      );
    });
    outgoing.once("error", reject);
    outgoing.end(payload);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The reason of a failed request: that of its end by a signal is in `cause`, and an error of several addresses has only a code. */
function reasonOf(error: unknown): string {
  const { message, cause, code } = Object(error) as { message?: unknown; cause?: unknown; code?: unknown };
  const { message: why } = Object(cause) as { message?: unknown };
  const reasons = [why, message, code].filter((reason) => typeof reason === "string" && reason !== "");
  return String(reasons[0] ?? error);
}
