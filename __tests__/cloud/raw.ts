import { once } from "node:events";
import { connect, type Socket } from "node:net";

async function connected(endpoint: string): Promise<Socket> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}

/**
 * Sends bytes, one a character, and gives everything that comes until the server ends the connection.
 * @param endpoint base URL of the server
 */
export async function sendRaw(endpoint: string, bytes: string): Promise<string> {
  const socket = await connected(endpoint);
  socket.setEncoding("latin1").on("error", () => undefined);
  let received = "";
  socket.on("data", (chunk: string) => (received += chunk));
  socket.write(bytes, "latin1");
  await once(socket, "close");
  return received;
}

/**
 * Sends bytes and leaves.
 * @param how `end`: orderly, `reset`: as a killed process does with something unread
 */
export async function sendAndLeave(endpoint: string, bytes: string, how: "end" | "reset"): Promise<void> {
  const socket = await connected(endpoint);
  const closed = new Promise((resolve) => socket.on("error", () => undefined).once("close", resolve));
  socket.write(bytes, "latin1", () => (how === "end" ? socket.end() : socket.resetAndDestroy()));
  socket.resume();
  await closed;
}
