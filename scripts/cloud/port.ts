import { createServer } from "node:net";

/** The AWS endpoint can't listen on its port. */
export class PortError extends Error {
  /** @param cause the error of the operating system */
  constructor(port: number, cause: NodeJS.ErrnoException) {
    const reason =
      cause.code === "EADDRINUSE"
        ? "another program listens on it"
        : cause.code === "EACCES"
          ? "this user may not listen on it"
          : cause.message;
    super(`The AWS endpoint cannot listen on port ${port}: ${reason}. Choose another port, or 0 for any free one.`, {
      cause,
    });
    this.name = "PortError";
  }
}

/**
 * Checks early, before the slow steps of a start, that a port of the loopback address is free. Another program can
 * still take it before it is used.
 * @param port 0 for any free port, which is not checked
 * @throws PortError when the port can't be used
 */
export async function checkPort(port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
  } catch (error) {
    throw new PortError(port, error as NodeJS.ErrnoException);
  }
  await new Promise((resolve) => server.close(resolve));
}
