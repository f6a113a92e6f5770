/** Milliseconds that one request may take. */
const REQUEST_TIMEOUT_MS = 5_000;
/** Milliseconds before a request is tried again: a load balancer's nodes learn of a change one after the other. */
const RETRY_DELAY_MS = 1_000;
const ATTEMPTS = 3;
/** Answers of a load balancer that has no target to ask, or none that answers. */
const TRY_AGAIN = [502, 503, 504];

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** A request, relative to the base URL. */
export interface Ask {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** What `asking` works with. */
export interface AskingOptions {
  /** Without a / at its end. */
  readonly baseUrl: string;
  /** Ends everything. */
  readonly deadline: AbortSignal;
  readonly log: (line: string) => void;
  /** Resolves after that many milliseconds; default: by a timer. */
  readonly delay?: (ms: number) => Promise<void>;
}

/**
 * Gives a function that asks the service. No answer, and answers of the load balancer's own, are asked for again, three
 * times in all; what the service itself says stands.
 */
export function asking(options: AskingOptions): (ask: Ask) => Promise<Answer> {
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

async function once({ method, path, body }: Ask, { baseUrl, deadline }: AskingOptions): Promise<Answer> {
  // Joined, not resolved: what looks like another host's address, such as //example.com, must not become one.
  const response = await fetch(new URL(`${baseUrl}${path}`), {
    method,
    redirect: "manual",
    signal: AbortSignal.any([deadline, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, json: parsed(await response.text()) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch hides what happened in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}
