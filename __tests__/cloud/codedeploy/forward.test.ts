import { forwardTo, initialListeners } from "../../../scripts/cloud/codedeploy/forward";
import type { WeightedTargetGroup } from "../../../scripts/cloud/template";
import { GROUP_1, GROUP_2, LISTENER, TEMPLATE, TEST_LISTENER } from "../aws/fake-cloud";

const on = (targetGroupArn: string, weight: number): WeightedTargetGroup => ({ targetGroupArn, weight });

describe("the forward of a production listener", () => {
  it.each([
    [0, 100, 0],
    [10, 90, 10],
    [33.4, 67, 33],
    [100, 0, 100],
  ])("at %d percent has both target groups, in the order of their ARNs", (percent, first, second) => {
    const pair = { blue: { id: "ecs-svc/1", targetGroupArn: GROUP_1 }, green: { targetGroupArn: GROUP_2 } };
    expect(forwardTo(pair, percent)).toEqual([on(GROUP_1, first), on(GROUP_2, second)]);
    const swapped = { blue: { id: "ecs-svc/2", targetGroupArn: GROUP_2 }, green: { targetGroupArn: GROUP_1 } };
    expect(forwardTo(swapped, 100 - percent)).toEqual([on(GROUP_1, 100 - second), on(GROUP_2, second)]);
  });
});

describe("the listeners before the first deployment", () => {
  const production = (forward: readonly WeightedTargetGroup[]) => {
    const listeners = TEMPLATE.listeners.map((listener) =>
      listener.arn === LISTENER ? { ...listener, forward } : listener,
    );
    return initialListeners({ ...TEMPLATE, listeners }).find(({ arn }) => arn === LISTENER)?.forward;
  };

  it("have the idle target group at weight 0 on the production listener, whichever it is", () => {
    expect(production([on(GROUP_1, 1)])).toEqual([on(GROUP_1, 100), on(GROUP_2, 0)]);
    expect(production([on(GROUP_2, 1)])).toEqual([on(GROUP_1, 0), on(GROUP_2, 100)]);
  });

  it.each([
    ["both target groups", [on(GROUP_1, 3), on(GROUP_2, 1)]],
    ["one that is not the deployment group's", [on("arn:other", 1)]],
    ["nothing", []],
  ])("stay as synthesized on a production listener that forwards to %s", (_, forward) => {
    expect(production(forward)).toEqual(forward);
  });

  it("have it in the rules of a shared production listener as well, and leave other services' rules alone", () => {
    const rule = (arn: string, forward: readonly WeightedTargetGroup[]) => ({
      arn,
      priority: 1,
      conditions: {},
      forward,
    });
    const rules = [rule("own", [on(GROUP_2, 1)]), rule("other", [on("arn:other", 1)])];
    const listeners = [{ arn: LISTENER, port: 80, protocol: "HTTP", forward: [], rules }];
    expect(initialListeners({ ...TEMPLATE, listeners })).toEqual([
      {
        arn: LISTENER,
        port: 80,
        protocol: "HTTP",
        forward: [],
        rules: [rule("own", [on(GROUP_1, 0), on(GROUP_2, 100)]), rule("other", [on("arn:other", 1)])],
      },
    ]);
  });

  it("leave the test listener as it is", () => {
    expect(initialListeners(TEMPLATE).find(({ arn }) => arn === TEST_LISTENER)?.forward).toEqual([on(GROUP_1, 100)]);
  });
});
