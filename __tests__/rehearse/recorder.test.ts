import { SteppedClock } from "../../scripts/cloud/clock";
import { defaultRuleArn } from "../../scripts/cloud/derived-ids";
import type { ForwardChange } from "../../scripts/cloud/load-balancer/part";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import { Subject } from "../../scripts/cloud/subject";
import { Recorder } from "../../scripts/rehearse/recorder";
import {
  deployment,
  fakeParts,
  FakeState,
  GROUP_1,
  GROUP_2,
  LISTENER,
  TEMPLATE,
  TEST_LISTENER,
} from "../cloud/aws/fake-cloud";

const weights = (first: number, second: number) => [
  { targetGroupArn: GROUP_1, weight: first },
  { targetGroupArn: GROUP_2, weight: second },
];

function recording(state = new FakeState(), live = weights(100, 0)) {
  state.forward.set(LISTENER, live);
  const clock = new SteppedClock();
  const forwardChanges = new Subject<ForwardChange>();
  const recorder = new Recorder({
    clock,
    template: TEMPLATE,
    parts: fakeParts(state),
    settings: DEFAULT_SETTINGS,
    forwardChanges,
  });
  const forward = (listenerArn: string, first: number, second: number) =>
    forwardChanges.notify({ listenerArn, ruleArn: defaultRuleArn(listenerArn), forward: weights(first, second) });
  const facts = () =>
    recorder.facts({
      image: "image",
      oldVersion: "1",
      newVersion: "2",
      fault: undefined,
      background: 0,
      liveFault: undefined,
      faultsBy: "cloud",
      speed: 1,
      release: undefined,
      abortReasons: [],
      interrupted: false,
      leftOutAlarms: [],
      notPlayed: [],
      wallSeconds: 1,
      writes: { acknowledged: 0, lost: 0 },
    });
  return { clock, recorder, forward, facts };
}

describe("the recorder", () => {
  it("records the deployment that the release created, not its rollback", () => {
    const state = new FakeState();
    // Newest first.
    state.deployments = [deployment("ROLLBACK1", { creator: "codeDeployRollback" }), deployment("RELEASED1")];
    const { facts } = recording(state);
    expect(facts().deployment?.id).toBe(state.deployments[1]?.id);
  });

  it("records no deployment when the release created none", () => {
    expect(recording().facts()).toMatchObject({ deployment: undefined, weights: [] });
  });

  it.each([
    ["the first target group", (old: number, next: number) => [old, next] as const],
    ["the second", (old: number, next: number) => [next, old] as const],
  ])("records the new version's weight on the production listener when %s was live", async (_, inOrder) => {
    const state = new FakeState();
    const { clock, recorder, forward, facts } = recording(state, weights(...inOrder(100, 0)));
    recorder.start();
    const startedAt = clock.now();
    await clock.step(10_000);
    forward(TEST_LISTENER, ...inOrder(0, 100));
    forward(LISTENER, ...inOrder(90, 10));
    await clock.step(5_000);
    forward(LISTENER, ...inOrder(0, 100));
    expect(facts()).toMatchObject({
      startedAt,
      endedAt: startedAt + 15_000,
      weights: [
        { at: startedAt + 10_000, percent: 10 },
        { at: startedAt + 15_000, percent: 100 },
      ],
    });
  });
});
