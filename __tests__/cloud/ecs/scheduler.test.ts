import { planTasks, startDelay, type TaskView } from "../../../scripts/cloud/ecs/scheduler";

const NOW = 1_000_000;
const DELAYS = { gracePeriodMs: 60_000, unhealthyStopMs: 30_000 };

function running(id: string, change: Partial<TaskView> = {}): TaskView {
  return { id, phase: "running", createdAt: 0, runningSince: 0, health: "healthy", ...change };
}
const starting = (id: string, createdAt = 0): TaskView => ({ id, phase: "starting", createdAt });
const stopping = (id: string): TaskView => ({
  id,
  phase: "stopping",
  createdAt: 0,
  runningSince: 0,
  health: "draining",
});
const unhealthy = (id: string, change: Partial<TaskView> = {}) =>
  running(id, { health: "unhealthy", unhealthySince: NOW - 30_000, ...change });

describe("planTasks", () => {
  it.each<
    [
      string,
      { count?: number; notBefore?: number; tasks: TaskView[] },
      { start: number; stop: string[]; steady: boolean },
    ]
  >([
    ["starts all of nothing", { tasks: [] }, { start: 2, stop: [], steady: false }],
    [
      "waits for tasks that are starting",
      { tasks: [starting("a"), starting("b")] },
      { start: 0, stop: [], steady: false },
    ],
    ["is steady with all healthy", { tasks: [running("a"), running("b")] }, { start: 0, stop: [], steady: true }],
    [
      "is not steady before the first health check",
      { tasks: [running("a"), running("b", { health: "initial" })] },
      { start: 0, stop: [], steady: false },
    ],
    [
      "is not steady while a task is not registered",
      { tasks: [running("a"), { id: "b", phase: "running", createdAt: 0, runningSince: 0 }] },
      { start: 0, stop: [], steady: false },
    ],
    [
      "replaces a task that is stopping",
      { tasks: [running("a"), stopping("b")] },
      { start: 1, stop: [], steady: false },
    ],
    [
      "is steady beside a task that is stopping",
      { tasks: [running("a"), running("b"), stopping("c")] },
      { start: 0, stop: [], steady: true },
    ],
    [
      "stops and replaces what is unhealthy long enough",
      { tasks: [running("a"), unhealthy("b")] },
      { start: 1, stop: ["b unhealthy"], steady: false },
    ],
    [
      "leaves what has just become unhealthy, so that an alarm can see it",
      { tasks: [running("a"), unhealthy("b", { unhealthySince: NOW - 29_999 })] },
      { start: 0, stop: [], steady: false },
    ],
    [
      "ignores health checks in the grace period",
      { tasks: [running("a"), unhealthy("b", { runningSince: NOW - 59_999 })] },
      { start: 0, stop: [], steady: false },
    ],
    [
      "stops what is unhealthy when the grace period ends",
      { tasks: [running("a"), unhealthy("b", { runningSince: NOW - 60_000 })] },
      { start: 1, stop: ["b unhealthy"], steady: false },
    ],
    ["does not start before it may", { notBefore: NOW + 1, tasks: [] }, { start: 0, stop: [], steady: false }],
    ["starts as soon as it may", { notBefore: NOW, tasks: [] }, { start: 2, stop: [], steady: false }],
    [
      "stops starting tasks first when there are too many",
      { count: 1, tasks: [starting("a"), running("b"), running("c", { health: "initial" })] },
      { start: 0, stop: ["a surplus", "c surplus"], steady: false },
    ],
    [
      "stops the newest of equals",
      { count: 1, tasks: [running("a", { createdAt: 1 }), running("b", { createdAt: 2 })] },
      { start: 0, stop: ["b surplus"], steady: false },
    ],
    [
      "stops all when none is wanted",
      { count: 0, tasks: [running("a")] },
      { start: 0, stop: ["a surplus"], steady: false },
    ],
    ["is steady with nothing when none is wanted", { count: 0, tasks: [] }, { start: 0, stop: [], steady: true }],
    [
      "does not count an unhealthy task as surplus too",
      { count: 1, tasks: [running("a"), unhealthy("b")] },
      { start: 0, stop: ["b unhealthy"], steady: false },
    ],
  ])("%s", (_what, { count = 2, notBefore = 0, tasks }, expected) => {
    const plan = planTasks({ count, startNotBefore: notBefore }, tasks, NOW, DELAYS);
    expect({ ...plan, stop: plan.stop.map(({ id, why }) => `${id} ${why}`) }).toEqual(expected);
  });
});

describe("startDelay", () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 4],
    [5, 16],
    [6, 27],
    [1000, 27],
  ])("after %i failed rounds is %i minutes", (failures, minutes) => {
    expect(startDelay(failures)).toBe(minutes * 60_000);
  });
});
