import { createServer } from "node:net";

/**
 * The range of ports. It is below the ports that Linux (from 32768) and macOS (from 49152) give to outgoing
 * connections. A rehearsal makes thousands of those, and one of them could take a port between its choice and its use.
 */
const FIRST_PORT = 20_000;
const END_PORT = 32_768;

/** Ports of the loopback address, each for one task at a time. */
export class Ports {
  private readonly taken = new Set<number>();

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
      this.taken.add(port);
      if (await isFree(port)) return port;
      this.taken.delete(port);
    }
    throw new Error(`every port from ${FIRST_PORT} to ${END_PORT - 1} of 127.0.0.1 is taken`);
  }

  /** Returns a port, so that it can be taken again. */
  release(port: number): void {
    this.taken.delete(port);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
