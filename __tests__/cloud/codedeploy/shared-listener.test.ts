import type { WeightedTargetGroup } from "../../../scripts/cloud/template";
import { FakeCloud, ONE, PRODUCTION, TEST, TWO } from "./fake-cloud";

const OTHER: WeightedTargetGroup = { targetGroupArn: "arn:targetgroup/other", weight: 1 };
const rule = (arn: string, priority: number, ...forward: readonly WeightedTargetGroup[]) => ({
  arn,
  priority,
  conditions: { hosts: [`host-${priority}`] },
  forward,
});

/** A cloud whose default rules belong to another service. */
function shared(): FakeCloud {
  const cloud = new FakeCloud();
  const { loadBalancer } = cloud;
  for (const listener of [PRODUCTION, TEST]) loadBalancer.setDefault(listener, [OTHER]);
  loadBalancer.rules = [
    rule(`${PRODUCTION}/orders`, 1, { targetGroupArn: ONE, weight: 1 }),
    rule(`${PRODUCTION}/orders-too`, 2, { targetGroupArn: ONE, weight: 1 }),
    rule(`${PRODUCTION}/billing`, 3, OTHER),
    rule(`${TEST}/orders`, 1, { targetGroupArn: ONE, weight: 1 }),
  ];
  return cloud;
}

const weights = ({ loadBalancer }: FakeCloud, arn: string) =>
  loadBalancer.rules.find((candidate) => candidate.arn === arn)?.forward.map(({ weight }) => weight);

describe("a deployment on a listener that several services share", () => {
  it("moves every rule to its target groups, and no other one", async () => {
    const cloud = shared();
    const id = cloud.deploy();
    await cloud.until(3600);
    expect(cloud.deployment(id).status).toBe("Succeeded");
    const moved = [
      { targetGroupArn: ONE, weight: 0 },
      { targetGroupArn: TWO, weight: 100 },
    ];
    expect(cloud.loadBalancer.rules.map(({ forward }) => forward)).toEqual([moved, moved, [OTHER], expect.any(Array)]);
    expect([cloud.loadBalancer.forward(PRODUCTION), cloud.loadBalancer.forward(TEST)]).toEqual([[OTHER], [OTHER]]);
    expect(weights(cloud, `${TEST}/orders`)).toHaveLength(2);
  });

  it("shows the traffic weights of its own rule", async () => {
    const cloud = shared();
    const id = cloud.deploy();
    await cloud.until(3600);
    expect(cloud.deployment(id).target?.taskSets.map(({ trafficWeight }) => trafficWeight)).toEqual([0, 100]);
  });

  it("fails when no rule of the production listener forwards to its target groups", async () => {
    const cloud = shared();
    cloud.loadBalancer.rules = cloud.loadBalancer.rules.filter(({ arn }) => !arn.startsWith(`${PRODUCTION}/orders`));
    const id = cloud.deploy();
    await cloud.until(10);
    expect(cloud.deployment(id).errorInformation?.message).toContain(
      "Primary taskset target group must be behind listener",
    );
  });

  it("fails when no rule of the test listener forwards to its target groups, and takes no other service's traffic", async () => {
    const cloud = shared();
    cloud.loadBalancer.rules = cloud.loadBalancer.rules.filter(({ arn }) => !arn.startsWith(TEST));
    const id = cloud.deploy();
    await cloud.until(600);
    expect(cloud.deployment(id)).toMatchObject({
      status: "Failed",
      errorInformation: {
        message: expect.stringContaining(`No rule of the listener ${TEST} forwards to the target groups`) as string,
      },
    });
    expect(cloud.loadBalancer.forward(TEST)).toEqual([OTHER]);
  });
});
