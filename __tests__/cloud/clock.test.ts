import { ClockStopped, SteppedClock, WallClock } from "../../scripts/cloud/clock";

describe("the stepped clock", () => {
  it("runs due actions in order of time, and is at the end of the step afterwards", async () => {
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

  it("stands still while the process cannot run, however long that takes", () => {
    let wall = 0;
    const clock = new WallClock(20, () => wall);
    const before = clock.now();
    wall += 60_000;
    expect(clock.now() - before).toBe(20 * 25);
  });

  it("misses nothing as long as it is looked at", () => {
    let wall = 0;
    const clock = new WallClock(20, () => wall);
    const before = clock.now();
    for (let look = 0; look < 200; look += 1) {
      wall += 5;
      clock.now();
    }
    expect(clock.now() - before).toBeCloseTo(20 * 1000);
  });

  it.each([
    { speed: 20, passes: 10 },
    { speed: 0.5, passes: 5 },
  ])("at speed $speed passes $passes in 10 ms of the wall while work piles up", ({ speed, passes }) => {
    let wall = 0;
    const clock = new WallClock(speed, () => wall);
    const elapsed = () => {
      const before = clock.now();
      wall += 10;
      return clock.now() - before;
    };
    const pieces = Array.from({ length: 8 }, () => clock.work());
    expect(elapsed()).toBeCloseTo(10 * speed);
    const last = clock.work();
    expect(elapsed()).toBeCloseTo(passes);
    last();
    expect(elapsed()).toBeCloseTo(10 * speed);
    pieces.forEach((done) => done());
  });

  it("no longer counts work that takes long", () => {
    let wall = 0;
    const clock = new WallClock(20, () => wall);
    for (let piece = 0; piece < 20; piece += 1) clock.work();
    wall += 100;
    const before = clock.now();
    wall += 10;
    expect(clock.now() - before).toBeCloseTo(200);
  });

  it("stands still while lasting work piles up, but not when it hangs", () => {
    let wall = 0;
    const clock = new WallClock(20, () => wall);
    const elapsed = (ms: number) => {
      const before = clock.now();
      wall += ms;
      return clock.now() - before;
    };
    const pieces = Array.from({ length: 65 }, () => clock.work({ lasting: true }));
    expect(elapsed(20)).toBe(0);
    wall += 200; // Old enough to be a wait on purpose, if it were other work.
    expect(elapsed(20)).toBe(0);
    pieces[0]?.();
    expect(elapsed(20)).toBeCloseTo(400);
    clock.work({ lasting: true });
    expect(elapsed(20)).toBe(0);
    wall += 5_000;
    expect(elapsed(20)).toBeCloseTo(400);
  });

  describe("on Node's timers", () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    it("keeps none when nothing waits any more", () => {
      const clock = new WallClock(1);
      const fired = jest.fn();
      const cancel = clock.after(1000, fired);
      clock.after(10, fired);
      jest.advanceTimersByTime(20);
      expect(fired).toHaveBeenCalledTimes(1);
      cancel();
      cancel();
      expect(jest.getTimerCount()).toBe(0);
    });

    it("waits longer than the longest of them", () => {
      const clock = new WallClock(0.001);
      const fired = jest.fn();
      clock.after(2 ** 31, fired);
      jest.advanceTimersByTime(1000);
      expect(fired).not.toHaveBeenCalled();
      expect(jest.getTimerCount()).toBe(2); // Its own, and the beat; with a delay beyond the longest it would spin.
    });
  });

  it.each([0, -1, Number.NaN])("refuses the speed %p", (speed) => {
    expect(() => new WallClock(speed)).toThrow(RangeError);
  });
});
