import Ajv from "ajv/dist/2020";
import type { Answer } from "../support/running-service";

/** A response, as the document describes it. */
interface DescribedResponse {
  readonly headers: Readonly<Record<string, { readonly required: boolean }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly example: unknown }>>;
}

/** A parameter, as the document describes it. */
interface DescribedParameter {
  readonly name: string;
  readonly schema: object;
  readonly example?: unknown;
}

/** An operation, as the document describes it. */
interface DescribedOperation {
  readonly operationId: string;
  readonly parameters?: readonly DescribedParameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: object; readonly example: unknown }>>;
  };
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

/** As much of an OpenAPI document as is looked at. */
export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** One operation, and where it is. */
export interface Described {
  readonly path: string;
  /** Upper case. */
  readonly method: string;
  readonly operation: DescribedOperation;
}

/** Every operation of a document. */
export function operationsOf(document: OpenApi): Described[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([key]) => key !== "parameters")
      .map(([method, operation]) => ({
        path,
        method: method.toUpperCase(),
        operation: operation as DescribedOperation,
      })),
  );
}

/** Headers that HTTP itself brings along. */
const OF_HTTP = /^(?:connection|content-length|content-type|date|keep-alive|transfer-encoding|allow|vary)$/;

/** Holds values against the schemas of a document. */
export class Schemas {
  // OpenAPI's own keywords stand beside JSON Schema's; a format says nothing that a pattern does not.
  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  constructor(document: OpenApi) {
    this.ajv.addSchema(document, "document");
  }

  /** What is wrong with a value; empty: nothing. */
  problems(schema: object, value: unknown): string[] {
    const validate = this.ajv.compile(inDocument(schema));
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
  }

  /** What is wrong with an answer, by what is described of its status; empty: nothing. */
  problemsOfAnswer({ method, operation }: Described, answer: Answer): string[] {
    const response = operation.responses[answer.status];
    if (!response) return [`the status ${answer.status} is not described`];
    const type = answer.headers.get("content-type")?.split(";")[0];
    const described = new Map(Object.entries(response.headers).map(([name, header]) => [name.toLowerCase(), header]));
    const missing = [...described].filter(([name, { required }]) => required && !answer.headers.has(name));
    const surplus = [...answer.headers.keys()].filter((name) => !described.has(name) && !OF_HTTP.test(name));
    const problems = [
      ...missing.map(([name]) => `the header ${name} is missing`),
      ...surplus.map((name) => `the header ${name} is not described`),
    ];
    if (!response.content) return answer.text === "" ? problems : [...problems, "there is a body"];
    const content = response.content[type ?? ""];
    if (!content) return [...problems, `${method}: the media type ${type ?? "none"} is not described`];
    return [...problems, ...this.problems(content.schema, answer.body)];
  }
}

/** The schema with references that lead into the document. */
function inDocument(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')) as object;
}
