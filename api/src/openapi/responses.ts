import { STATUS_CODES } from "node:http";
import { BODY_LIMIT_BYTES } from "../http/json-body";
import { REQUEST_ID_HEADER } from "../http/request-id";
import { RELEASE_VERSION_HEADER } from "../http/requests";
import { reference, type JsonSchema, type SchemaName } from "./schemas";

/** A header of a response. */
interface HeaderDescription {
  readonly description: string;
  /** Whether every response with this status has it. */
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** The response of one operation with one status. */
export interface ResponseDescription {
  readonly description: string;
  readonly headers: Readonly<Record<string, HeaderDescription>>;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema; readonly example: unknown }>>;
}

/** Responses by status. */
export type Responses = Readonly<Record<string, ResponseDescription>>;

const header = (description: string, required = true): HeaderDescription => ({
  description,
  required,
  schema: { type: "string" },
});

/** The request id in all examples. */
const EXAMPLE_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

/** Headers of every response. */
const COMMON_HEADERS = {
  [REQUEST_ID_HEADER]: header("The request's id: the client's, if it is valid"),
  [RELEASE_VERSION_HEADER]: header("The release that responded"),
};

const ETAG = { ETag: header("The task's version, for If-Match") };

/** Additional headers, by kind of response. */
const HEADERS = {
  etag: ETAG,
  created: { ...ETAG, Location: header("The task's path") },
  perhapsEtag: { ETag: header("The current version of the task", false) },
  health: { "Cache-Control": header("no-store") },
  retry: { "Retry-After": header("Seconds to wait before the next try", false) },
  refusedBody: {
    "Accept-Post": header("The media type that POST takes", false),
    "Accept-Patch": header("The media type that PATCH takes", false),
    "Accept-Encoding": header("The codings that a body may have", false),
  },
} as const;

/** A response with a body. */
export function success(
  description: string,
  schema: SchemaName | JsonSchema,
  example: unknown,
  headers?: keyof typeof HEADERS,
): ResponseDescription {
  return {
    description,
    headers: { ...COMMON_HEADERS, ...(headers && HEADERS[headers]) },
    content: {
      "application/json": { schema: typeof schema === "string" ? reference(schema) : schema, example },
    },
  };
}

/** A response without a body. */
export function empty(description: string): ResponseDescription {
  return { description, headers: COMMON_HEADERS };
}

/** A response that is a problem document. */
function problem(
  status: number,
  description: string,
  example: { readonly detail?: string; readonly errors?: readonly object[] },
  headers?: keyof typeof HEADERS,
): Responses {
  const body = { type: "about:blank", title: STATUS_CODES[status], status, ...example, requestId: EXAMPLE_ID };
  return {
    [status]: {
      description,
      headers: { ...COMMON_HEADERS, ...(headers && HEADERS[headers]) },
      content: { "application/problem+json": { schema: reference("Problem"), example: body } },
    },
  };
}

/** Responses that any request may get. */
export const ANY_REQUEST: Responses = {
  ...problem(400, "The request cannot be read: it has no Host, or an invalid request target.", {
    detail: "Send a Host header.",
  }),
  ...problem(408, "The request was not received in time.", {}),
  ...problem(417, "The request expects something other than 100-continue.", {
    detail: "Expect supports only 100-continue.",
  }),
  ...problem(431, "The headers are too large.", {}),
};

/** For operations with path, query, headers or body to validate. */
export const INVALID = problem(400, "Fields of the request cannot be accepted, or it cannot be read.", {
  detail: "The request has fields that cannot be accepted.",
  errors: [{ field: "title", message: "is required: text of 1 to 200 characters, not blank" }],
});

/** For operations with a request body. */
export const BODY: Responses = {
  ...INVALID,
  ...problem(413, "The body is too large.", { detail: `The body may have at most ${BODY_LIMIT_BYTES} bytes.` }),
  ...problem(
    415,
    "The body has another media type, charset or coding.",
    { detail: "Send the body as application/json, in UTF-8." },
    "refusedBody",
  ),
};

/** For operations on one task. */
export const MISSING = problem(404, "There is no such task.", { detail: "There is no task with this id." });

/** For operations with If-Match. */
export const CHANGED = problem(
  412,
  "The task has another version than If-Match names.",
  { detail: "The task has been changed since you read it: read it again, then decide." },
  "etag",
);

/** For operations that require If-Match. */
export const UNCONDITIONAL = problem(428, "If-Match is missing.", {
  detail: "Send If-Match with the ETag of the task you have read, so that no other change is overwritten.",
});

/** For routes that require the token. */
export const NO_TOKEN = problem(403, "The token is missing or wrong.", {
  detail: "Send the shared token in x-simulate-token.",
});

/** A failure of the service. The response contains no internals. */
export const FAILED = problem(500, "Something went wrong on our side.", {
  detail: "Something went wrong on our side.",
});

/** For operations that use the database. */
export const DATABASE: Responses = {
  ...FAILED,
  ...problem(
    503,
    "The database is not available. A write may have succeeded: read before trying again.",
    { detail: "The database is not available; try again." },
    "retry",
  ),
};

/** As DATABASE, for PATCH, whose 503 can contain the current version. */
export const DATABASE_OF_CHANGES: Responses = {
  ...DATABASE,
  503: {
    ...(DATABASE[503] as ResponseDescription),
    headers: { ...COMMON_HEADERS, ...HEADERS.retry, ...HEADERS.perhapsEtag },
  },
};
