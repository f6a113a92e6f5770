import type { AwsError } from "../aws-error";
import type { ServiceNames } from "./operation";

/** An HTTP response. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The call that a response belongs to. `service` is absent when the request names an unknown one. */
interface CallNames {
  readonly service?: ServiceNames;
  /** The name in AWS's API, e.g. DescribeServices. */
  readonly operation: string;
  readonly requestId: string;
}

/** One of AWS's wire protocols: reads inputs, writes outputs and errors. */
export interface Protocol {
  /** @throws AwsError SerializationException when the body does not fit the protocol */
  readInput(body: Buffer): unknown;
  writeOutput(output: object, call: CallNames): WireResponse;
  writeError(error: AwsError, call: CallNames): WireResponse;
}

/** Prepares an output for serializing: replaces Dates by the result of `write` and drops undefined members, at every level. */
export function serializable(value: unknown, write: (date: Date) => unknown): unknown {
  if (value instanceof Date) return write(value);
  if (Array.isArray(value)) return value.map((item) => serializable(item, write));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, serializable(member, write)]),
    );
  }
  return value;
}
