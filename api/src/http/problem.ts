import { STATUS_CODES } from "node:http";
import { z } from "zod";

/** One input that was refused. */
const fieldErrorSchema = z.strictObject({
  field: z.string().meta({ description: "Dotted path of the field; `body` for the body as a whole" }),
  message: z.string(),
});
type FieldError = Readonly<z.output<typeof fieldErrorSchema>>;

/** Every error's body (RFC 9457). */
export const problemSchema = z.strictObject({
  type: z.literal("about:blank"),
  title: z.string().meta({ description: "The status's own phrase" }),
  status: z.int().min(400).max(599),
  detail: z.string().optional(),
  errors: z.array(fieldErrorSchema).min(1).optional(),
  requestId: z.string().optional().meta({ description: "As in the header x-request-id" }),
});

/** What a problem may carry beside its status. */
interface ProblemDetails {
  /** A sentence for the client's developer; never internals. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Response headers, e.g. `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is an error, as RFC 9457 shapes it. Thrown by handlers, written by the error middleware. */
export class Problem extends Error {
  constructor(
    /** HTTP status, 400 to 599. */
    readonly status: number,
    readonly details: ProblemDetails = {},
  ) {
    super(details.detail ?? STATUS_CODES[status]);
    this.name = "Problem";
  }

  /** The status's own phrase. */
  get title(): string {
    return STATUS_CODES[this.status] ?? "Error";
  }
}

/** The media type of every error. */
export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/**
 * The body of a problem. `type` is about:blank: the status says it all (RFC 9457, section 4.2.1), so `title` is the
 * status's own phrase.
 */
export function problemBody(problem: Problem, requestId?: string): string {
  const { detail, errors } = problem.details;
  const body: z.input<typeof problemSchema> = {
    type: "about:blank",
    title: problem.title,
    status: problem.status,
    detail,
    errors: errors && [...errors],
    requestId,
  };
  return JSON.stringify(body);
}

/** Zod's findings as the fields of a 400; an unknown key is its own field. */
function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ field: [...path, key].join("."), message: "is not a field of this" }));
    }
    return [{ field: path.join(".") || "body", message: issue.message }];
  });
}

/**
 * Checks input against a schema.
 * @throws Problem 400 with the failing fields
 */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new Problem(400, {
    detail: "The request has fields that cannot be accepted.",
    errors: fieldErrors(result.error),
  });
}
