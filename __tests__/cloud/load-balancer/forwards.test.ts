import { percentTo, rulesTo } from "../../../scripts/cloud/load-balancer/forwards";
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

it("the rules to target groups are those that forward to one of them, also at weight 0", () => {
  const rule = (arn: string, forward: ReturnType<typeof weights>) => ({ arn, priority: 1, conditions: {}, forward });
  const rules = [rule("both", weights(1, 0)), rule("one", weights(1, 0).slice(0, 1)), rule("none", [])];
  expect(rulesTo(rules, [GROUP_2]).map(({ arn }) => arn)).toEqual(["both"]);
  expect(rulesTo(rules, [GROUP_1, GROUP_2]).map(({ arn }) => arn)).toEqual(["both", "one"]);
});
