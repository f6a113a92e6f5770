import { requestIdSchema, REQUEST_ID_HEADER } from "../http/request-id";
import { operations, SECURITY_SCHEMES, type OperationDescription, type OperationObject } from "./operations";
import type { Responses } from "./responses";
import { namedSchemas, schemaOf } from "./schemas";

const DESCRIPTION = `Tasks over HTTP, kept in DynamoDB.

The response to an unknown path is 404, and to a method that a path does not have 405 with the methods in \`Allow\`. The
response to OPTIONS is 204 with \`Allow\`. All errors are problem documents.`;

/** Statuses of requests that are refused before their method is read. So these responses have a body, even to HEAD. */
const REFUSED_UNREAD: ReadonlySet<string> = new Set(["408", "431"]);

/** The responses to HEAD: those to GET, without the body. */
function headResponses(responses: Responses): Responses {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const { description, headers } = response;
      return [status, REFUSED_UNREAD.has(status) ? response : { description, headers }];
    }),
  );
}

/** The operations of one path. The router adds HEAD to every GET, so this does too. */
function pathItem(described: readonly OperationDescription[]): object {
  const items = described.flatMap(({ method, operation }): (readonly [string, OperationObject])[] => {
    if (method !== "get") return [[method, operation]];
    const { operationId, responses } = operation;
    const head = { ...operation, operationId: `${operationId}Head`, responses: headResponses(responses) };
    return [
      [method, operation],
      ["head", head],
    ];
  });
  return { parameters: [{ $ref: "#/components/parameters/RequestId" }], ...Object.fromEntries(items) };
}

/**
 * The description of the service in OpenAPI 3.1. Its schemas come from the schemas that validate requests.
 * @param options.simulates whether the /simulate routes exist
 */
export function openApiDocument(options: { readonly releaseVersion: string; readonly simulates: boolean }): object {
  const described = operations(options.simulates);
  const paths = [...new Set(described.map(({ path }) => path))];
  return {
    openapi: "3.1.0",
    info: { title: "Tasks API", version: options.releaseVersion, description: DESCRIPTION },
    servers: [{ url: "/" }],
    paths: Object.fromEntries(paths.map((path) => [path, pathItem(described.filter((one) => one.path === path))])),
    components: {
      schemas: namedSchemas(),
      parameters: {
        RequestId: {
          name: REQUEST_ID_HEADER,
          in: "header",
          required: false,
          description: "Returned in the response, and part of the log. A new id replaces any other text",
          schema: schemaOf(requestIdSchema),
        },
      },
      ...(options.simulates && { securitySchemes: SECURITY_SCHEMES }),
    },
  };
}
