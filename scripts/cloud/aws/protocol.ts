import type { AwsError } from "../aws-error";
import type { ServiceNames } from "./operation";

/** What goes out. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What an answer is about. `service` is absent when the request named none that is known. */
interface CallNames {
  readonly service?: ServiceNames;
  /** As AWS writes it, e.g. DescribeServices. */
  readonly operation: string;
  readonly requestId: string;
}

/** One of AWS's wire protocols: how an input is read and how an answer or an error is written. */
export interface Protocol {
  /** @throws AwsError SerializationException when the body is not of this protocol */
  readInput(body: Buffer): unknown;
  writeOutput(output: object, call: CallNames): WireAnswer;
  writeError(error: AwsError, call: CallNames): WireAnswer;
}

/** Replaces Dates by what `write` makes of them and drops undefined members, everywhere inside. */
export function mapWire(value: unknown, write: (date: Date) => unknown): unknown {
  if (value instanceof Date) return write(value);
  if (Array.isArray(value)) return value.map((item) => mapWire(item, write));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, mapWire(member, write)]),
    );
  }
  return value;
}
