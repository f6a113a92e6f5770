import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Ajv } from "ajv";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import schema from "../../scripts/gate/gate.schema.json";
import type { Gate } from "../../scripts/gate/gates";
import { RandomStream } from "../../scripts/gate/random";
import { blindHours } from "../../scripts/gate/report/by-hour";
import { tableOf } from "../../scripts/gate/report/table";
import type { HourCaught } from "../../scripts/gate/report/types";
import { simulateGates } from "../../scripts/gate/run";
import { releaseTimes } from "../../scripts/gate/timeline";
import { ReleaseTraffic } from "../../scripts/gate/traffic";
import {
  cycleOf,
  factorAt,
  factorOfHour,
  profileFromRates,
  readProfile,
  startHours,
  startMinutes,
  type TrafficProfile,
} from "../../scripts/gate/traffic-profile";
import { argumentsOf, EXPECTATIONS, inThisThread } from "./command";
import { article, limited } from "./gates";

const list = (count: number, at: (index: number) => number) => Array.from({ length: count }, (_, index) => at(index));
/** No requests at night, until 8 and from 20 o'clock. */
const DAYTIME = profileFromRates(
  "daytime",
  list(24, (hour) => (hour < 8 || hour >= 20 ? 0 : 20)),
);
/** No requests on Saturday and Sunday. */
const WORKDAYS = profileFromRates(
  "workdays",
  list(168, (hour) => (hour < 5 * 24 ? 7 : 0)),
);

describe("a profile of traffic", () => {
  let folder = "";
  beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), "gate-profile-"))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const written = (text: string) => {
    const file = path.join(folder, "profile.json");
    writeFileSync(file, text);
    return file;
  };

  it("has the shape of a name, without a size", () => {
    const office = readProfile("office");
    expect(office.rps).toBeUndefined();
    expect(office.factors.reduce((sum, factor) => sum + factor, 0)).toBeCloseTo(24, 9);
    expect(factorAt(office, 3 * 60)).toBeLessThan(0.1);
    expect(factorAt(office, 10 * 60)).toBeGreaterThan(2);
  });

  it.each([
    [24, 60, 1_440],
    [168, 60, 10_080],
    [1_440, 1, 1_440],
    [10_080, 1, 10_080],
  ])("is read from a list of %s numbers, each for %s minutes", (count, minutesOfPart, cycle) => {
    // With a byte order mark, as some editors write it.
    const profile = readProfile(written(`\uFEFF${JSON.stringify(list(count, (index) => (index === 0 ? 4 : 2)))}`));
    expect(profile).toMatchObject({ minutesOfPart, rps: (2 * count + 2) / count });
    expect(cycleOf(profile)).toBe(cycle);
    expect(factorAt(profile, 0) / factorAt(profile, cycle - 1)).toBeCloseTo(2, 9);
  });

  it.each([
    ["", "Unexpected end of JSON input. It must hold a JSON list of requests per second: 24 for the hours of a day"],
    ["1,2", "It must hold a JSON list of requests per second"],
    ['{"hours": []}', "holds no list. It must hold a JSON list"],
    ["null", "holds no list"],
    ["[]", "the list has 0 numbers. It must hold a JSON list of requests per second: 24"],
    [JSON.stringify(list(23, () => 1)), "the list has 23 numbers"],
    [JSON.stringify(list(24, (hour) => hour - 3)), "[0] is -3; it must be a number of requests per second, from 0 to"],
    [JSON.stringify(list(24, (hour) => hour * 10_000)), "[11] is 110000; it must be"],
    [`[${list(23, () => 1).join(",")}, "1"]`, '[23] is "1"; it must be'],
    [`[${list(23, () => 1).join(",")}, null]`, "[23] is null; it must be"],
    [`[1e999, ${list(23, () => 1).join(",")}]`, "[0] is Infinity; it must be"],
    [`[[1], ${list(23, () => 1).join(",")}]`, "[0] is [1]; it must be"],
    [JSON.stringify(list(24, () => 0)), "every number is 0, so there is no traffic to judge"],
  ])("is refused when its file holds %j", (text, problem) => {
    const file = written(text);
    expect(() => readProfile(file)).toThrow(`--profile ${file}: `);
    expect(() => readProfile(file)).toThrow(problem);
  });

  it("is refused when there is no such file, and says which names there are", () => {
    const file = path.join(folder, "nothing.json");
    expect(() => readProfile(file)).toThrow(`--profile ${file}: ENOENT: no such file or directory`);
    expect(() => readProfile("offce")).toThrow(/Or name office$/);
    expect(() => readProfile(folder)).toThrow("EISDIR");
  });

  it("has the mean of each hour, also of minutes", () => {
    const byMinute = profileFromRates(
      "",
      list(1_440, (minute) => (minute < 30 ? 3 : 1)),
    );
    expect(factorOfHour(byMinute, 0) / factorOfHour(byMinute, 1)).toBeCloseTo(2, 9);
  });

  it("says in which minutes and hours releases may begin, also over midnight", () => {
    expect(startMinutes(undefined, undefined)).toHaveLength(1_440);
    expect(startMinutes(DAYTIME, { from: 540, to: 600 })).toEqual(list(60, (index) => 540 + index));
    expect(startMinutes(DAYTIME, { from: 540, to: 600 }, 9)).toHaveLength(60);
    expect(startHours(DAYTIME, { from: 1_410, to: 61 })).toEqual([0, 1, 23]);
    expect(startMinutes(DAYTIME, { from: 1_410, to: 61 }, 1)).toEqual([60]);
    expect(startMinutes(WORKDAYS, { from: 0, to: 1 })).toEqual(list(7, (day) => day * 1_440));
    expect(startHours(WORKDAYS, { from: 0, to: 1 })).toEqual(list(7, (day) => day * 24));
    expect(startHours(WORKDAYS, undefined)).toHaveLength(168);
  });
});

describe("traffic with a profile", () => {
  /** Requests per second in each minute of releases, by the minute of the cycle. */
  function ratesOf(profile: TrafficProfile, starts: readonly number[], releases: number): Map<number, number> {
    const traffic = new ReleaseTraffic({
      traffic: { rps: 50, profile, normalBad: 0, latency: { median: 0.1, p99: 0.5 } },
      times: releaseTimes(article().template, DEFAULT_SETTINGS),
      tasks: 2,
      newGroup: 1,
      starts,
      minutesBefore: 10,
      edges: [[1.5], [1.5]],
      slowSeconds: 1.5,
    });
    const sums = new Map<number, { requests: number; minutes: number }>();
    for (let index = 0; index < releases; index += 1) {
      traffic.draw(new RandomStream(1, 2, index), new RandomStream(1, 3, index), undefined);
      traffic.upTo(traffic.minutes);
      for (let minute = 0; minute < traffic.minutes; minute += 1) {
        // The Unix epoch begins on a Thursday.
        const at = (traffic.firstMinuteMs / 60_000 + minute + 3 * 1_440) % cycleOf(profile);
        const sum = sums.get(at) ?? { requests: 0, minutes: 0 };
        sum.requests += (traffic.groups[0].requests[minute] ?? 0) + (traffic.groups[1].requests[minute] ?? 0);
        sum.minutes += 1;
        sums.set(at, sum);
      }
    }
    return new Map([...sums].map(([at, { requests, minutes }]) => [at, requests / minutes / 60]));
  }

  it("follows it minute by minute while a release goes on", () => {
    const rates = ratesOf(DAYTIME, [8 * 60], 20);
    expect(rates.get(8 * 60 - 1)).toBe(0);
    expect(rates.get(8 * 60) ?? 0).toBeGreaterThan(95);
    expect(rates.get(8 * 60 + 8) ?? 0).toBeLessThan(105);
  });

  it("repeats after midnight, and after Sunday", () => {
    const midnight = profileFromRates(
      "",
      list(24, (hour) => (hour === 23 ? 1 : 0)),
    );
    const rates = ratesOf(midnight, [0], 5);
    expect(rates.get(1_438) ?? 0).toBeGreaterThan(1_000);
    expect(rates.get(0)).toBe(0);
    const monday = ratesOf(WORKDAYS, [0], 20);
    expect(monday.get(10_079)).toBe(0);
    expect(monday.get(0) ?? 0).toBeGreaterThan(60);
  });
});

describe("the figures with a profile", () => {
  const isValid = new Ajv({ allErrors: true }).compile(schema);

  async function report(gates: readonly Gate[], trafficProfile: TrafficProfile | undefined, argv: readonly string[]) {
    const args = { ...argumentsOf("--fault", "errors", "--severity", "0.2", "--rps", "5", ...argv), trafficProfile };
    const never = new AbortController().signal;
    return (await simulateGates(gates, args, EXPECTATIONS, inThisThread, () => undefined, never)).report;
  }
  const caughtIn = (hours: readonly HourCaught[] | undefined, isWanted: (hour: HourCaught) => boolean) =>
    hours?.filter(isWanted).map(({ beforeLastShift }) => beforeLastShift.share);

  it("are those without one when the traffic is always the same", async () => {
    const flat = profileFromRates(
      "flat",
      list(24, () => 3),
    );
    const gates = [limited("balanced")];
    const { gates: found } = await report(gates, flat, ["--runs", "30"]);
    const without = await report(gates, undefined, ["--runs", "30"]);
    expect(found).toEqual(without.gates.map((one) => ({ ...one, byHour: found[0]?.byHour })));
    expect(found[0]?.byHour?.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual(list(24, () => 5));
    expect(without).not.toHaveProperty("profile");
    expect(without.gates[0]).not.toHaveProperty("byHour");
  });

  it("say by hour of the day where gates are blind, as the JSON schema has it", async () => {
    const found = await report([article(), limited("balanced")], DAYTIME, ["--rps", "20", "--runs", "40"]);
    expect(isValid(JSON.parse(JSON.stringify(found))) || isValid.errors).toBe(true);
    const balanced = found.gates[1];
    expect(balanced?.byHour).toHaveLength(24);
    // The last releases of the night have their canary in the day.
    expect(caughtIn(balanced?.byHour, ({ hour }) => hour < 7 || hour >= 20)).toEqual(list(11, () => 0));
    expect(Math.min(...(caughtIn(balanced?.byHour, ({ hour }) => hour >= 8 && hour < 20) ?? []))).toBeGreaterThan(0.7);
    // Over the whole day, about half of the releases have no traffic.
    expect(balanced?.caught.map(({ beforeLastShift }) => beforeLastShift.share)).toEqual([
      expect.closeTo(0.5, 0),
      expect.closeTo(0.5, 0),
    ]);
    const text = tableOf(found);
    expect(text).toMatch(/^Traffic as in the profile daytime: n\/s is the mean over its day\. .* at any time\.$/m);
    expect(text).toMatch(/^03 +× 0 +article +0$/m);
    expect(text).toMatch(/^12 +× 2 +article +[\d.]+$/m);
    expect(text).toMatch(/^balanced at 20\/s does not catch 5 % of errors with 95 %: 00–08, /m);
  });

  it("say by day and hour of the week where gates are blind", async () => {
    const found = await report([limited("balanced")], WORKDAYS, ["--rps", "50", "--runs", "1"]);
    expect(isValid(JSON.parse(JSON.stringify(found))) || isValid.errors).toBe(true);
    expect(found.gates[0]?.byHour).toHaveLength(168);
    expect(caughtIn(found.gates[0]?.byHour, ({ day }) => day === "Sat" || day === "Sun")).toEqual(list(48, () => 0));
    expect(tableOf(found)).toMatch(
      /^balanced at 50\/s does not catch .*Sat–Sun 00–24 \(few releases: each figure is within 33 percentage points\)$/m,
    );
    expect(tableOf(found)).not.toMatch(/^hour /m);
  });

  it("are those of the releases that begin at the times asked for", async () => {
    const argv = ["--runs", "40", "--profile", "office", "--rps", "50"];
    const night = await report([limited("balanced")], DAYTIME, [...argv, "--start", "21:00-05:00"]);
    expect(night.gates[0]?.caught.map(({ beforeLastShift }) => beforeLastShift.share)).toEqual([0, 0]);
    expect(night.gates[0]?.byHour?.map(({ hour }) => hour)).toEqual([0, 1, 2, 3, 4, 21, 22, 23]);
    expect(night.profile?.start).toEqual({ from: "21:00", to: "05:00" });
    const day = await report([limited("balanced")], DAYTIME, [...argv, "--start", "09:00-17:00"]);
    expect(day.gates[0]?.caught.map(({ beforeLastShift }) => beforeLastShift.share)).toEqual([1, 1]);
    expect(tableOf(day)).toMatch(/^balanced needs [\d.]+ requests per second on average to catch/m);
    expect(tableOf(day)).toContain("Releases begin to shift traffic from 09:00 to 17:00.");
    expect(tableOf(day)).toContain("balanced at 50/s catches 5 % of errors with 95 % at all hours");
  });
});

describe("the hours at which a gate is blind, in words", () => {
  const hours = (isCaught: (hour: number, day?: number) => boolean, days: readonly HourCaught["day"][] = [undefined]) =>
    days.flatMap((day, index) =>
      list(24, (hour) => hour).map((hour): HourCaught => {
        const share = isCaught(hour, index) ? 0.96 : 0.9;
        return { day, hour, rps: 5, requestsPerSecond: 5, beforeLastShift: { share, low: share, high: share } };
      }),
    );

  it.each([
    ["none", () => true, ""],
    ["all", () => false, "00–24"],
    ["some", (hour: number) => hour > 6 && hour !== 12 && hour < 23, "00–07, 12–13, 23–24"],
  ])("are %s", (_name, isCaught, expected) => {
    expect(blindHours(hours(isCaught), 5, 0.95)).toBe(expected);
  });

  it("have days that are alike together", () => {
    const week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
    const found = hours((hour, day = 0) => day !== 2 && day < 6 && hour >= 7, week);
    expect(blindHours(found, 5, 0.95)).toBe("Mon–Tue 00–07; Wed 00–24; Thu–Sat 00–07; Sun 00–24");
    expect(blindHours(found, 6, 0.95)).toBe("");
  });
});
