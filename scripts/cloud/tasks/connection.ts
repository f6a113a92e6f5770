import { connect } from "node:net";
import type { Address } from "./child";

/** Whether a program accepts connections at an address of this machine. */
export function acceptsConnections(address: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      // When the client gets this very port as its own, it connects to itself.
      resolve(socket.localPort !== address.port);
      socket.destroy();
    });
  });
}
