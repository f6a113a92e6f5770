import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { devNull } from "node:os";

/** What the server does with a request; `operation` is AWS's name of what is asked. */
export type Answering = (response: ServerResponse, operation: string, body: string, request: IncomingMessage) => void;

/** A server in AWS's place, and the operations that it was asked for, in AWS's own names. */
export async function awsAnswering(answer: Answering) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const target = request.headers["x-amz-target"];
      const name = typeof target === "string" ? target.split(".").at(-1) : /Action=(\w+)/.exec(body)?.[1];
      asked.push(name ?? "?");
      answer(response, name ?? "?", body, request);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** AWS's no. */
export function refuse(response: ServerResponse, type: string): void {
  response.writeHead(400, { "x-amzn-errortype": type });
  response.end(JSON.stringify({ __type: type, message: "no" }));
}

/** Ways not to come to the end of an answer. */
export const STALLING = {
  "stalls before its headers": () => undefined,
  "stalls after its headers": (response: ServerResponse) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("{");
  },
  "trickles a byte at a time": (response: ServerResponse) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(timer));
  },
} as const;

/** Ways not to answer, or not as AWS does. */
export const HOSTILE = {
  ...STALLING,
  "is a proxy's page": (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!DOCTYPE html><html><body>Please sign in</body></html>");
  },
  "is a proxy's page of its own trouble": (response: ServerResponse) => {
    response.writeHead(502, { "content-type": "text/html" });
    response.end("<html>Bad Gateway</html>");
  },
  "is a proxy's page that forbids it": (response: ServerResponse) => {
    response.writeHead(403, { "content-type": "text/html" });
    response.end("<html>Blocked</html>");
  },
  "leads to a login page": (response: ServerResponse) => {
    response.writeHead(302, { location: "http://login.invalid/" });
    response.end();
  },
  "is half of a JSON text": (response: ServerResponse) => response.end('{"deploymentInfo":{"deploymentId"'),
} as const;

/**
 * Ways that Node itself notices. Under Jest its errors come from another realm than the SDK's `Error`, and the SDK wraps
 * them, so that their codes are lost: what they mean is tested by code (failure.test.ts).
 */
export const BROKEN = {
  "is cut off": (response: ServerResponse) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write('{"deploymentInfo":', () => response.destroy());
  },
  "is no HTTP": (response: ServerResponse) => response.socket?.end("220 mail.invalid ESMTP\r\n"),
  "is a broken connection": (response: ServerResponse) => response.socket?.destroy(),
} as const;

/** Bodies of 200 that can be read, and answer nothing. */
export const EMPTY_ANSWERS = [
  "",
  "null",
  "[]",
  "5",
  '"text"',
  "{}",
  '{"__type":"ThrottlingException","message":"Rate exceeded"}',
] as const;

const inherited = { ...process.env };

/** An environment in which the SDK finds these credentials and nothing of this machine's. */
export function isolateAws(): void {
  const others = Object.entries(inherited).filter(([name]) => !name.startsWith("AWS_"));
  process.env = {
    ...Object.fromEntries(others),
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}

/** Undoes `isolateAws`. */
export function restoreEnvironment(): void {
  process.env = inherited;
}
