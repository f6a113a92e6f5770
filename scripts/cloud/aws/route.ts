import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error";
import { cborProtocol } from "./cbor";
import { jsonProtocol } from "./json";
import type { Operation, Service } from "./operation";
import type { Protocol } from "./protocol";
import { queryProtocol } from "./query";

/** The parts of a request that say what it asks for. */
export interface RequestHead {
  readonly method: string;
  /** Path with query string. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a request names: in which protocol, of which service, which operation. Absent: unknown to the local cloud. */
export interface Route<Context> {
  readonly protocol: Protocol;
  /** What the request called the service, for messages. */
  readonly serviceName: string;
  readonly operationName: string;
  readonly service?: Service<Context>;
  readonly operation?: Operation<Context>;
}

/** Target prefix of DynamoDB, which is not served here but passed on. */
export const DYNAMODB_TARGET = "DynamoDB_20120810";

const RPC_PATH = /^\/service\/([^/]+)\/operation\/([^/?]+)/;

/** What `x-amz-target` names, e.g. `CodeDeploy_20141006.GetDeployment`; undefined without the header. */
export function amzTargetOf(headers: IncomingHttpHeaders): { prefix: string; operationName: string } | undefined {
  const header = headers["x-amz-target"];
  if (typeof header !== "string") return undefined;
  const dot = header.lastIndexOf(".");
  return { prefix: header.slice(0, Math.max(0, dot)), operationName: header.slice(dot + 1) };
}

/** The service that the request was signed for, from the Authorization header's credential scope. */
function signedFor(headers: IncomingHttpHeaders): string | undefined {
  return /Credential=[^/,\s]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? "")?.[1];
}

/**
 * Says what a request asks for. Pure.
 * @param body needed by the Query protocol, which names its operation there; of a GET, the URL's query string
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
  const name = [signingName, version && `version ${version}`].filter(Boolean).join(" ") || "of no name";
  return found(queryProtocol, name, parameters.get("Action") ?? "", service);
}

function byTarget<Context>(services: readonly Service<Context>[], target: string): Service<Context> | undefined {
  return services.find((service) => service.target === target);
}

function found<Context>(
  protocol: Protocol,
  asked: string,
  operationName: string,
  service: Service<Context> | undefined,
): Route<Context> {
  const operation = service?.operations.find(({ name }) => name === operationName);
  return {
    protocol,
    serviceName: service?.name ?? asked,
    operationName,
    ...(service && { service }),
    ...(operation && { operation }),
  };
}

/** The refusal of a service or operation that the local cloud doesn't serve. */
export function unknownOperation<Context>(
  { serviceName, operationName, service }: Route<Context>,
  services: readonly Service<Context>[],
): AwsError {
  const asked = operationName === "" ? "(none named)" : operationName;
  return new AwsError(
    "UnknownOperationException",
    service
      ? `The local cloud does not serve the operation ${asked} of ${serviceName}. ` +
          `It serves: ${service.operations.map(({ name }) => name).join(", ")}.`
      : `The local cloud does not serve the service ${serviceName} (operation ${asked}). ` +
          `It serves: ${services.map(({ name }) => name).join(", ")}.`,
  );
}
