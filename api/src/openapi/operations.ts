import { BODY_LIMIT_BYTES } from "../http/json-body";
import { SIMULATE_TOKEN_HEADER, badAnswer, onOff } from "../http/simulate-routes";
import { listSchema } from "../tasks/task-routes";
import { taskIdSchema } from "../tasks/task";
import {
  ANY_REQUEST,
  BODY,
  CHANGED,
  DATABASE,
  DATABASE_OF_CHANGES,
  empty,
  FAILED,
  INVALID,
  MISSING,
  NO_TOKEN,
  success,
  UNCONDITIONAL,
  type Responses,
} from "./responses";
import { reference, schemaOf, type JsonSchema, type SchemaName } from "./schemas";

/** A Parameter Object of OpenAPI. */
interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

/** An Operation Object of OpenAPI. */
export interface OperationObject {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: object;
  readonly responses: Responses;
  readonly security?: readonly object[];
}

/** An operation, with its path and method. */
export interface OperationDescription {
  /** Path with parameters as `{name}`. */
  readonly path: string;
  readonly method: "get" | "post" | "patch" | "delete";
  readonly operation: OperationObject;
}

type Described = OperationObject & Pick<OperationDescription, "path" | "method">;

const TASK = {
  id: "8f14e45f-ceea-4e7a-9c1b-2f6d1a7b3c5d",
  title: "Water the plants",
  description: "Those on the balcony too",
  status: "todo",
  createdAt: "2026-07-01T08:00:00.000Z",
  updatedAt: "2026-07-01T08:00:00.000Z",
  version: 1,
} as const;
const DONE = { ...TASK, status: "done", updatedAt: "2026-07-01T09:30:00.000Z", version: 2 } as const;

const id: Parameter = { name: "id", in: "path", required: true, schema: schemaOf(taskIdSchema), example: TASK.id };

const ifMatch = (required: boolean): Parameter => ({
  name: "If-Match",
  in: "header",
  required,
  description: `ETags of the task, at most ten; ${required ? "`*` is refused" : "`*`, or no header: any version"}`,
  schema: { type: "string" },
  example: '"1"',
});

const on: Parameter = { name: "on", in: "path", required: true, schema: schemaOf(onOff.shape.on), example: "true" };

function jsonBody(schema: SchemaName, example: unknown) {
  return {
    description: `A JSON object in UTF-8, at most ${BODY_LIMIT_BYTES} bytes, plain or as gzip, deflate or br`,
    required: true,
    content: { "application/json": { schema: reference(schema), example } },
  };
}

const closedObject = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const TASKS: readonly Described[] = [
  {
    path: "/tasks",
    method: "get",
    operationId: "listTasks",
    summary: "A page of tasks, newest first; a new one may be listed some milliseconds late",
    parameters: [
      { name: "limit", in: "query", required: false, schema: schemaOf(listSchema.shape.limit, "output"), example: 10 },
      {
        name: "cursor",
        in: "query",
        required: false,
        description: "nextCursor of the page before; opaque",
        schema: schemaOf(listSchema.shape.cursor),
      },
    ],
    responses: {
      200: success("The page; nextCursor is null on the last", "TaskPage", { items: [TASK], nextCursor: null }),
      ...INVALID,
      ...DATABASE,
    },
  },
  {
    path: "/tasks",
    method: "post",
    operationId: "createTask",
    summary: "Creates a task",
    requestBody: jsonBody("NewTask", { title: TASK.title, description: TASK.description }),
    responses: { 201: success("The task", "Task", TASK, "created"), ...BODY, ...DATABASE },
  },
  {
    path: "/tasks/{id}",
    method: "get",
    operationId: "getTask",
    summary: "One task",
    parameters: [id],
    responses: { 200: success("The task", "Task", TASK, "etag"), ...MISSING, ...DATABASE },
  },
  {
    path: "/tasks/{id}",
    method: "patch",
    operationId: "changeTask",
    summary: "Changes the fields that are given, if the task is still at the version that was read",
    parameters: [id, ifMatch(true)],
    requestBody: jsonBody("TaskChanges", { status: "done" }),
    responses: {
      200: success("The task as it is now", "Task", DONE, "etag"),
      ...BODY,
      ...MISSING,
      ...CHANGED,
      ...UNCONDITIONAL,
      ...DATABASE_OF_CHANGES,
    },
  },
  {
    path: "/tasks/{id}",
    method: "delete",
    operationId: "deleteTask",
    summary: "Deletes a task",
    parameters: [id, ifMatch(false)],
    responses: { 204: empty("The task is deleted"), ...INVALID, ...MISSING, ...CHANGED, ...DATABASE },
  },
];

const SERVICE: readonly Described[] = [
  {
    path: "/health",
    method: "get",
    operationId: "getHealth",
    summary: "Whether the service can get traffic; doesn't use the database",
    responses: {
      200: success("It can get traffic", "Health", { status: "ok", version: "v42", uptimeSeconds: 3600 }, "health"),
      503: success(
        "It can't get traffic",
        "Health",
        { status: "draining", version: "v42", uptimeSeconds: 3600 },
        "health",
      ),
    },
  },
  {
    path: "/openapi.json",
    method: "get",
    operationId: "getDescription",
    summary: "This description",
    responses: {
      200: success(
        "An OpenAPI 3.1 document",
        { type: "object", required: ["openapi", "info", "paths"] },
        {
          openapi: "3.1.0",
          info: { title: "Tasks API", version: "v42" },
          paths: {},
        },
      ),
    },
  },
];

/** Name of the security scheme in the document. */
const SIMULATE_SECURITY = "simulateToken";

/** The security schemes of the document. */
export const SECURITY_SCHEMES = {
  [SIMULATE_SECURITY]: { type: "apiKey", in: "header", name: SIMULATE_TOKEN_HEADER },
} as const;

/** Security requirement of the routes that need the token. */
const WITH_TOKEN = [{ [SIMULATE_SECURITY]: [] }];

const SIMULATE: readonly Described[] = [
  {
    path: "/simulate/unhealthy/{on}",
    method: "post",
    operationId: "simulateUnhealthy",
    summary: "Makes the health check fail, or succeed again",
    parameters: [on],
    security: WITH_TOKEN,
    responses: {
      200: success("The new state", closedObject({ unhealthy: { type: "boolean" } }), { unhealthy: true }),
      ...INVALID,
      ...NO_TOKEN,
    },
  },
  {
    path: "/simulate/crash/{on}",
    method: "post",
    operationId: "simulateCrash",
    summary: "Makes half of all task requests fail and the others slow, or ends this",
    parameters: [on],
    security: WITH_TOKEN,
    responses: {
      200: success("The new state", closedObject({ crash: { type: "boolean" } }), { crash: true }),
      ...INVALID,
      ...NO_TOKEN,
    },
  },
  {
    path: "/simulate/error",
    method: "post",
    operationId: "simulateError",
    summary: "Fails, or responds late; without a mode, at random",
    parameters: [
      { name: "mode", in: "query", required: false, schema: schemaOf(badAnswer.shape.mode), example: "slow" },
    ],
    security: WITH_TOKEN,
    responses: {
      200: success("The response was late", closedObject({ mode: { const: "slow" } }), { mode: "slow" }),
      ...INVALID,
      ...NO_TOKEN,
      ...FAILED,
    },
  },
  {
    path: "/simulate/exit",
    method: "post",
    operationId: "simulateExit",
    summary: "Ends the process",
    security: WITH_TOKEN,
    responses: {
      202: success("The process is about to end", closedObject({ exit: { const: true } }), { exit: true }),
      ...NO_TOKEN,
    },
  },
];

/**
 * All operations of the service.
 * @param simulates whether the /simulate routes exist
 */
export function operations(simulates: boolean): readonly OperationDescription[] {
  return [...TASKS, ...SERVICE, ...(simulates ? SIMULATE : [])].map(({ path, method, ...operation }) => ({
    path,
    method,
    operation: { ...operation, responses: { ...ANY_REQUEST, ...operation.responses } },
  }));
}
