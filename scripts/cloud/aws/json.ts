import { AwsError } from "../aws-error";
import { queryErrorCode } from "./operation";
import { mapWire, type Protocol } from "./protocol";

/**
 * AWS JSON 1.0 and 1.1: times are seconds since the epoch, an error's type stands in `__type` and in a header.
 * Source: the Smithy specification of awsJson1_0 and awsJson1_1.
 */
export function jsonProtocol(version: "1.0" | "1.1"): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    readInput: (body) => {
      if (body.length === 0) return {};
      let input: unknown;
      try {
        input = JSON.parse(body.toString("utf8"));
      } catch (error) {
        throw new AwsError("SerializationException", `The body is not JSON: ${(error as Error).message}`);
      }
      if (typeof input !== "object" || input === null || Array.isArray(input)) {
        throw new AwsError("SerializationException", "The body must be a JSON object.");
      }
      return input;
    },
    writeOutput: (output) => ({
      status: 200,
      headers: { "content-type": contentType },
      body: JSON.stringify(mapWire(output, (date) => date.getTime() / 1000)),
    }),
    writeError: (error, { service }) => ({
      status: error.status,
      headers: {
        "content-type": contentType,
        "x-amzn-errortype": error.type,
        // A service that began with the Query protocol keeps its old error codes in this header.
        ...(service?.version && {
          "x-amzn-query-error": queryError(queryErrorCode(service, error.type), error.status),
        }),
      },
      body: JSON.stringify({ __type: error.type, message: error.message }),
    }),
  };
}

/** `Code;Fault`, as the header x-amzn-query-error has it. */
export function queryError(code: string, status: number): string {
  return `${code};${status < 500 ? "Sender" : "Receiver"}`;
}
