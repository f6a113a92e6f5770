import { percentTo, tellingForwards, type ForwardChange } from "../../../scripts/cloud/load-balancer/forwards";
import { FakeState, fakeParts, GROUP_1, GROUP_2, LISTENER } from "../aws/fake-cloud";

const weights = (first: number, second: number) => [
  { targetGroupArn: GROUP_1, weight: first },
  { targetGroupArn: GROUP_2, weight: second },
];

describe("the share of a target group in a forward", () => {
  it.each([
    { what: "all of it", forward: weights(100, 0), percent: 100 },
    { what: "none", forward: weights(0, 100), percent: 0 },
    { what: "a part, whatever the weights add up to", forward: weights(1, 3), percent: 25 },
    { what: "the sum, when it is named twice", forward: [...weights(1, 3), ...weights(1, 3)], percent: 25 },
    { what: "nothing when all weights are 0", forward: weights(0, 0), percent: 0 },
    { what: "nothing when there is no forward", forward: [], percent: 0 },
  ])("is $what: $percent %", ({ forward, percent }) => {
    expect(percentTo(forward, GROUP_1)).toBe(percent);
  });
});

describe("a load balancer that tells its forwards", () => {
  it("tells each change of a forward once it is made, and does everything else as before", async () => {
    const { loadBalancer } = fakeParts(new FakeState());
    const calls: unknown[][] = [];
    const seen: [ForwardChange, unknown][] = [];
    const telling = tellingForwards(
      {
        ...loadBalancer,
        register: (...input) => void calls.push(["register", ...input]),
        deregister: (...input) => Promise.resolve(void calls.push(["deregister", ...input])),
        health: (...input) => {
          calls.push(["health", ...input]);
          return [];
        },
      },
      (change) => seen.push([change, loadBalancer.forward(change.listenerArn)]),
    );
    const target = { id: "10.0.0.1", port: 8080, address: { host: "127.0.0.1", port: 1 } };
    telling.register(GROUP_1, target);
    await telling.deregister(GROUP_1, target.id);
    expect(telling.health(GROUP_2)).toEqual([]);
    expect(telling.url(LISTENER)).toBe(loadBalancer.url(LISTENER));
    expect(seen).toEqual([]);
    expect(calls).toEqual([
      ["register", GROUP_1, target],
      ["deregister", GROUP_1, target.id],
      ["health", GROUP_2],
    ]);

    const forward = weights(90, 10);
    telling.setForward(LISTENER, forward);
    expect(telling.forward(LISTENER)).toBe(forward);
    expect(seen).toEqual([[{ listenerArn: LISTENER, forward }, forward]]);
  });
});
