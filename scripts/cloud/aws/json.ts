import { AwsError } from "../aws-error";
import { queryErrorCode } from "./operation";
import { serializable, type Protocol } from "./protocol";

/**
 * AWS JSON 1.0 and 1.1. Times are seconds since the Unix epoch; the type of an error is in `__type` and in a header.
 * Sources: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html and
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
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
      body: JSON.stringify(serializable(output, (date) => date.getTime() / 1000)),
    }),
    writeError: (error, { service }) => ({
      status: error.status,
      headers: {
        "content-type": contentType,
        "x-amzn-errortype": error.type,
        // A service that also speaks the Query protocol sends the error code of that protocol in this header.
        ...(service?.version && {
          "x-amzn-query-error": queryError(queryErrorCode(service, error.type), error.status),
        }),
      },
      body: JSON.stringify({ __type: error.type, message: error.message }),
    }),
  };
}

/** `<code>;<fault>`: the value of the header x-amzn-query-error. */
export function queryError(code: string, status: number): string {
  return `${code};${status < 500 ? "Sender" : "Receiver"}`;
}
