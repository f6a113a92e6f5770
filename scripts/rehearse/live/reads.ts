import type { LiveAction, LiveAws, LiveInput, LiveOutput } from "./aws";

/** AWS can't be read. The message names the action, and what the template would lack. */
export class LiveReadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LiveReadError";
  }
}

/** What is live can't be rehearsed. The message names it, and says why. */
export class NotPlayable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NotPlayable";
  }
}

/** Errors of a principal without permission: AWS's services name them differently. */
const DENIED = /^(AccessDenied(Exception)?|AuthorizationError|UnauthorizedOperation|NotAuthorized)$/;

/** Errors of too many calls, after the SDK has tried three times. */
const THROTTLED = /^(Throttl\w*|TooManyRequestsException|RequestLimitExceeded|LimitExceededException)$/;

/** Calls of AWS whose errors name the action and what it is needed for. */
export class LiveReads {
  constructor(private readonly aws: LiveAws) {}

  /**
   * @param what is read, for errors, e.g. `the service shop of the cluster shop`
   * @throws LiveReadError
   */
  async call<Action extends LiveAction>(
    action: Action,
    what: string,
    input: LiveInput<Action>,
  ): Promise<LiveOutput<Action>> {
    const call = this.aws[action] as (input: LiveInput<Action>) => Promise<LiveOutput<Action>>;
    try {
      return await call(input);
    } catch (error) {
      throw readError(action, what, error);
    }
  }

  /**
   * Reads every page of a list.
   * @param page reads the page of a token and gives its items and the next token
   * @throws LiveReadError, also when the tokens don't end
   */
  async all<Item>(
    what: string,
    page: (token: string | undefined) => Promise<{ items: readonly Item[] | undefined; next: string | undefined }>,
  ): Promise<Item[]> {
    const all: Item[] = [];
    const seen = new Set<string>();
    let token: string | undefined;
    for (;;) {
      const { items, next } = await page(token);
      if (items === undefined) throw new LiveReadError(`AWS answered without ${what}: try again`);
      all.push(...items);
      if (next === undefined || next === "") return all;
      if (seen.has(next)) throw new LiveReadError(`AWS gives the same page of ${what} again and again: try again`);
      seen.add(next);
      token = next;
    }
  }
}

function readError(action: LiveAction, what: string, error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === "AbortError") return error as Error;
  if (DENIED.test(name)) {
    return new LiveReadError(
      `${action} is not allowed, so the template would lack ${what}: allow the action, or choose another AWS_PROFILE. ` +
        `AWS says: ${message}`,
    );
  }
  if (/(NotFound|DoesNotExist)(Exception)?$/.test(name)) {
    return new NotPlayable(
      `AWS has no ${what.replace(/^the /, "")} (${action}: ${message}); ` +
        "check ENVIRONMENT, the region, AWS_PROFILE and `existing` in cdktf.json",
    );
  }
  const next = THROTTLED.test(name)
    ? "AWS limits the rate of calls: try again in a minute"
    : "check AWS_PROFILE, the region and the network, and try again";
  return new LiveReadError(`${what}: ${action} failed with ${name}: ${message}; ${next}`);
}

/** The value, unless AWS left it out. @throws LiveReadError naming it */
export function present<Value>(value: Value | null | undefined, what: string): Value {
  if (value === undefined || value === null || value === "") throw new LiveReadError(`AWS answered without ${what}`);
  return value;
}
