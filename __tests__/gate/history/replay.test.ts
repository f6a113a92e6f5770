import { Ajv } from "ajv";
import type { AlarmTemplate } from "../../../scripts/cloud/template";
import { DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import schema from "../../../scripts/gate/gate.schema.json";
import { serviceMinutes } from "../../../scripts/gate/history/history";
import { readHistory } from "../../../scripts/gate/history/read";
import { replay } from "../../../scripts/gate/history/replay";
import { historyOf, pastProfile, trafficOf } from "../../../scripts/gate/history/run";
import { historySections } from "../../../scripts/gate/report/history";
import type { Gate } from "../../../scripts/gate/gates";
import type { GateLimit } from "../../../stacks/gate/limit";
import { article, BALANCED, gate, limited, metricAlarm } from "../gates";
import { answer, DAY, START, type TrafficAt } from "./data";

const settings = DEFAULT_SETTINGS;
/** A limit that doesn't compare with the other version. */
const ALONE: GateLimit = { normalShare: 0.001, sigmas: 4.4, allowance: 1.2, windowSeconds: 300 };
const read = (minutes: number, at: (minute: number) => TrafficAt) => readHistory(answer(minutes, at), "FILE");
const figuresOf = (gates: readonly Gate[], minutes: number, at: (minute: number) => TrafficAt, timeZone = "UTC") =>
  historyOf(gates, { history: read(minutes, at), timeZone, watched: "new", settings, seed: 1 }, () => undefined);

describe("the replay of the past", () => {
  it("stops none of the releases of a service that is well, and says how sure that is", () => {
    const { figures, notices } = figuresOf([limited("balanced")], DAY, () => ({ rps: 20, failed: 0.0005 }));
    expect(notices).toEqual([]);
    const [balanced] = figures.gates;
    expect(balanced?.releases).toBeGreaterThan(DAY - 20);
    expect(balanced?.falseStops.share).toBeLessThan(0.002);
    // Releases of neighbouring minutes share their traffic, so 1,400 of them tell less than as many independent ones.
    expect(balanced?.falseStops.high).toBeGreaterThan(0.001);
    expect(balanced?.hoursOfDay).toHaveLength(24);
    expect(
      balanced?.hoursOfDay.every(({ smallestErrorShare }) => smallestErrorShare !== null && smallestErrorShare <= 0.05),
    ).toBe(true);
  });

  it("finds when an article's gate stops releases of a busy service, and what to configure instead", () => {
    const { figures } = figuresOf([article(), limited("balanced")], DAY, () => ({ rps: 100, failed: 0.001 }));
    expect(figures.gates[0]?.falseStops.share).toBeGreaterThan(0.95);
    expect(figures.gates[1]?.falseStops.share).toBeLessThan(0.01);
    expect(figures.advice[0]).toMatchObject({ configuredBadShare: null, falseStops: null });
    expect(figures.advice[1]).toMatchObject({ configuredBadShare: 0.001, normalBadShare: 0.0015 });
  });

  it("finds the time of an outage of both versions as stops", () => {
    const outage = (minute: number) => minute >= 600 && minute < 630;
    const { figures } = figuresOf([limited("balanced", ALONE)], DAY, (minute) => ({
      rps: 20,
      failed: outage(minute) ? 0.3 : 0,
    }));
    const [stops] = figures.gates[0]?.stops ?? [];
    expect(figures.gates[0]?.stops).toHaveLength(1);
    expect(stops?.from.slice(0, 13)).toBe("2026-01-05T09");
    expect(stops?.to.slice(0, 13)).toBe("2026-01-05T10");
    expect(figures.gates[0]?.hoursOfDay.filter(({ stopped }) => stopped > 0).map(({ hour }) => hour)).toEqual([9, 10]);
  });

  it("advises the share of bad requests that is usual, and proves it", () => {
    const { figures } = figuresOf([limited("balanced", ALONE)], DAY, () => ({ rps: 50, failed: 0.02 }));
    const [advice] = figures.advice;
    expect(figures.gates[0]?.falseStops.share).toBeGreaterThan(0.1);
    expect(advice?.normalBadShare).toBe(0.03);
    expect(advice?.falseStops?.share).toBeLessThan(0.01);
    expect(advice?.releaseHours).toEqual([]);
    const compared = figuresOf([limited("balanced")], DAY, () => ({ rps: 50, failed: 0.02 })).figures;
    expect(compared.gates[0]?.falseStops.share).toBeLessThan(0.01);
  });

  it("does not take a few thousand requests without an error for a service that never fails", () => {
    const advised = (minutes: number) =>
      figuresOf([limited("balanced")], minutes, () => ({ rps: 5 })).figures.advice[0]?.normalBadShare;
    // 18,000 requests, and 432,000.
    expect(advised(60)).toBe(0.0002);
    expect(advised(DAY)).toBe(0.0001);
  });

  it("says at which hours of the day there is too little traffic, in the time zone", () => {
    const atNight = (minute: number) => Math.floor(minute / 60) % 24 < 6;
    const at = (minute: number) => ({ rps: atNight(minute) ? 0.05 : 50 });
    const blind = (timeZone: string) => {
      const { figures } = figuresOf([limited("balanced")], 2 * DAY, at, timeZone);
      return figures.gates[0]?.hoursOfDay.flatMap(({ hour, smallestErrorShare: share }) =>
        share === null || share > 0.05 ? [hour] : [],
      );
    };
    // A release that starts in the last minutes of the night has its canary in the day.
    expect(blind("UTC")).toEqual([0, 1, 2, 3, 4, 5]);
    expect(blind("Asia/Tokyo")).toEqual([9, 10, 11, 12, 13, 14]);
    const { figures } = figuresOf([limited("balanced")], 2 * DAY, at);
    expect(figures.advice[0]?.releaseHours).toEqual(Array.from({ length: 18 }, (_, index) => index + 6));
  });

  it.each([
    ["forward, so that a local hour is missing", "2026-03-28T23:00:00Z", 23, undefined, 60],
    ["back, so that a local hour is there twice", "2026-10-24T22:00:00Z", 25, 120, 60],
  ])("counts every minute of a day once when the clocks are put %s", (_, from, hours, minutesOfTwo, minutesOfThree) => {
    const data = answer(hours * 60, () => ({ rps: 2 }));
    const shift = Date.parse(from) - START;
    for (const result of data.MetricDataResults) {
      result.Timestamps = result.Timestamps.map((time) => new Date(Date.parse(String(time)) + shift).toISOString());
    }
    const { figures } = historyOf(
      [limited("balanced")],
      { history: readHistory(data, "FILE"), timeZone: "Europe/Berlin", watched: "new", settings, seed: 1 },
      () => undefined,
    );
    expect(figures.hours).toHaveLength(hours);
    expect(new Set(figures.hours.map(({ at }) => at)).size).toBe(hours);
    expect(figures.gaps).toEqual([]);
    const minutesOf = (hour: number) => figures.hoursOfDay.find((one) => one.hour === hour)?.minutes;
    expect([minutesOf(2), minutesOf(3)]).toEqual([minutesOfTwo, minutesOfThree]);
    expect(figures.hoursOfDay.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(hours * 60);
    expect(figures.gates[0]?.days).toHaveLength(1);
  });

  it("finds with a simulation what a gate without a limit is blind to", () => {
    const { figures } = figuresOf([article()], DAY, (minute) => ({ rps: minute < 720 ? 0.5 : 50 }));
    const [night, day] = [3, 15].map((hour) => figures.gates[0]?.hoursOfDay[hour]?.smallestErrorShare ?? 1);
    expect(night).toBeGreaterThan(0.3);
    expect(day).toBeLessThan(0.05);
    expect(figures.gates[0]?.limitShares.every((share) => share === null)).toBe(true);
  });

  it("does not take the limit of one target group for that of both, nor a slower alarm for the limit", () => {
    const usual = limited("usual");
    const isFailed = (name: string) => name.startsWith("failedRequests");
    const changed = (name: string, change: (alarm: AlarmTemplate) => readonly AlarmTemplate[]): Gate => {
      const alarms = usual.template.alarms.flatMap((one) => (isFailed(one.name) ? change(one) : [one]));
      return gate(name, alarms);
    };
    const gates = [
      usual,
      changed("first only", (one) => (one.name.endsWith("-0") ? [one] : [])),
      changed("three periods", (one) => [{ ...one, evaluationPeriods: 3, datapointsToAlarm: 3 }]),
    ];
    const { figures } = figuresOf(gates, DAY / 4, () => ({ rps: 20 }));
    const shares = figures.gates.map(({ hoursOfDay }) => hoursOfDay[1]?.smallestErrorShare ?? null);
    expect(shares[0]).toBeLessThan(0.05);
    // A release to the second target group is stopped by nothing, whatever fails.
    expect(shares[1]).toBeNull();
    expect(shares[2] ?? 1).toBeGreaterThan(shares[0] ?? 1);
    expect(figures.advice.map(({ canaryMinutes }) => canaryMinutes === null)).toEqual([false, true, true]);
  });

  it("gives the same for a seed", () => {
    const at = () => ({ rps: 5, failed: 0.004 });
    expect(figuresOf([limited("balanced")], DAY / 4, at)).toEqual(figuresOf([limited("balanced")], DAY / 4, at));
  });

  it("leaves no alarm out that the engine would fire", () => {
    // With windows that end now, every alarm is evaluated; here, only those that may fire.
    const service = serviceMinutes(read(DAY, (minute) => ({ rps: 10, failed: minute % 400 < 20 ? 0.05 : 0.002 })));
    const input = { service, watched: "new", settings, seed: 1 } as const;
    const stopped = (one: Gate) => replay({ ...input, gate: one }).releases.map((release) => release.stopped);
    const screened = limited("balanced");
    const alarms = screened.template.alarms.map((one) => ({
      ...one,
      comparisonOperator: "GreaterThanOrEqualToThreshold" as const,
      threshold: 1e-9,
    }));
    const all: Gate = {
      ...screened,
      template: { ...screened.template, alarms: [...alarms.filter(({ metrics }) => metrics)] },
    };
    expect(stopped(screened)).toEqual(stopped(all));
    expect(stopped(screened)).toContain(true);
  });

  it("names the alarms that read what the history doesn't have", () => {
    const other = gate("other", [
      metricAlarm(0, "TargetResponseTime", "p99", 2),
      metricAlarm(0, "HTTPCode_Target_4XX_Count", "Sum", 2),
    ]);
    const both = ([0, 1] as const).map((group) => metricAlarm(group, "HTTPCode_Target_5XX_Count", "Sum", 2));
    const part = gate("part", [...other.template.alarms, ...both]);
    const { figures, notices } = figuresOf([other, part, limited("later", BALANCED)], DAY / 4, () => ({ rps: 1 }));
    // The simulation names the other one, because no figure has it.
    expect(notices).toEqual([
      "other: TargetResponseTime-0 is not replayed: the history does not have TargetResponseTime p99",
      "part: TargetResponseTime-0 is not replayed: the history does not have TargetResponseTime p99",
    ]);
    // Nothing is known of it, so it does not look like a gate that stops no good release.
    expect(figures.gates.map(({ name }) => name)).toEqual(["part", "later"]);
    expect(figures.advice.map(({ gate: name }) => name)).toEqual(["part", "later"]);
    const names = ["TargetResponseTime-0", "HTTPCode_Target_4XX_Count-0"];
    expect(figures.unknownGates).toEqual([{ name: "other", alarms: names.toReversed() }]);
    expect(figures.gates[0]?.notReplayed).toEqual(names.toReversed());
    const text = historySections(figures).join("\n\n");
    expect(text).toContain(
      `other: unknown. None of the alarms that judge a release can be replayed: ${names.toReversed().join(", ")}.`,
    );
    expect(text).toContain(
      `part: 2 alarms (${names.toReversed().join(", ")}) can't be replayed, so the gate may stop more than this.`,
    );
  });

  it("refuses a history that is shorter than a release", () => {
    expect(() => figuresOf([limited("balanced")], 10, () => ({ rps: 1 }))).toThrow(
      /the history has 10 minutes, and a release takes \d+: none can be replayed/,
    );
  });
});

describe("the report of the past", () => {
  const { figures } = figuresOf([limited("balanced")], DAY, (minute) => ({
    rps: minute >= 300 && minute < 400 ? 0 : 20,
    failed: 0.002,
    slow: 0.001,
  }));

  it("is as its JSON schema says", () => {
    const { definitions } = schema;
    const isValid = new Ajv({ allErrors: true }).compile({ ...definitions.history, definitions });
    expect(isValid(JSON.parse(JSON.stringify(figures))) || isValid.errors).toBe(true);
    expect(figures.gates.map(({ limitShares }) => limitShares.length)).toEqual([23]);
  });

  it("says what normal is, and what was missing", () => {
    expect(figures).toMatchObject({ from: "2026-01-05T00:00:00Z", to: "2026-01-06T00:00:00Z", quietMinutes: 100 });
    expect(figures.gaps).toEqual([{ from: "2026-01-05T05:00:00Z", to: "2026-01-05T06:40:00Z" }]);
    expect(figures.normal.failedShare).toBeCloseTo(0.002, 4);
    expect(figures.normal.slowShare).toBeCloseTo(0.001, 4);
    expect(figures.normal.responseSeconds).toEqual({ p50: 0.1, p90: 0.2, p99: 0.4 });
    expect(figures.hours).toHaveLength(23);
    expect(trafficOf(figures)).toMatchObject({ rps: [20], latency: { median: 0.1, p99: 0.4 } });
  });

  it("gives the profile of its day", () => {
    const profile = pastProfile(figures);
    expect(profile).toMatchObject({ name: "history", minutesOfPart: 60 });
    expect(profile.rps).toBeCloseTo((20 * 1_340) / 1_440, 1);
    // No request from 5:00 to 6:40.
    expect(profile.factors[5]).toBe(0);
    expect((profile.factors[6] ?? 0) / (profile.factors[7] ?? 0)).toBeCloseTo(1 / 3, 1);
  });

  it("is readable", () => {
    const text = historySections(figures).join("\n\n");
    expect(text).toContain("Traffic of the past: 1 day, 2026-01-05T00:00:00Z to 2026-01-06T00:00:00Z");
    expect(text).toContain("It is less than two weeks");
    expect(text).toContain("100 minutes have no request. CloudWatch has no data of such minutes");
    expect(text).toContain("no request from 2026-01-05T05:00:00Z to 2026-01-05T06:40:00Z");
    expect(text).toMatch(/^hour +requests\/s +failed, % +slow, %/m);
    expect(text).toMatch(/^What to configure \(balanced\):$/m);
    expect(text).toMatch(
      /gate\.normalBadShare: 0\.003 instead of 0\.001; [\d.]+ of 1,000 good releases are then stopped/,
    );
    expect(text).toMatch(/gate\.slowSeconds: about 1 \(the data counts responses later than 1\.5 s\)/);
  });
});
