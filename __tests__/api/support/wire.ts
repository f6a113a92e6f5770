import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A TCP connection to the service, and what came on it. */
export class Wire {
  private static readonly opened = new Set<Socket>();
  private text = "";
  private readonly waiting: (() => void)[] = [];
  private readonly ended: Promise<void>;

  private constructor(readonly socket: Socket) {
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      this.text += chunk;
      for (const look of this.waiting) look();
    });
    this.ended = new Promise((resolve) => socket.once("end", resolve).once("close", () => resolve()));
    // A reset is the end of it as well.
    socket.on("error", () => undefined);
  }

  /**
   * Opens a connection.
   * @param stubborn it does not end its side when the service ends its own
   */
  static async open(port: number, stubborn = false): Promise<Wire> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: stubborn });
    await once(socket, "connect");
    Wire.opened.add(socket);
    return new Wire(socket);
  }

  /** Closes all that were opened: a stubborn one would stay as long as this process. */
  static closeAll(): void {
    for (const socket of Wire.opened) socket.destroy();
    Wire.opened.clear();
  }

  /** Everything that came so far. */
  get received(): string {
    return this.text;
  }

  /** Sends bytes, one a character. */
  send(bytes: string): this {
    this.socket.write(bytes, "latin1");
    return this;
  }

  /** Resolves when what was sent has left this process. */
  async untilSent(): Promise<void> {
    await new Promise((resolve) => this.socket.write("", resolve));
  }

  /** Resolves with everything that came, as soon as that matches. */
  async until(pattern: RegExp): Promise<string> {
    await Promise.race([
      new Promise<void>((resolve) => {
        const look = () => {
          if (pattern.test(this.text)) resolve();
        };
        this.waiting.push(look);
        look();
      }),
      this.ended,
    ]);
    if (!pattern.test(this.text)) throw new Error(`ended without ${pattern}: ${JSON.stringify(this.text)}`);
    return this.text;
  }

  /** Resolves when the service has closed the connection altogether, which shows only to one who sends. */
  async untilGone(): Promise<void> {
    while (!this.socket.destroyed) {
      this.send("\r\n");
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Resolves with everything that came, when the service has ended its side. */
  async untilEnd(): Promise<string> {
    await this.ended;
    return this.text;
  }
}

/** Status line and headers of the first response in what came. */
export function firstHead(received: string): string {
  return received.slice(0, received.indexOf("\r\n\r\n"));
}

/** How often a response begins in what came. */
export function responses(received: string): number {
  return received.match(/HTTP\/1\.1 [2-5]\d\d /g)?.length ?? 0;
}
