import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { LAUNCHER } from "../../scripts/command/launcher";

/**
 * Runs a cloud in a process of its own, and kills that once the cloud has printed a port. Resolves when a connection to
 * that port, made before, is closed: nobody listens there any more.
 * @param file a TypeScript program
 */
export async function closesWithKilledCloud(file: string): Promise<void> {
  const child = spawn(process.execPath, [LAUNCHER, file], {
    env: process.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const socket = connect(Number(line), "127.0.0.1");
    await once(socket, "connect");
    const closed = new Promise((resolve) => {
      socket.on("error", () => undefined).once("close", resolve);
    });
    child.kill("SIGKILL");
    await closed;
  } finally {
    child.kill("SIGKILL");
  }
}
