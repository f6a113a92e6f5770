import { percentTo } from "../../../scripts/cloud/load-balancer/forwards";
import { GROUP_1, GROUP_2 } from "../aws/fake-cloud";

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
