import { Interruption, onEndSignal } from "../../scripts/command/interruption";

describe("an interruption", () => {
  let now = 0;
  let interruption: Interruption;
  beforeEach(() => {
    now = 0;
    interruption = new Interruption({ now: () => now });
  });
  const state = () => ({ stop: interruption.stop.aborted, leave: interruption.leave.aborted });

  it("asks for an ending in order the first time", () => {
    interruption.request();
    expect(state()).toEqual({ stop: true, leave: false });
  });

  it("is the same one when npm forwards it", () => {
    interruption.request();
    now += 999;
    interruption.request();
    expect(state()).toEqual({ stop: true, leave: false });
  });

  it("asks for an ending at once the second time, with 130", () => {
    interruption.request();
    now += 1_000;
    interruption.request();
    expect(state()).toEqual({ stop: true, leave: true });
    expect(interruption.leave.reason).toBe(130);
  });

  it("can ask for an ending at once the first time, with an exit code", () => {
    interruption.endAtOnce(143);
    expect(state()).toEqual({ stop: false, leave: true });
    expect(interruption.leave.reason).toBe(143);
  });
});

describe("the signals that end a command", () => {
  it("are handled until the handlers are removed", () => {
    const heard: string[] = [];
    const before = process.listenerCount("SIGHUP");
    const remove = onEndSignal((signal) => heard.push(signal));
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.emit(signal);
    remove();
    expect(heard).toEqual(["SIGINT", "SIGTERM", "SIGHUP"]);
    expect(process.listenerCount("SIGHUP")).toBe(before);
  });
});
