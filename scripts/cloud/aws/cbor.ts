import { cbor, dateToTag } from "@smithy/core/cbor";
import { AwsError } from "../aws-error";
import { queryError } from "./json";
import { queryErrorCode } from "./operation";
import { serializable, type Protocol, type WireResponse } from "./protocol";

/** CBOR's tag of a time in seconds since the Unix epoch (https://www.rfc-editor.org/rfc/rfc8949#section-3.4.2). */
const EPOCH_TAG = 1;

/**
 * Smithy RPC v2 CBOR (https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html). The newest AWS clients use it for
 * CloudWatch.
 */
export const cborProtocol: Protocol = {
  readInput: (body) => {
    if (body.length === 0) return {};
    try {
      return withDates(cbor.deserialize(body));
    } catch (error) {
      throw new AwsError("SerializationException", `The body is not CBOR: ${(error as Error).message}`);
    }
  },
  writeOutput: (output) => response(200, output, {}),
  writeError: (error, { service }) =>
    response(
      error.status,
      { __type: error.type, message: error.message },
      service?.version ? { "x-amzn-query-error": queryError(queryErrorCode(service, error.type), error.status) } : {},
    ),
};

function response(status: number, content: object, headers: Readonly<Record<string, string>>): WireResponse {
  return {
    status,
    headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", ...headers },
    body: cbor.serialize(serializable(content, dateToTag)),
  };
}

/** Replaces tagged times by Dates and big integers by numbers, at every level. */
function withDates(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if ("tag" in value && "value" in value && Number(value.tag) === EPOCH_TAG)
    return new Date(Number(value.value) * 1000);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withDates(member)]));
}
