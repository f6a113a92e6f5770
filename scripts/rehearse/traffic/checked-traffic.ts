import { isNativeError, isPromise } from "node:util/types";
import { z } from "zod";
import type { Traffic, TrafficJudgement } from "../traffic-module";

/** A traffic module threw an error, or returned something else than documented, while requests were sent. */
export class TrafficModuleError extends Error {
  constructor(message: string) {
    super(`${message}\nThe rehearsal says nothing about the release. Correct the module, then rehearse again.`);
    this.name = "TrafficModuleError";
  }
}

const requestSchema = z.object({
  name: z.string().min(1, "must not be empty"),
  method: z.string().regex(/^(?!CONNECT$)[A-Z]+$/, "must be a method of HTTP in upper case, not CONNECT"),
  path: z.string().regex(/^\/[^\s#]*$/, "must begin with / and have neither spaces nor #"),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, "must be a header's name"),
      z.string().regex(/^[\t\u0020-\u007E]*$/, "must be one line of printable ASCII characters"),
    )
    .optional(),
  body: z.unknown().refine(isJson, "must be a text or have a form in JSON").optional(),
});
const plannedSchema = z.object({ request: requestSchema, judge: z.custom(isFunction, "must be a function") });
const judgementSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ok") }),
  z.object({ kind: z.literal("refused") }),
  z.object({ kind: z.literal("failed"), reason: z.string() }),
]);
const count = z.number().int().nonnegative();
const writeCheckSchema = z.object({
  acknowledged: count,
  lost: count.nullable(),
  unreadable: z.string().optional(),
});
const trafficSchema = z.object({
  next: z.custom(isFunction, "must be a function"),
  checkWrites: z.custom(isFunction, "must be a function").optional(),
  warmUp: z.custom(isFunction, "must be a function").optional(),
});

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isJson(body: unknown): boolean {
  try {
    // The types of JSON.stringify don't say that a function, for example, gives undefined.
    return body === undefined || (JSON.stringify(body) as string | undefined) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Says what is wrong with the value that `createTraffic` returned.
 * @returns undefined when it is a traffic
 */
export function trafficProblem(value: unknown): string | undefined {
  const parsed = trafficSchema.safeParse(value);
  return parsed.success ? undefined : issueOf(parsed.error);
}

/**
 * Wraps the traffic of a module. Each value that it returns is checked, so that a mistake in the module does not become a
 * wrong verdict.
 * @param file named in errors
 * @throws TrafficModuleError from each method
 */
export function checkedTraffic(traffic: Traffic, file: string): Traffic {
  const called = <Value>(what: string, schema: z.ZodType<Value>, call: () => unknown): Value =>
    checked(what, schema, ran(what, call));
  const ran = (what: string, call: () => unknown): unknown => {
    try {
      return call();
    } catch (error) {
      throw threw(what, error);
    }
  };
  const checked = <Value>(what: string, schema: z.ZodType<Value>, value: unknown): Value => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    if (!isPromise(value)) throw new TrafficModuleError(`${file}: ${what} returned ${issueOf(parsed.error)}`);
    value.catch(() => undefined); // It may reject while nothing waits.
    throw new TrafficModuleError(`${file}: ${what} returned a promise; it must return the value itself`);
  };
  const threw = (what: string, error: unknown) => new TrafficModuleError(`${file}: ${what} threw ${placeOf(error)}`);
  return {
    next: () => {
      // The schema would copy the object, and `judge` may use `this`.
      const planned = ran("next()", () => traffic.next()) as ReturnType<Traffic["next"]>;
      const { request } = checked("next()", plannedSchema, planned);
      return {
        request: request,
        judge: (answer) =>
          called<TrafficJudgement>(`judge() of the request ${request.name}`, judgementSchema, () =>
            planned.judge(answer),
          ),
      };
    },
    get acknowledgedWrites() {
      return called("acknowledgedWrites", count, () => traffic.acknowledgedWrites ?? 0);
    },
    ...(traffic.checkWrites && {
      checkWrites: async (send) => {
        const result = await Promise.resolve(ran("checkWrites()", () => traffic.checkWrites?.(send))).catch(
          (error: unknown) => {
            throw threw("checkWrites()", error);
          },
        );
        return checked("checkWrites()", writeCheckSchema, result);
      },
    }),
    ...(traffic.warmUp && {
      warmUp: () => called("warmUp()", requestSchema, () => traffic.warmUp?.()),
    }),
  };
}

function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.join(".") ?? "";
  return `a wrong value: ${path === "" ? "" : `${path}: `}${issue?.message ?? ""}`;
}

/** The message of an error, and the first line of its stack that is in the module. */
function placeOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const [, place] = /\n\s+(at .*)/.exec(error.stack ?? "") ?? [];
  return `${error.name}: ${error.message}${place === undefined ? "" : ` (${place})`}`;
}
