import { ClockStopped, SteppedClock, WallClock } from "../../scripts/cloud/clock";

describe("the stepped clock", () => {
  it("runs what falls due in the order of its time, and stands at the end of the step", async () => {
    const clock = new SteppedClock(0);
    const seen: string[] = [];
    clock.after(20, () => seen.push(`second at ${clock.now()}`));
    clock.after(10, () => seen.push(`first at ${clock.now()}`));
    clock.after(31, () => seen.push("too late"));
    await clock.step(30);
    expect(seen).toEqual(["first at 10", "second at 20"]);
    expect(clock.now()).toBe(30);
  });

  it("runs what an action schedules within the same step", async () => {
    const clock = new SteppedClock(0);
    const seen: number[] = [];
    const sleeper = async () => {
      await clock.sleep(10);
      seen.push(clock.now());
      await clock.sleep(10);
      seen.push(clock.now());
    };
    const done = sleeper();
    await clock.step(20);
    await done;
    expect(seen).toEqual([10, 20]);
  });

  it("repeats every period until cancelled", async () => {
    const clock = new SteppedClock(0);
    const seen: number[] = [];
    const cancel = clock.every(10, () => seen.push(clock.now()));
    await clock.step(35);
    cancel();
    await clock.step(100);
    expect(seen).toEqual([10, 20, 30]);
  });

  it("ends a sleep with ClockStopped when its signal aborts", async () => {
    const clock = new SteppedClock(0);
    const controller = new AbortController();
    const sleep = clock.sleep(1000, controller.signal);
    controller.abort();
    await expect(sleep).rejects.toThrow(ClockStopped);
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow(ClockStopped);
  });
});

describe("the wall clock", () => {
  it("passes simulated time faster than the wall", async () => {
    const clock = new WallClock(1000);
    const before = clock.now();
    await new Promise<void>((resolve) => {
      const kept = setInterval(() => undefined, 1000); // the clock's own timers do not keep the process alive
      clock.after(5000, () => {
        clearInterval(kept);
        resolve();
      });
    });
    expect(clock.now() - before).toBeGreaterThanOrEqual(5000);
  });

  it.each([0, -1, Number.NaN])("refuses the speed %p", (speed) => {
    expect(() => new WallClock(speed)).toThrow(RangeError);
  });
});
