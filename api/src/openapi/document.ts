import { requestIdSchema, REQUEST_ID_HEADER } from "../http/request-id";
import { operations, SECURITY_SCHEMES, type OperationDescription, type OperationObject } from "./operations";
import type { Responses } from "./responses";
import { namedSchemas, schemaOf } from "./schemas";

const DESCRIPTION = `Tasks over HTTP, kept in DynamoDB.

A path that is not here is answered with 404, a method that a path does not have with 405; both are problem documents, and
405 has the methods in \`Allow\`. OPTIONS is answered with 204 and \`Allow\`. Any other error is a problem document too.`;

/** What is refused before its method is read: it has a body also where the method would be HEAD. */
const REFUSED_UNREAD: ReadonlySet<string> = new Set(["408", "431"]);

/** As GET, without the body. */
function headResponses(responses: Responses): Responses {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const { description, headers } = response;
      return [status, REFUSED_UNREAD.has(status) ? response : { description, headers }];
    }),
  );
}

/** What is at one path: with HEAD wherever there is GET, as the router has it. */
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
 * The service's own description in OpenAPI 3.1: its schemas are made from those that validate.
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
          description: "Comes back in the response and stands in the log; any other text is replaced by a new id",
          schema: schemaOf(requestIdSchema),
        },
      },
      ...(options.simulates && { securitySchemes: SECURITY_SCHEMES }),
    },
  };
}
