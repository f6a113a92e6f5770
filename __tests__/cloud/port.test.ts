import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { checkPort, PortError } from "../../scripts/cloud/port";

describe("a port for the AWS endpoint", () => {
  it("that is taken is refused before anything else, with the next step", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    await expect(checkPort(port)).rejects.toThrow(
      `The AWS endpoint cannot listen on port ${port}: another program listens on it. Choose another port, or 0 for any free one.`,
    );
    await expect(checkPort(port)).rejects.toBeInstanceOf(PortError);
    taken.close();
    await once(taken, "close");
    await expect(checkPort(port)).resolves.toBeUndefined();
  });

  it("may be any", async () => {
    await expect(checkPort(0)).resolves.toBeUndefined();
  });
});
