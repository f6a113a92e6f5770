import type { ReleaseEvent } from "../../scripts/release/events";
import { reportVerdict } from "../../scripts/release/report";
import { frameOf, type View } from "../../scripts/release/render/frame";
import { jsonRenderer } from "../../scripts/release/render/json";
import { fit } from "../../scripts/release/render/line";
import { liveRenderer, type Terminal } from "../../scripts/release/render/live";
import { plainRenderer } from "../../scripts/release/render/plain";
import { stopwatch } from "../../scripts/release/render/words";
import type { Snapshot } from "../../scripts/release/snapshot";
import { DEPLOYMENT, PALETTE as palette, ROLLBACK, SleepingClock, snapshot, target } from "./fakes";

const MINUTE = 60_000;
const seen = (overrides: Partial<Snapshot>): ReleaseEvent => ({ type: "snapshot", snapshot: snapshot(overrides) });
const alarm = (state: string) => ({ name: "api-5xx-1", state, reason: "3 errors" });
const report = reportVerdict(
  { outcome: "rolled-back" },
  {
    ...snapshot({
      deployment: {
        id: DEPLOYMENT,
        status: "Stopped",
        rollbackId: ROLLBACK,
        error: { code: "ALARM_ACTIVE", message: "Activated alarms: api-5xx-1" },
      },
      alarms: [alarm("ALARM")],
      activatedAlarms: [alarm("ALARM")],
      target: target({ AllowTraffic: "Failed" }),
      stoppedTasks: [
        { id: "1", reason: "Essential container in task exited", exitCode: 1 },
        { id: "2", reason: "Essential container in task exited", exitCode: 1 },
      ],
    }),
  },
);

describe("the report of a version that the hook refused", () => {
  const refused = (code: string) => {
    const error = { code, message: "words of CodeDeploy" };
    const ended = snapshot({ deployment: { id: DEPLOYMENT, status: "Failed", rollbackId: ROLLBACK, error } });
    return reportVerdict({ outcome: "rolled-back" }, ended, { hookLogGroup: "/aws/lambda/probe" }).next.join();
  };

  it("names the log group that says what was found", () => {
    expect(refused("HOOK_EXECUTION_FAILURE")).toContain("log group /aws/lambda/probe");
    expect(refused("ALARM_ACTIVE")).not.toContain("log group");
  });
});

describe("plain output", () => {
  const shown = (...steps: readonly (ReleaseEvent | number)[]) => {
    const clock = new SleepingClock();
    const lines: string[] = [];
    const renderer = plainRenderer((line) => lines.push(line), clock);
    for (const step of steps) {
      if (typeof step === "number") clock.advance(step);
      else renderer.show(step);
    }
    return lines;
  };

  it("begins each line with the time since the start", () => {
    expect(shown(65_000, { type: "progress", text: "checked" })).toEqual(["[1:05] checked"]);
  });

  it("prints nothing when nothing changed", () => {
    const same = { target: target({ Install: "InProgress" }), alarms: [alarm("OK")] };
    expect(shown(seen(same), seen(same), seen(same))).toEqual(shown(seen(same)));
  });

  it("prints each change: steps with their duration, traffic, alarms, rollback", () => {
    const installed = {
      ...target({}, 10),
      events: [
        { name: "Install", status: "Succeeded", startedAt: 0, endedAt: 140_000 },
        { name: "AllowTraffic", status: "InProgress" },
      ],
    };
    const lines = shown(
      seen({ target: target({ Install: "InProgress", AllowTraffic: "Pending" }), alarms: [alarm("OK")] }),
      seen({ target: installed, alarms: [alarm("OK")] }),
      seen({
        target: { ...installed, taskSets: target({}).taskSets },
        alarms: [alarm("ALARM")],
        deployment: {
          id: DEPLOYMENT,
          status: "Stopped",
          rollbackId: ROLLBACK,
          error: { code: "ALARM_ACTIVE", message: "Activated alarms: api-5xx-1" },
        },
        rollback: { id: ROLLBACK, status: "InProgress" },
      }),
    );
    expect(lines.map((line) => line.replace("[0:00] ", ""))).toEqual([
      `${DEPLOYMENT}: InProgress`,
      "  > Install",
      "traffic: 100 % old version, 0 % new version",
      "  ✓ Install (2 min 20 s)",
      "  > AllowTraffic",
      "traffic: 90 % old version, 10 % new version",
      `${DEPLOYMENT}: Stopped (ALARM_ACTIVE)`,
      "traffic: 100 % old version, 0 % new version",
      "alarm api-5xx-1: ALARM",
      `rolling back with ${ROLLBACK}: InProgress`,
    ]);
  });

  it("gives the reason of a rollback once, in the report", () => {
    const stopped = {
      id: DEPLOYMENT,
      status: "Stopped",
      rollbackId: ROLLBACK,
      error: { code: "ALARM_ACTIVE", message: "Activated alarms: api-5xx-1" },
    };
    const lines = shown(seen({ alarms: [alarm("ALARM")], deployment: stopped }), { type: "outcome", report });
    expect(lines.filter((line) => line.includes("3 errors"))).toEqual([
      expect.stringMatching(/why: +alarm api-5xx-1: 3 errors/),
    ]);
    expect(lines.join("\n")).not.toContain("Activated alarms");
  });

  it("gives the message of another error at once", () => {
    const error = { code: "TIMEOUT", message: "waited too long" };
    expect(shown(seen({ deployment: { id: DEPLOYMENT, status: "Failed", error } })).join("\n")).toContain(
      `${DEPLOYMENT}: Failed: waited too long (TIMEOUT)`,
    );
  });

  it("shows a sign of life after five minutes, before a CI system ends a silent job", () => {
    const quiet = seen({ target: target({ AllowTraffic: "InProgress" }, 10) });
    expect(shown(quiet, 5 * MINUTE, quiet).at(-1)).toBe("[5:00] still InProgress: canary");
  });

  it("prints once that all traffic moved and the old version is kept", () => {
    const moved = seen({ target: target({ AllowTraffic: "Succeeded", AfterAllowTraffic: "Succeeded" }, 100) });
    const told = shown(moved, moved).filter((line) => line.includes("the old version is kept"));
    expect(told).toHaveLength(1);
  });

  it("prints the same failure once", () => {
    const trouble: ReleaseEvent = {
      type: "trouble",
      failure: { kind: "throttled", type: "ThrottlingException", message: "Rate exceeded" },
      attempt: 1,
      retryInMs: 10_000,
    };
    expect(shown(trouble, trouble)).toEqual([
      "[0:00] poll failed (ThrottlingException: Rate exceeded), retrying in 10 s",
    ]);
  });

  it("prints once what it can't read, and once that it can again", () => {
    const unread = [{ part: "alarms", why: "AccessDeniedException: no" }] as const;
    const lines = shown(seen({}), seen({ unread }), seen({ unread }), seen({}), seen({}));
    expect(lines.slice(1)).toEqual([
      "[0:00] can't read the alarms and shows their last known values: AccessDeniedException: no",
      "[0:00] can read the alarms again",
    ]);
    expect(shown(seen({ unread })).join()).toContain("can't read the alarms");
  });

  it("keeps every line on one line, whatever AWS returns", () => {
    const message = "unable to pull\nsecrets:\r\n\u001B[2Jline two";
    const broken = reportVerdict(
      { outcome: "failed", because: "no-rollback" },
      snapshot({ deployment: { id: DEPLOYMENT, status: "Failed", error: { code: "X", message } } }),
    );
    const lines = shown(
      { type: "progress", text: message },
      { type: "changes", from: "api:7", changes: [{ path: "environment[A]", to: message }], unchanged: [] },
      seen({ stoppedTasks: [{ id: "1", reason: message }] }),
      { type: "outcome", report: broken },
    );
    expect(lines.filter((line) => line.includes("line two"))).toHaveLength(4);
    expect(lines.join("")).not.toMatch(/\p{Cc}/u);
    expect(lines[0]).toBe("[0:00] unable to pull secrets: [2Jline two");
  });

  it("shows what is new in the revision", () => {
    const changes = [{ path: "containerDefinitions[api].image", from: "old", to: "new" }];
    expect(shown({ type: "changes", from: "api:7", changes, unchanged: [] })).toEqual([
      "[0:00] new revision, against api:7:",
      "[0:00]   - containerDefinitions[api].image: old",
      "[0:00]   + containerDefinitions[api].image: new",
    ]);
  });

  it("shortens digests, except in commands to copy", () => {
    const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
    const problem = { what: `no ${digest}`, where: `url@${digest}`, next: `docker push url@${digest}` };
    const lines = shown(
      { type: "progress", text: `image url@${digest}` },
      { type: "warning", text: `image url@${digest}` },
      { type: "changes", from: "api:7", changes: [{ path: "image", from: digest, to: digest }], unchanged: [digest] },
      seen({ stoppedTasks: [{ id: "1", reason: `CannotPullContainerError: url@${digest}` }] }),
      { type: "outcome", report: { ...report, problems: [problem], reasons: [digest], next: [`--image ${digest}`] } },
    );
    const whole = lines.filter((line) => line.includes(digest));
    expect(whole.map((line) => line.replace(/^\[0:00\] +next: +/, ""))).toEqual([
      `docker push url@${digest}`,
      `--image ${digest}`,
    ]);
    expect(lines.filter((line) => line.includes("sha256:0123456789ab"))).toHaveLength(11);
  });

  it("ends with the outcome, the reasons, and what to do next", () => {
    const lines = shown({ type: "outcome", report }).join("\n");
    expect(lines).toMatch(/rolled back: d-RELEASE01 ended Stopped, its rollback succeeded/);
    expect(lines).toMatch(/why: +alarm api-5xx-1: 3 errors/);
    expect(lines).toMatch(/why: +CodeDeploy stopped d-RELEASE01 \(ALARM_ACTIVE\)/);
    // CodeDeploy's message would only repeat the alarm.
    expect(lines.match(/api-5xx-1/g)).toHaveLength(1);
    expect(lines).toMatch(/why: +2 new tasks stopped: Essential container in task exited \(exit code 1\)/);
    expect(lines).toMatch(/next: the old version has all traffic/);
  });
});

describe("JSON output", () => {
  const shown = (...events: readonly ReleaseEvent[]) => {
    const lines: string[] = [];
    const renderer = jsonRenderer((line) => lines.push(line), { now: () => 0 });
    events.forEach((event) => renderer.show(event));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it("is one object per line, with type and time", () => {
    expect(shown({ type: "progress", text: "two\nlines" }, seen({}))).toMatchObject([
      { type: "progress", time: "1970-01-01T00:00:00.000Z", text: "two\nlines" },
      { type: "snapshot", snapshot: { deployment: { id: DEPLOYMENT } } },
    ]);
  });

  it("ends with the outcome, its exit code and the alarms", () => {
    expect(shown({ type: "outcome", report }).at(-1)).toMatchObject({
      type: "outcome",
      outcome: "rolled-back",
      exitCode: 2,
      deploymentId: DEPLOYMENT,
      rollbackDeploymentId: ROLLBACK,
      alarms: ["api-5xx-1"],
    });
  });
});

/** A terminal that records what is written. */
function recordingTerminal() {
  const log: string[] = [];
  const frames: (readonly string[])[] = [];
  let action: (() => void) | undefined;
  const terminal: Terminal = {
    draw: (lines) => {
      log.push("draw");
      frames.push(lines);
    },
    keep: () => log.push("keep"),
    write: (line) => log.push(line),
    size: () => ({ columns: 80, rows: 24 }),
    palette,
    every: (_, ticked) => {
      action = ticked;
      return () => (action = undefined);
    },
  };
  return { log, frames, terminal, tick: () => action?.(), isTicking: () => action !== undefined };
}

describe("digests", () => {
  const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

  it("are whole in JSON", () => {
    const lines: string[] = [];
    jsonRenderer((line) => lines.push(line), { now: () => 0 }).show({ type: "progress", text: `image ${digest}` });
    expect(lines[0]).toContain(digest);
  });

  it("are short in the live view", () => {
    expect(fit([{ text: `task stopped: ${digest}` }], 200)).toBe("task stopped: sha256:0123456789ab");
  });
});

describe("the live view", () => {
  const view = (overrides: Partial<Snapshot> = {}, rest: Partial<View> = {}): View => ({
    deploymentId: DEPLOYMENT,
    strategy: "10 % for 5 minutes, then the rest",
    attach: `npm run release -- --environment staging --attach ${DEPLOYMENT}`,
    startedAt: 0,
    notes: [],
    snapshot: snapshot({
      target: target(
        { BeforeInstall: "Succeeded", Install: "Succeeded", AllowTraffic: "InProgress", AfterAllowTraffic: "Pending" },
        10,
      ),
      alarms: [alarm("OK"), { ...alarm("OK"), name: "api-5xx-2" }],
      ...overrides,
    }),
    ...rest,
  });
  const drawn = (given: View, columns = 80, rows = 24, now = 0) => frameOf(given, { columns, rows, palette }, now);

  it("shows steps, traffic, alarms, time and the command to follow", () => {
    const frame = drawn(view(), 120, 24, 65_000).join("\n");
    expect(frame).toMatch(/d-RELEASE01 1:05 {2}canary/);
    expect(frame).toMatch(/✓ Install\b/);
    expect(frame).toMatch(/● AllowTraffic\b/);
    expect(frame).toMatch(/○ AfterAllowTraffic\b/);
    expect(frame).toMatch(/old 90 %, new 10 %/);
    expect(frame).toMatch(/alarms +2 OK/);
    expect(frame).toMatch(/--attach d-RELEASE01/);
  });

  it.each([
    [80, 24],
    [80, 6],
    [40, 10],
    [20, 3],
    [10, 2],
    [1, 1],
  ])("fits a terminal of %d columns and %d rows", (columns, rows) => {
    const long = "a very long reason ".repeat(20);
    const frame = drawn(
      view(
        {
          alarms: [{ ...alarm("ALARM"), reason: long }],
          stoppedTasks: [{ id: "1", reason: long }],
          serviceMessages: [long],
        },
        { notes: [long, long, long], trouble: long },
      ),
      columns,
      rows,
    );
    expect(frame.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    for (const line of frame) expect(Array.from(line).length).toBeLessThanOrEqual(columns);
  });

  it("keeps the traffic and the alarms when the terminal is low", () => {
    const frame = drawn(view({ alarms: [alarm("ALARM")] }), 80, 4).join("\n");
    expect(frame).toMatch(/old 90 %, new 10 %/);
    expect(frame).toMatch(/ALARM api-5xx-1/);
  });

  it("never draws a partial share of the traffic as none or all of it", () => {
    const bar = (weight: number) =>
      /[█▒]+/.exec(drawn(view({ target: target({ AllowTraffic: "InProgress" }, weight) })).join("\n"))?.[0];
    expect(bar(0)).not.toContain("▒");
    expect(bar(1)).toContain("▒");
    expect(bar(99)).toContain("█");
    expect(bar(100)).not.toContain("█");
  });

  it("shows which rollback is under way", () => {
    const rolling = { rollback: { id: ROLLBACK, status: "InProgress" } };
    expect(drawn(view(rolling))[0]).toContain(`rolling back with ${ROLLBACK}: InProgress`);
  });

  it("shows the termination wait as a step, since much of the time goes there", () => {
    const events = [
      { name: "AllowTraffic", status: "Succeeded" },
      { name: "AfterAllowTraffic", status: "Succeeded", endedAt: 10_000 },
    ];
    const waiting = { target: { events, taskSets: [] }, awsTime: 100_000 };
    expect(drawn(view(waiting)).join("\n")).toMatch(/● termination wait +1 min 30 s/);
  });

  it("counts the time since AWS created it by AWS's clock", () => {
    const deployment = { id: DEPLOYMENT, status: "InProgress", createdAt: 1_000_000 };
    const later = drawn(view({ deployment, awsTime: 1_060_000, at: 5_000 }), 80, 24, 10_000);
    expect(later[0]).toContain(`${DEPLOYMENT} 1:05 `);
  });

  it("shows what has its last known value, and why", () => {
    const unread = [{ part: "alarms", why: "ThrottlingException: Rate exceeded" }] as const;
    const frame = drawn(view({ unread })).join("\n");
    expect(frame).toMatch(/alarms +2 OK \(as last read\)/);
    expect(frame).toMatch(/note +can't read the alarms: ThrottlingException: Rate exceeded/);
    expect(drawn(view()).join("\n")).not.toMatch(/as last read|can't read/);
  });

  it("ends a termination wait as the deployment ended", () => {
    const events = [{ name: "AfterAllowTraffic", status: "Succeeded", endedAt: 10_000 }];
    const ended = (status: string) => {
      const deployment = { id: DEPLOYMENT, status, completedAt: 100_000 };
      return drawn(view({ deployment, target: { events, taskSets: [] } })).join("\n");
    };
    expect(ended("Succeeded")).toMatch(/✓ termination wait +1 min 30 s/);
    expect(ended("Stopped")).toMatch(/✗ termination wait/);
  });

  it("draws in place while it watches, and leaves the outcome below", () => {
    const { log, terminal, isTicking } = recordingTerminal();
    const renderer = liveRenderer(terminal, { now: () => 0 });
    renderer.show({ type: "progress", text: "checked" });
    renderer.show({ type: "watching", deploymentId: DEPLOYMENT, attach: "attach", watched: [], unwatched: [], at: 0 });
    expect(isTicking()).toBe(true);
    renderer.show(seen({}));
    renderer.show({ type: "warning", text: "a note" });
    renderer.show({ type: "outcome", report });
    renderer.close();
    expect(log.slice(0, 7)).toEqual(["✓ checked", "draw", "draw", "draw", "draw", "keep", report.headline]);
    expect(isTicking()).toBe(false);
  });

  it("keeps every line outside of the view on one line too, whatever AWS returns", () => {
    const { log, terminal } = recordingTerminal();
    const renderer = liveRenderer(terminal, { now: () => 0 });
    const text = "one\ntwo\u001B[2J";
    renderer.show({ type: "warning", text });
    renderer.show({ type: "changes", from: "api:7", changes: [{ path: "environment[A]", to: text }], unchanged: [] });
    renderer.show({ type: "outcome", report: { ...report, reasons: [text], next: [text] } });
    expect(log.join("").match(/one two/g)).toHaveLength(4);
    expect(log.join("")).not.toMatch(/\p{Cc}/u);
  });

  it("shows the command to follow while it runs, and not after its end", () => {
    const { frames, terminal } = recordingTerminal();
    const renderer = liveRenderer(terminal, { now: () => 0 });
    renderer.show({
      type: "watching",
      deploymentId: DEPLOYMENT,
      attach: "the command",
      watched: [],
      unwatched: [],
      at: 0,
    });
    renderer.show({ type: "outcome", report });
    expect(frames.map((lines) => lines.join().includes("follow   the command"))).toEqual([true, false]);
  });

  it("shows a failed poll until one succeeds", () => {
    const { frames, terminal } = recordingTerminal();
    const renderer = liveRenderer(terminal, { now: () => 0 });
    renderer.show({
      type: "watching",
      deploymentId: DEPLOYMENT,
      attach: "the command",
      watched: [],
      unwatched: [],
      at: 0,
    });
    const failure = { kind: "throttled", type: "ThrottlingException", message: "" } as const;
    renderer.show({ type: "trouble", failure, attempt: 1, retryInMs: 10_000 });
    renderer.show(seen({}));
    const words = "poll failed (ThrottlingException), retrying in 10 s";
    expect(frames.map((lines) => lines.join().includes(words))).toEqual([false, true, false]);
  });

  it("throws an error of a timer with the next event", () => {
    const { terminal, tick } = recordingTerminal();
    let broken = false;
    const draw = () => {
      if (broken) throw new Error("the terminal is gone");
    };
    const renderer = liveRenderer({ ...terminal, draw }, { now: () => 0 });
    renderer.show({
      type: "watching",
      deploymentId: DEPLOYMENT,
      attach: "the command",
      watched: [],
      unwatched: [],
      at: 0,
    });
    broken = true;
    expect(tick).not.toThrow();
    expect(() => renderer.show(seen({}))).toThrow("the terminal is gone");
  });
});

describe("words and widths", () => {
  it.each([
    [5_000, "0:05"],
    [65_999, "1:05"],
    [3_725_000, "1:02:05"],
  ])("%d ms read %s on the stopwatch", (milliseconds, words) => {
    expect(stopwatch(milliseconds)).toBe(words);
  });

  it("cut a line where the terminal ends, whatever its colours", () => {
    const red = (text: string) => `<${text}>`;
    expect(fit([{ text: "abc", paint: red }, { text: "def" }], 6)).toBe("<abc>def");
    expect(fit([{ text: "abc", paint: red }, { text: "def" }], 5)).toBe("<abc>d…");
    expect(fit([{ text: "abc", paint: red }, { text: "def" }], 3)).toBe("<ab…>");
  });
});
