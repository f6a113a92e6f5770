import { queryErrorCode } from "./operation";
import { serializable, type Protocol, type WireResponse } from "./protocol";
import { xmlElement, type XmlContent } from "./xml";

/** AWS Query: form parameters in, XML out (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html). */
export const queryProtocol: Protocol = {
  readInput: (body) => parametersToInput(new URLSearchParams(body.toString("utf8"))),
  writeOutput: (output, { service, operation, requestId }) => {
    const result = serializable(output, (date) => date.toISOString()) as XmlContent;
    const response = { [`${operation}Result`]: result, ResponseMetadata: { RequestId: requestId } };
    return xml(200, xmlElement(`${operation}Response`, response, service?.xmlNamespace));
  },
  writeError: (error, { service, requestId }) => {
    const type = error.status < 500 ? "Sender" : "Receiver";
    const content = { Type: type, Code: queryErrorCode(service, error.type), Message: error.message };
    return xml(
      error.status,
      xmlElement("ErrorResponse", { Error: content, RequestId: requestId }, service?.xmlNamespace),
    );
  },
};

function xml(status: number, body: string): WireResponse {
  return { status, headers: { "content-type": "text/xml" }, body };
}

/** A node of the tree that the dotted names form. A list is an object with numbers as keys. */
interface Branch {
  [key: string]: Branch | string;
}

/**
 * Reads `A.member.1.B=x` as `{A: [{B: "x"}]}`. Items are in the order of their numbers, which may have gaps. Values stay text.
 * `Action` and `Version` are not part of the input.
 */
export function parametersToInput(parameters: URLSearchParams): Record<string, unknown> {
  const root: Branch = Object.create(null) as Branch;
  for (const [name, value] of parameters) {
    if (name === "Action" || name === "Version") continue;
    const path = name.split(".");
    const leaf = path.pop() ?? name;
    let branch = root;
    for (const key of path) {
      const next = branch[key];
      branch = branch[key] = typeof next === "object" ? next : (Object.create(null) as Branch);
    }
    branch[leaf] = value;
  }
  return Object.fromEntries(Object.entries(root).map(([key, child]) => [key, fromBranch(child)]));
}

function fromBranch(node: Branch | string): unknown {
  if (typeof node === "string") return node;
  const keys = Object.keys(node);
  const { member } = node;
  if (keys.length === 1 && typeof member === "object" && Object.keys(member).every((key) => /^\d+$/.test(key))) {
    return Object.entries(member)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, item]) => fromBranch(item));
  }
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, fromBranch(child)]));
}
