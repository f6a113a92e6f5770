import { boundariesOf } from "../../../scripts/cloud/alarms/evaluation-window";
import { timeZoneOf } from "../../../scripts/cloud/alarms/time-zone";
import type { EvaluationWindow } from "../../../scripts/cloud/template";

const at = (iso: string) => Date.parse(iso);

function boundaries(window: EvaluationWindow | undefined, periodSeconds: number, moment: string, count: number) {
  return boundariesOf(
    window,
    periodSeconds,
    "monday",
  )(at(moment), count).map((boundary) => new Date(boundary).toISOString().replace(":00.000Z", "Z"));
}

describe("the boundaries of an alarm's periods", () => {
  it.each<[string, EvaluationWindow | undefined, number, string, string[]]>([
    [
      "slide by the minute by default",
      undefined,
      300,
      "2026-11-27T10:03:59Z",
      ["2026-11-27T09:53Z", "2026-11-27T09:58Z", "2026-11-27T10:03Z"],
    ],
    [
      "slide by the minute with periods of an hour",
      { type: "sliding" },
      3600,
      "2026-11-27T10:03:59Z",
      ["2026-11-27T08:03Z", "2026-11-27T09:03Z", "2026-11-27T10:03Z"],
    ],
    [
      "are full hours of the clock",
      { type: "wallClock" },
      3600,
      "2026-11-27T10:59:59Z",
      ["2026-11-27T08:00Z", "2026-11-27T09:00Z", "2026-11-27T10:00Z"],
    ],
    [
      "are full five minutes of the clock, on the very boundary too",
      { type: "wallClock" },
      300,
      "2026-11-27T10:05:00Z",
      ["2026-11-27T09:55Z", "2026-11-27T10:00Z", "2026-11-27T10:05Z"],
    ],
    [
      "are full hours of the time zone where that is half an hour ahead",
      { type: "wallClock", timeZone: "UTC+05:30" },
      3600,
      "2026-11-27T10:20:00Z",
      ["2026-11-27T07:30Z", "2026-11-27T08:30Z", "2026-11-27T09:30Z"],
    ],
    [
      "begin a day at the time zone's midnight",
      { type: "wallClock", timeZone: "Europe/Berlin" },
      86_400,
      "2026-11-27T10:20:00Z",
      ["2026-11-24T23:00Z", "2026-11-25T23:00Z", "2026-11-26T23:00Z"],
    ],
    [
      "make a day of 23 hours where daylight saving time begins",
      { type: "wallClock", timeZone: "America/New_York" },
      86_400,
      "2026-03-09T12:00:00Z",
      ["2026-03-07T05:00Z", "2026-03-08T05:00Z", "2026-03-09T04:00Z"],
    ],
    [
      "make a day of 25 hours where it ends",
      { type: "wallClock", timeZone: "Europe/Berlin" },
      86_400,
      "2026-10-26T12:00:00Z",
      ["2026-10-23T22:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z"],
    ],
    [
      "begin a week on Monday",
      { type: "wallClock", timeZone: "-03:00" },
      604_800,
      "2026-11-27T10:20:00Z",
      ["2026-11-09T03:00Z", "2026-11-16T03:00Z", "2026-11-23T03:00Z"],
    ],
  ])("%s", (_, window, periodSeconds, moment, expected) => {
    expect(boundaries(window, periodSeconds, moment, 2)).toEqual(expected);
  });

  it("begin a week on Sunday where that is set", () => {
    const week = boundariesOf({ type: "wallClock" }, 604_800, "sunday")(at("2026-11-27T10:20:00Z"), 1);
    expect(week).toEqual([at("2026-11-15"), at("2026-11-22")]);
  });

  it("slide by ten seconds with periods below a minute", () => {
    const moment = at("2026-11-27T10:00:47Z");
    expect(boundariesOf(undefined, 30, "monday")(moment, 2).map((boundary) => boundary - moment)).toEqual([
      -67_000, -37_000, -7_000,
    ]);
  });

  it.each([1, 10, 30, 120, 600, 7200])("refuse a wall clock window with a period of %s s", (periodSeconds) => {
    expect(() => boundariesOf({ type: "wallClock" }, periodSeconds, "monday")).toThrow(`seconds, not ${periodSeconds}`);
  });
});

describe("a time zone", () => {
  it.each([
    ["UTC", 0],
    ["Asia/Kathmandu", 345],
    ["America/St_Johns", -210],
    ["+05:30", 330],
    ["-03:00", -180],
    ["UTC-09:30", -570],
    ["+00:05", 5],
  ])("%s is %s minutes ahead", (name, minutes) => {
    expect(timeZoneOf(name).offsetAt(at("2026-11-27T10:00:00Z")) / 60_000).toBe(minutes);
  });

  it.each(["", "Mars", "+5:30", "+05:31", "+24:00", "+0530", "GMT+05:30", "UTC+05", "Europe/Berlin ", "+05:60"])(
    "is not %j",
    (name) => {
      expect(() => timeZoneOf(name)).toThrow(`"${name}" is not a time zone`);
    },
  );
});
