import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import { cborProtocol } from "./cbor";
import { jsonProtocol } from "./json";
import type { Operation, Service } from "./operation";
import type { Protocol } from "./protocol";
import { queryProtocol } from "./query";

/** A request without its body. */
export interface RequestHead {
  readonly method: string;
  /** Path with query string. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** The protocol, service and operation of a request. `service` and `operation` are absent when they are not served. */
export interface Route<Context> {
  readonly protocol: Protocol;
  /** The service's name for messages; when it is not served, its name in the request. */
  readonly serviceName: string;
  readonly operationName: string;
  readonly service?: Service<Context>;
  readonly operation?: Operation<Context>;
}

/** Target prefix of DynamoDB. Its requests are forwarded to the embedded database. */
export const DYNAMODB_TARGET = "DynamoDB_20120810";

const RPC_PATH = /^\/service\/([^/]+)\/operation\/([^/?]+)/;

/** The parts of the header `x-amz-target`, e.g. of `CodeDeploy_20141006.GetDeployment`; undefined without the header. */
export function amzTargetOf(headers: IncomingHttpHeaders): { prefix: string; operationName: string } | undefined {
  const header = headers["x-amz-target"];
  if (typeof header !== "string") return undefined;
  const dot = header.lastIndexOf(".");
  return { prefix: header.slice(0, Math.max(0, dot)), operationName: header.slice(dot + 1) };
}

/** The service in the credential scope of the Authorization header. */
function signedFor(headers: IncomingHttpHeaders): string | undefined {
  return /Credential=[^/,\s]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? "")?.[1];
}

/**
 * Finds the protocol, service and operation of a request.
 * @param body the Query protocol's parameters, which name the operation; of a GET, the URL's query string
 */
export function routeOf<Context>(
  head: RequestHead,
  body: Buffer,
  services: readonly Service<Context>[],
): Route<Context> {
  const rpc = RPC_PATH.exec(head.url);
  if (rpc) {
    const [, target = "", operationName = ""] = rpc;
    return found(cborProtocol, target, operationName, byTarget(services, target));
  }
  const target = amzTargetOf(head.headers);
  if (target) {
    const version = /json-1\.0/.test(head.headers["content-type"] ?? "") ? "1.0" : "1.1";
    return found(jsonProtocol(version), target.prefix, target.operationName, byTarget(services, target.prefix));
  }
  const parameters = new URLSearchParams(body.toString("utf8"));
  const version = parameters.get("Version") ?? undefined;
  const signingName = signedFor(head.headers);
  const service = services.find(
    (candidate) =>
      candidate.version !== undefined &&
      candidate.version === version &&
      (signingName === undefined || candidate.signingName === signingName),
  );
  const name = [signingName, version && `version ${version}`].filter(Boolean).join(" ") || "(none named)";
  return found(queryProtocol, name, parameters.get("Action") ?? "", service);
}

function byTarget<Context>(services: readonly Service<Context>[], target: string): Service<Context> | undefined {
  return services.find((service) => service.target === target);
}

function found<Context>(
  protocol: Protocol,
  requested: string,
  operationName: string,
  service: Service<Context> | undefined,
): Route<Context> {
  const operation = service?.operations.find(({ name }) => name === operationName);
  return {
    protocol,
    serviceName: service?.name ?? requested,
    operationName,
    ...(service && { service }),
    ...(operation && { operation }),
  };
}

/** The error for a service or operation that the local cloud does not serve. */
export function unknownOperation<Context>(
  { serviceName, operationName, service }: Route<Context>,
  services: readonly Service<Context>[],
): AwsError {
  const requested = operationName === "" ? "(none named)" : operationName;
  return new AwsError(
    "UnknownOperationException",
    service
      ? `The local cloud does not serve the operation ${requested} of ${serviceName}. ` +
          `It serves: ${service.operations.map(({ name }) => name).join(", ")}.`
      : `The local cloud does not serve the service ${serviceName} (operation ${requested}). ` +
          `It serves: ${services.map(({ name }) => name).join(", ")}.`,
  );
}
