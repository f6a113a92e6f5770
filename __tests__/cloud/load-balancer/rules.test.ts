import type { ListenerTemplate } from "../../../scripts/cloud/template";
import { ONE, PRODUCTION, TWO, World } from "./support";

const to = (targetGroupArn: string) => [{ targetGroupArn, weight: 1 }];
const ORDERS = "arn:listener-rule/orders";
const ADMIN = "arn:listener-rule/admin";

let world: World;
afterEach(() => world.close());

/** A shared listener: orders by host, their admin pages elsewhere, and a default action that does not forward. */
async function shared(changes: Partial<ListenerTemplate> = {}): Promise<void> {
  const listener = {
    arn: PRODUCTION,
    port: 80,
    protocol: "HTTP",
    forward: [],
    rules: [
      { arn: ORDERS, priority: 200, conditions: { hosts: ["orders.example.com"] }, forward: to(ONE) },
      { arn: ADMIN, priority: 100, conditions: { paths: ["/admin/*"] }, forward: to(TWO) },
    ],
    ...changes,
  };
  world = new World({}, [listener]);
  await world.balancer.start();
  await world.serve(ONE, "one");
  await world.serve(TWO, "two");
}

const send = async (host: string, path: string) => {
  const { status, body } = await world.send(PRODUCTION, { path, headers: { host } });
  return status === 200 ? body : status;
};

describe("the rules of a listener", () => {
  it("route by host and path, the lowest priority first", async () => {
    await shared();
    expect(await send("orders.example.com", "/1")).toBe("one");
    expect(await send("orders.example.com", "/admin/1")).toBe("two");
    expect(await send("other.example.com", "/admin/1")).toBe("two");
  });

  it("are followed by the default action, which gives 404 when it does not forward", async () => {
    await shared();
    expect(await send("other.example.com", "/1")).toBe(404);
    expect(world.answers).toMatchObject([{ status: 404, source: "load-balancer" }]);
    expect(await world.sum("HTTP_Fixed_Response_Count")).toBe(1);
    expect([await world.sum("HTTPCode_ELB_4XX_Count"), await world.sum("RequestCount")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("are followed by the default action, which may forward", async () => {
    await shared({ forward: to(TWO) });
    expect(await send("other.example.com", "/1")).toBe("two");
  });

  it("are listed in that order, with the weights that they have now", async () => {
    await shared();
    const forward = [
      { targetGroupArn: ONE, weight: 90 },
      { targetGroupArn: TWO, weight: 10 },
    ];
    const changes: unknown[] = [];
    world.balancer.forwardChanges.subscribe((change) => changes.push(change));
    world.balancer.setForward(ORDERS, forward);
    expect(changes).toEqual([{ listenerArn: PRODUCTION, ruleArn: ORDERS, forward }]);
    expect(world.balancer.rules(PRODUCTION)).toEqual([
      { arn: ADMIN, priority: 100, conditions: { paths: ["/admin/*"] }, forward: to(TWO) },
      { arn: ORDERS, priority: 200, conditions: { hosts: ["orders.example.com"] }, forward },
      { arn: expect.any(String) as string, priority: "default", conditions: {}, forward: [] },
    ]);
  });

  it("shift each for itself, and each target group counts its own requests", async () => {
    await shared();
    world.balancer.setForward(ORDERS, [
      { targetGroupArn: ONE, weight: 3 },
      { targetGroupArn: TWO, weight: 1 },
    ]);
    for (let sent = 0; sent < 8; sent += 1) await send("orders.example.com", "/1");
    await send("other.example.com", "/admin/1");
    expect([await world.sum("RequestCount", "one"), await world.sum("RequestCount", "two")]).toEqual([6, 3]);
  });
});
