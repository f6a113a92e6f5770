import { STATUS_CODES } from "node:http";
import { z } from "zod";

/** One refused field of the input. */
const fieldErrorSchema = z.strictObject({
  field: z.string().meta({ description: "Dotted path of the field; `body` for the body as a whole" }),
  message: z.string(),
});
type FieldError = Readonly<z.output<typeof fieldErrorSchema>>;

/** Body of every error response (RFC 9457). */
export const problemSchema = z.strictObject({
  type: z.literal("about:blank"),
  title: z.string().meta({ description: "The status's standard phrase" }),
  status: z.int().min(400).max(599),
  detail: z.string().optional(),
  errors: z.array(fieldErrorSchema).min(1).optional(),
  requestId: z.string().optional().meta({ description: "The same as in the header x-request-id" }),
});

/** Optional details of a problem. */
interface ProblemDetails {
  /** A sentence for the client's developer. It must not contain internals of the service. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Response headers, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error response (RFC 9457). Handlers throw it, and the outermost middleware writes it. */
export class Problem extends Error {
  constructor(
    /** HTTP status, 400 to 599. */
    readonly status: number,
    readonly details: ProblemDetails = {},
  ) {
    super(details.detail ?? STATUS_CODES[status]);
    this.name = "Problem";
  }

  /** The status's standard phrase. */
  get title(): string {
    return STATUS_CODES[this.status] ?? "Error";
  }
}

/** The media type of every error response. */
export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/**
 * The body of a problem as JSON. `type` is about:blank, because the status is the whole type. `title` must then be the status's
 * standard phrase (RFC 9457, section 4.2.1).
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

/** Zod's issues as the field errors of a 400. Each unknown key is a field. */
function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ field: [...path, key].join("."), message: "is not a known field" }));
    }
    return [{ field: path.join(".") || "body", message: issue.message }];
  });
}

/**
 * Parses input with a schema.
 * @throws Problem 400 with the invalid fields
 */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new Problem(400, {
    detail: "The request has fields that cannot be accepted.",
    errors: fieldErrors(result.error),
  });
}
