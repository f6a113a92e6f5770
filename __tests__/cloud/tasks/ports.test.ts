import { once } from "node:events";
import { createServer } from "node:net";
import { Ports } from "../../../scripts/cloud/tasks/ports";

describe("the ports of tasks", () => {
  it("are each given once, until it is released", async () => {
    const ports = new Ports(() => 0);
    const [first, second] = [await ports.take(), await ports.take()];
    expect(second).not.toBe(first);
    ports.release(first);
    expect(await ports.take()).toBe(first);
  });

  it("are free, and outside the range of outgoing connections", async () => {
    const free = await new Ports(() => 0.5).take();
    const holder = createServer().listen(free, "127.0.0.1");
    await once(holder, "listening");
    const next = await new Ports(() => 0.5).take();
    holder.close();
    expect(next).not.toBe(free);
    expect(next).toBeGreaterThan(1024);
    expect(next).toBeLessThan(32_768);
  });
});
