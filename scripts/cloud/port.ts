import { createServer } from "node:net";

/** The AWS endpoint cannot have the port that it was given. */
export class PortError extends Error {
  /** @param cause the system's error */
  constructor(port: number, cause: NodeJS.ErrnoException) {
    const reason =
      cause.code === "EADDRINUSE"
        ? "another program listens there"
        : cause.code === "EACCES"
          ? "this user may not listen there"
          : cause.message;
    super(`The AWS endpoint cannot listen on port ${port}: ${reason}. Choose another port, or 0 for any free one.`, {
      cause,
    });
    this.name = "PortError";
  }
}

/**
 * Looks whether a port of the loopback address can be listened on: before everything else that takes time. It may be
 * taken all the same when it is needed.
 * @param port 0: any free one, which there always is
 * @throws PortError
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
