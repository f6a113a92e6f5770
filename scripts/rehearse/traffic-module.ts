/**
 * What a traffic module and the rehearsal say to each other. A module says which requests a rehearsal sends to your
 * service, which answers are right, and whether a write was lost. It exports a function `createTraffic` of the type
 * `CreateTraffic`; the key `rehearsal.module` names its file. docs/your-own-service.md has an example.
 */

/** A request to the service. */
export interface TrafficRequest {
  /** Names the request in reports; requests of one kind share a name. */
  readonly name: string;
  /** Any method of HTTP, e.g. GET. */
  readonly method: string;
  /** Path and query; begins with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is. Anything else is sent as JSON, with the header content-type if `headers` has none. */
  readonly body?: unknown;
}

/** The answer to a request, or why there was none. */
export type TrafficAnswer =
  | {
      readonly kind: "response";
      readonly status: number;
      /** By lower-case name; the values of a repeated header are joined with commas. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** No complete response came: the connection was refused or reset, or the time ran out. */
  | { readonly kind: "broken"; readonly reason: string };

/** Whether an answer is right. */
export type TrafficJudgement =
  | { readonly kind: "ok" }
  /** The service refused the request by its rules, e.g. 412 for an outdated condition. A few of these are no failure. */
  | { readonly kind: "refused" }
  /** Failed requests with the same reason are counted together, so keep ids and numbers out of it. */
  | { readonly kind: "failed"; readonly reason: string };

/** A request that is due now. */
export interface PlannedRequest {
  readonly request: TrafficRequest;
  /** Called once, when the answer has come. Other requests may have been sent and answered in the meantime. */
  judge(answer: TrafficAnswer): TrafficJudgement;
}

/** The result of reading all acknowledged writes back. */
export interface WriteCheck {
  /** Number of writes that the service acknowledged. */
  readonly acknowledged: number;
  /** Number of acknowledged writes that are lost; null when they could not be read. */
  readonly lost: number | null;
  /** Why they could not be read. */
  readonly unreadable?: string;
}

/** The traffic of one rehearsal. */
export interface Traffic {
  /** Returns the next request. The rehearsal sends it at once, and does not wait for earlier answers. */
  next(): PlannedRequest;
  /** Number of acknowledged writes so far, for the report of an aborted rehearsal. */
  readonly acknowledgedWrites?: number;
  /**
   * Checks after the rehearsal that no acknowledged write is lost. Without it, the report says that writes are not checked.
   * @param send sends a request to the service; its promise never rejects
   */
  checkWrites?(send: (request: TrafficRequest) => Promise<TrafficAnswer>): Promise<WriteCheck>;
  /**
   * Returns a request that warms up a new process. It must not need data. Its answers are not judged. Without it, the path
   * of the health check is read.
   */
  warmUp?(): TrafficRequest;
}

/** What the rehearsal gives to a module. */
export interface TrafficOptions {
  /** Returns pseudo-random numbers in [0, 1): the same ones in each rehearsal. */
  readonly random: () => number;
}

/** The type of a module's export `createTraffic`. */
export type CreateTraffic = (options: TrafficOptions) => Traffic;
