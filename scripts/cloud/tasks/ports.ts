import { createServer } from "node:net";

/**
 * Where ports are chosen from: below the range that Linux (from 32768 on) and macOS (from 49152 on) give to outgoing
 * connections, of which a rehearsal makes thousands: one of those could take a port between its choice and its use.
 */
const FIRST = 20_000;
const END = 32_768;

/** Ports of the loopback address, each for one task at a time. */
export class Ports {
  private readonly given = new Set<number>();

  /** @param random gives numbers in [0, 1) */
  constructor(private readonly random: () => number = Math.random) {}

  /**
   * A port that nobody listens on now, and that this gives nobody else until it is released.
   * @throws when there is none
   */
  async take(): Promise<number> {
    const start = Math.floor(this.random() * (END - FIRST));
    for (let step = 0; step < END - FIRST; step += 1) {
      const port = FIRST + ((start + step) % (END - FIRST));
      if (this.given.has(port)) continue;
      this.given.add(port);
      if (await isFree(port)) return port;
      this.given.delete(port);
    }
    throw new Error(`every port from ${FIRST} to ${END - 1} of 127.0.0.1 is taken`);
  }

  /** Gives a port back. */
  release(port: number): void {
    this.given.delete(port);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
