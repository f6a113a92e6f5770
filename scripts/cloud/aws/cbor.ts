import { cbor, dateToTag } from "@smithy/core/cbor";
import { AwsError } from "../aws-error";
import { queryError } from "./json";
import { queryErrorCode } from "./operation";
import { mapWire, type Protocol, type WireAnswer } from "./protocol";

/** Tag of a CBOR number that is a time in seconds since the epoch (RFC 8949, 3.4.2). */
const EPOCH_TAG = 1;

/** Smithy RPC v2 CBOR. Source: its specification; the newest AWS clients speak it to CloudWatch. */
export const cborProtocol: Protocol = {
  readInput: (body) => {
    if (body.length === 0) return {};
    try {
      return withDates(cbor.deserialize(body));
    } catch (error) {
      throw new AwsError("SerializationException", `The body is not CBOR: ${(error as Error).message}`);
    }
  },
  writeOutput: (output) => answer(200, output, {}),
  writeError: (error, { service }) =>
    answer(
      error.status,
      { __type: error.type, message: error.message },
      service?.version ? { "x-amzn-query-error": queryError(queryErrorCode(service, error.type), error.status) } : {},
    ),
};

function answer(status: number, content: object, headers: Readonly<Record<string, string>>): WireAnswer {
  return {
    status,
    headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", ...headers },
    body: cbor.serialize(mapWire(content, dateToTag)),
  };
}

/** Turns tagged times into Dates and big integers into numbers, everywhere inside. */
function withDates(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if ("tag" in value && "value" in value && Number(value.tag) === EPOCH_TAG)
    return new Date(Number(value.value) * 1000);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withDates(member)]));
}
