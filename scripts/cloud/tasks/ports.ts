import { createSocket, type Socket } from "node:dgram";
import { createServer } from "node:net";

/**
 * The range of ports. It is below the ports that Linux (from 32768) and macOS (from 49152) give to outgoing
 * connections. A rehearsal makes thousands of those, and one of them could take a port between its choice and its use.
 */
const FIRST_PORT = 20_000;
const END_PORT = 32_768;

/**
 * Ports of the loopback address, each for one task at a time, also when several local clouds run on this machine: a
 * program may listen on its port much later. Until its release, a port's UDP side is bound, which other clouds respect
 * and which does not hinder a program that listens on TCP.
 */
export class Ports {
  private readonly taken = new Map<number, Socket>();

  /** @param random gives numbers in [0, 1) */
  constructor(private readonly random: () => number = Math.random) {}

  /**
   * Takes a port on which no program listens, and which is not taken again before `release`.
   * @throws Error when no port is free
   */
  async take(): Promise<number> {
    const start = Math.floor(this.random() * (END_PORT - FIRST_PORT));
    for (let step = 0; step < END_PORT - FIRST_PORT; step += 1) {
      const port = FIRST_PORT + ((start + step) % (END_PORT - FIRST_PORT));
      if (this.taken.has(port)) continue;
      const reservation = await reserve(port);
      if (reservation === undefined) continue;
      this.taken.set(port, reservation);
      if (await isFree(port)) return port;
      this.release(port);
    }
    throw new Error(`every port from ${FIRST_PORT} to ${END_PORT - 1} of 127.0.0.1 is taken`);
  }

  /** Returns a port, so that it can be taken again. */
  release(port: number): void {
    this.taken.get(port)?.close();
    this.taken.delete(port);
  }
}

/** Binds the UDP side of a port; undefined when that is bound already. It does not keep the process alive. */
function reserve(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4").unref();
    socket.once("error", () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address: "127.0.0.1", exclusive: true }, () => resolve(socket));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
