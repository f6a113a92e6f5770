import { readLoadBalancer, sharesOf, trafficWarnings } from "../../scripts/release/load-balancer";
import { leftoverWarnings, liveTasks } from "../../scripts/release/live-tasks";
import {
  always,
  awsError,
  fakeAws,
  forwardRule,
  LIVE_REVISION,
  liveEcsService,
  LOAD_BALANCER_INFO,
  names,
  NEXT_REVISION,
  TARGET_GROUPS,
} from "./fakes";

const [first = "", second = ""] = TARGET_GROUPS;
const group = { loadBalancerInfo: LOAD_BALANCER_INFO };

describe("the state of the load balancer", () => {
  it("has the target groups as metrics name them, the targets' health and the shares of the traffic", async () => {
    expect(await readLoadBalancer(fakeAws(), group, { targetGroup: first })).toEqual({
      loadBalancer: `app/${names.loadBalancer}/lb1`,
      live: `targetgroup/${names.prefix}-1/tg1`,
      next: `targetgroup/${names.prefix}-2/tg2`,
      targets: ["healthy"],
      shares: new Map([
        [first, 100],
        [second, 0],
      ]),
      unread: [],
    });
  });

  it("swaps the target groups with each release", async () => {
    expect(await readLoadBalancer(fakeAws(), group, { targetGroup: second })).toMatchObject({
      live: `targetgroup/${names.prefix}-2/tg2`,
      next: `targetgroup/${names.prefix}-1/tg1`,
    });
  });

  it("is reported as not checked when it can't be read", async () => {
    const denied = always<never>(awsError("AccessDenied", "not authorized"));
    const blind = { describeTargetGroups: denied, describeTargetHealth: denied, describeRules: denied };
    const { unread, ...rest } = await readLoadBalancer(fakeAws(blind), group, { targetGroup: first });
    expect(unread).toHaveLength(3);
    expect(unread.join()).toMatch(
      /not checked where the traffic goes: AccessDenied: .*elasticloadbalancing:DescribeRules/,
    );
    expect(rest).toEqual({ loadBalancer: `app/${names.loadBalancer}/lb1` });
  });

  it("doesn't count draining targets", async () => {
    const TargetHealthDescriptions = (["draining", "healthy"] as const).map((State) => ({ TargetHealth: { State } }));
    const aws = fakeAws({ describeTargetHealth: always({ TargetHealthDescriptions }) });
    expect(await readLoadBalancer(aws, group, { targetGroup: first })).toMatchObject({ targets: ["healthy"] });
  });
});

describe("a listener that sends the service nothing", () => {
  const read = async (Rules: readonly object[], rest: Parameters<typeof fakeAws>[0] = {}) =>
    trafficWarnings(
      await readLoadBalancer(fakeAws({ describeRules: always({ Rules: [...Rules] }), ...rest }), group, {
        targetGroup: first,
      }),
    );
  const maintenance = { Actions: [{ Type: "fixed-response" }] };

  it.each([
    ["its rules answer themselves", [maintenance]],
    ["they lead elsewhere", [{ Actions: [{ Type: "redirect" }] }]],
    ["they forward to others only", [{ Actions: [{ Type: "forward", TargetGroupArn: "arn:of:another" }] }]],
    ["all weights are 0", [forwardRule(0, 0)]],
  ])("is reported when %s", async (_, rules) => {
    expect((await read(rules)).join()).toMatch(/sends no request to the service's target groups/);
  });

  it("is not reported when one rule forwards to it, or the rules are not known", async () => {
    expect(await read([maintenance, forwardRule(100, 0)])).toEqual([]);
    expect(await read([forwardRule(0, 100)])).toEqual([]);
    const denied = always<never>(awsError("AccessDenied"));
    expect(await read([maintenance], { describeTargetGroups: denied })).toEqual([]);
    expect(await read([], { describeRules: denied })).toEqual([]);
    const others = always({ TargetGroups: [{ TargetGroupArn: second }] });
    expect(await read([forwardRule(100, 0)], { describeTargetGroups: others })).toEqual([]);
  });
});

describe("the shares of the traffic", () => {
  it("are percent, whatever the weights add up to", () => {
    expect(sharesOf([forwardRule(9, 1)], TARGET_GROUPS)).toEqual(
      new Map([
        [first, 90],
        [second, 10],
      ]),
    );
    expect(sharesOf([forwardRule(1, 2)], TARGET_GROUPS)).toEqual(
      new Map([
        [first, 33.3],
        [second, 66.7],
      ]),
    );
    expect(sharesOf([forwardRule(0, 0)], TARGET_GROUPS)).toEqual(
      new Map([
        [first, 0],
        [second, 0],
      ]),
    );
  });

  it("are the largest when rules differ, and ignore rules of other services", () => {
    const foreign = { Actions: [{ Type: "forward" as const, TargetGroupArn: "arn:other" }] };
    const shares = sharesOf([forwardRule(100, 0), forwardRule(80, 20), foreign], TARGET_GROUPS);
    expect(shares).toEqual(
      new Map([
        [first, 100],
        [second, 20],
      ]),
    );
  });

  it("are 100 % for a rule with a single target group", () => {
    expect(sharesOf([{ Actions: [{ Type: "forward", TargetGroupArn: first }] }], TARGET_GROUPS)).toEqual(
      new Map([[first, 100]]),
    );
  });
});

describe("a task set that a deployment stopped without a rollback has left", () => {
  const stopped = {
    id: "ecs-svc/2",
    status: "ACTIVE",
    taskDefinition: NEXT_REVISION,
    startedBy: "CODE_DEPLOY",
    externalId: "d-STOPPED01",
    loadBalancers: [{ targetGroupArn: second }],
  };
  const live = liveEcsService();
  const split = liveTasks({ ...live, taskSets: [...(live.taskSets ?? []), stopped] });
  const shares = (old: number, left: number) => ({
    shares: new Map([
      [first, old],
      [second, left],
    ]),
  });

  it("is reported with its share of the traffic, its revision, its deployment and what happens to it", () => {
    expect(leftoverWarnings(split, shares(90, 10))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^10 % of the production traffic goes to ${names.family}:8 .*d-STOPPED01.*until this release installs`,
        ),
      ),
    ]);
  });

  it("is reported when it has no traffic, and when its share is not known", () => {
    expect(leftoverWarnings(split, shares(100, 0)).join()).toMatch(/has no traffic; this release replaces it/);
    expect(leftoverWarnings(split, {}).join()).toMatch(/^an unknown share of the production traffic/);
  });

  it("is not reported when the live version is alone, or the other task set is draining", () => {
    expect(leftoverWarnings(liveTasks(live), shares(100, 0))).toEqual([]);
    const draining = { ...stopped, status: "DRAINING" };
    const leaving = liveTasks({ ...live, taskSets: [...(live.taskSets ?? []), draining] });
    expect(leftoverWarnings(leaving, shares(100, 0))).toEqual([]);
  });

  it("is reported when traffic goes to a target group without a task set", () => {
    expect(leftoverWarnings(liveTasks(live), shares(90, 10)).join()).toMatch(
      /10 % .* where the service has no task set/,
    );
  });
});

describe("the live tasks", () => {
  it("are the service's desired count and the live task set's running count", () => {
    expect(liveTasks(liveEcsService())).toEqual({ desired: 2, running: 2, targetGroup: first, others: [] });
  });

  it("are absent when ECS doesn't return them", () => {
    expect(liveTasks({ taskDefinition: LIVE_REVISION })).toEqual({ others: [] });
  });
});
