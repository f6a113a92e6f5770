import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ServiceClient } from "../../../scripts/rehearse/traffic/client";

let server: Server;
let url: string;
const clients: ServiceClient[] = [];

beforeEach(async () => {
  server = createServer((request, response) => void response.end(request.headers.host));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await new Promise((resolve) => server.close(resolve));
});

/** The Host that a service gets with a request. */
async function hostOf(host: string | undefined, headers?: Record<string, string>): Promise<string | undefined> {
  const client = new ServiceClient(url, 1_000, host);
  clients.push(client);
  const answer = await client.send({ method: "POST", path: "/", body: {}, ...(headers && { headers }) });
  return answer.kind === "response" ? answer.body : answer.reason;
}

it("a request has the host of a shared listener's rule, its own before that, or else that of the URL", async () => {
  expect(await hostOf("orders.example.com")).toBe("orders.example.com");
  expect(await hostOf("orders.example.com", { Host: "other.example.com" })).toBe("other.example.com");
  expect(await hostOf(undefined)).toBe(new URL(url).host);
});
