import { once } from "node:events";
import { createServer } from "node:net";
import { Ports } from "../../../scripts/cloud/tasks/ports";

describe("the ports of tasks", () => {
  it("are each given once, until it is released", async () => {
    const ports = new Ports(() => 0);
    const [first, second] = await Promise.all([ports.take(), ports.take()]);
    expect(second).not.toBe(first);
    ports.release(first);
    expect(await ports.take()).toBe(first);
    for (const port of [first, second]) ports.release(port);
  });

  it("are free, and outside the range of outgoing connections", async () => {
    const ports = new Ports(() => 0.5);
    const free = await ports.take();
    ports.release(free);
    const holder = createServer().listen(free, "127.0.0.1");
    await once(holder, "listening");
    const next = await ports.take();
    holder.close();
    ports.release(next);
    expect(next).not.toBe(free);
    expect(next).toBeGreaterThan(1024);
    expect(next).toBeLessThan(32_768);
  });

  it("are not given by two clouds at the same time, even before a program listens", async () => {
    const [orders, billing] = [new Ports(() => 0.25), new Ports(() => 0.25)];
    const [first, second] = [await orders.take(), await billing.take()];
    expect(second).not.toBe(first);
    const program = createServer().listen(first, "0.0.0.0");
    await once(program, "listening");
    program.close();
    orders.release(first);
    billing.release(second);
    expect(await billing.take()).toBe(first);
    billing.release(first);
  });
});
