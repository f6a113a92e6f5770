import { randomBytes } from "node:crypto";
import type { ErrorCause } from "../../cloud/faults";
import type { Answer } from "../../cloud/load-balancer/part";
import type { Observable } from "../../cloud/subject";

/** The id of a request's trace, and the header that carries it to the load balancer. */
export interface RequestTrace {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Which version answered a request. */
interface Answered {
  /** When the request arrived at the load balancer, in simulated milliseconds; undefined when no answer came. */
  readonly arrivedAt: number | undefined;
  /** Undefined when the load balancer answered itself, or no answer came. */
  readonly version: string | undefined;
  /** What made the answer, when it is an error that the local cloud plays. */
  readonly played: ErrorCause | undefined;
}

/** The end of a request's trace. */
export interface EndedTrace extends Answered {
  /** Why the load balancer answered in the place of a task. */
  readonly targetError: string | undefined;
}

const NOT_ANSWERED: EndedTrace = {
  arrivedAt: undefined,
  version: undefined,
  played: undefined,
  targetError: undefined,
};

/**
 * Knows which version answered a request: the load balancer keeps the Root of the header X-Amzn-Trace-Id that a client sends
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html), and the local
 * cloud tells which task answered the request with that Root, and with which image. The service need not send anything.
 */
export class AnsweringVersions {
  /** By trace id, of the requests without an answer. */
  private readonly waiting = new Map<string, EndedTrace>();

  /**
   * @param answers the answers of the load balancer, each before the client gets it
   * @param versions the versions by the digest of their image
   */
  constructor(answers: Observable<Answer>, versions: ReadonlyMap<string, string>) {
    answers.subscribe(({ traceId, arrivedAt, source, task, played, targetError }) => {
      if (!this.waiting.has(traceId)) return;
      const byTask = source === "target" && task ? { version: versions.get(task.imageDigest), played } : undefined;
      this.waiting.set(traceId, { ...NOT_ANSWERED, arrivedAt, targetError, ...byTask });
    });
  }

  /** Begins the trace of a request. */
  begin(): RequestTrace {
    // The format is `1-<seconds since the Unix epoch>-<96 bits>`, in hexadecimal digits.
    const seconds = Math.floor(Date.now() / 1000).toString(16);
    const id = `1-${seconds}-${randomBytes(12).toString("hex")}`;
    this.waiting.set(id, NOT_ANSWERED);
    return { id, headers: { "x-amzn-trace-id": `Root=${id}` } };
  }

  /** Ends the trace of a request. */
  end({ id }: RequestTrace): EndedTrace {
    const answered = this.waiting.get(id) ?? NOT_ANSWERED;
    this.waiting.delete(id);
    return answered;
  }
}
