import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { devNull } from "node:os";

/** Gives the SDK credentials and hides this machine's other AWS settings, for all tests of the file. */
export function useLocalCredentials(secret: string): void {
  const inherited = { ...process.env };
  beforeEach(() => {
    const others = Object.entries(inherited).filter(([name]) => !name.startsWith("AWS_"));
    process.env = {
      ...Object.fromEntries(others),
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    };
  });
  afterAll(() => {
    process.env = inherited;
  });
}

/**
 * Runs an action while AWS answers so.
 *
 * @param answer returns the body of an answer; undefined when it has handled the connection itself
 */
export async function awsServing(
  answer: (request: IncomingMessage, body: string) => string | undefined,
  action: () => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const text = answer(request, body);
      if (text !== undefined) response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(text);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await action();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
