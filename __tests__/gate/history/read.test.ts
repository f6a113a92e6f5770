import { serviceMinutes } from "../../../scripts/gate/history/history";
import { readHistory } from "../../../scripts/gate/history/read";
import { answer, DAY, resultOf, START } from "./data";

const usual = () => answer(60, () => ({ rps: 2, failed: 0.1, slow: 0.1 }));
const read = (data: unknown) => readHistory(data, "FILE");
const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

describe("reading the traffic of the past", () => {
  it("takes an answer of GetMetricData", () => {
    const data = usual();
    const history = read(data);
    expect(history).toMatchObject({ startMs: START, minutes: 60, slowSeconds: 1.5 });
    const service = serviceMinutes(history);
    const sumOf = (id: string) => resultOf(data, id).Values.reduce((sum, value) => sum + value, 0);
    expect(total(service.requests)).toBe(sumOf("requests_1"));
    expect(total(service.failed)).toBe(sumOf("failed_1"));
    expect(total(service.slow)).toBeGreaterThan(0);
    expect(service.p99[0]).toBe(0.4);
  });

  it("adds the target groups up, which a release has swapped", () => {
    const swapped = serviceMinutes(read(answer(60, (minute) => ({ rps: 2, group: minute < 30 ? 0 : 1 }))));
    const same = serviceMinutes(read(answer(60, () => ({ rps: 2 }))));
    expect(swapped.requests).toEqual(same.requests);
    expect(swapped.p50).toEqual(same.p50);
  });

  it("takes times in any order, with any offset, and as seconds", () => {
    const expected = read(usual());
    const data = usual();
    for (const result of data.MetricDataResults) {
      result.Timestamps.reverse();
      result.Values.reverse();
    }
    expect(read(data)).toEqual(expected);
    const offset = usual();
    for (const result of offset.MetricDataResults) {
      result.Timestamps = result.Timestamps.map((time, index) => {
        const ms = Date.parse(String(time));
        const local = new Date(ms + 2 * 3_600_000).toISOString().slice(0, 19);
        return index % 2 === 0 ? ms / 1_000 : `${local}+02:00`;
      });
    }
    expect(read(offset)).toEqual(expected);
  });

  it("takes pages: an id that is there several times", () => {
    const data = usual();
    const requests = resultOf(data, "requests_1");
    data.MetricDataResults.push({
      ...requests,
      Timestamps: requests.Timestamps.splice(30),
      Values: requests.Values.splice(30),
    });
    requests.StatusCode = "PartialData";
    expect(read(data)).toEqual(read(usual()));
  });

  it("finds the series by their labels when the ids are others", () => {
    const data = usual();
    data.MetricDataResults.forEach((result, index) => (result.Id = `m${index}`));
    expect(read(data)).toEqual(read(usual()));
  });

  it("takes a minute without data as one without requests, and the range that the file says", () => {
    const data = answer(60, (minute) => ({ rps: minute >= 10 && minute < 20 ? 0 : 2 }));
    expect(
      serviceMinutes(read(data))
        .requests.slice(8, 22)
        .filter((count) => count === 0),
    ).toHaveLength(10);
    const to = new Date(START + DAY * 60_000).toISOString();
    expect(read({ ...data, from: new Date(START - 3_600_000).toISOString(), to, slowSeconds: 2 })).toMatchObject({
      startMs: START,
      minutes: DAY,
      slowSeconds: 2,
    });
  });

  it("takes requests of every fifth minute when the data says that it is by the minute", () => {
    const data = answer(100, (minute) => ({ rps: minute % 5 === 0 ? 2 : 0 }));
    const { requests } = serviceMinutes(read({ ...data, period: 60 }));
    expect(requests.filter((count) => count > 0)).toHaveLength(20);
  });

  it("takes a gap of CloudWatch's own in the times of responses", () => {
    const data = answer(200, () => ({ rps: 2, slow: 0.5 }));
    const slow = resultOf(data, "slow_1");
    slow.Timestamps.splice(100, 1);
    slow.Values.splice(100, 1);
    const service = serviceMinutes(read(data));
    expect(service.slow[100]).toBe(0);
    expect(total(service.slow)).toBeGreaterThan(0);
  });

  type Data = ReturnType<typeof usual>;
  const changed = (change: (data: Data) => unknown): unknown => {
    const data = usual();
    return change(data) ?? data;
  };
  const requests = (data: Data) => resultOf(data, "requests_1");
  const set = (change: (result: ReturnType<typeof requests>) => unknown) =>
    changed((data) => {
      change(requests(data));
      return data;
    });

  it.each<[string, unknown, string]>([
    ["no object", [], "FILE: must hold the answer of get-metric-data, an object; npm run gate -- --aws-cli"],
    ["no results", {}, "FILE: MetricDataResults: must be a list"],
    [
      "a page of several",
      changed((data) => ({ ...data, NextToken: "x" })),
      "FILE: NextToken: says that more data follows",
    ],
    ["a result that is no object", { MetricDataResults: [1] }, "MetricDataResults[0]: must be an object"],
    ["no id", { MetricDataResults: [{}] }, "MetricDataResults[0].Id: must be the id of a query"],
    ["an unknown id", set((one) => Object.assign(one, { Id: "requests_3", Label: "x" })), '"requests_3" is not known'],
    ["an id of another metric", set((one) => (one.Id = "failed_1")), 'the id "failed_1" something else'],
    [
      "a third target group",
      set((one) => (one.Label = one.Label.replace("blue", "other"))),
      "names a third target group",
    ],
    [
      "two services",
      changed((data) => void data.MetricDataResults.push({ ...requests(data), Label: "orders" })),
      'two services are mixed: "orders" and "RequestCount Sum targetgroup/blue/1" are both requests of target group 1',
    ],
    [
      "values that contradict each other",
      changed(
        (data) =>
          void data.MetricDataResults.push({ ...requests(data), Values: requests(data).Values.map((n) => n + 1) }),
      ),
      "is there twice, with the values",
    ],
    [
      "a series that is missing",
      changed((data) => ({ MetricDataResults: data.MetricDataResults.slice(0, -1) })),
      "p99_2 is missing",
    ],
    [
      "only one target group",
      changed((data) => ({ MetricDataResults: data.MetricDataResults.filter(({ Id }) => Id.endsWith("_1")) })),
      "requests_2, failed_2, refused_2, answers_2, slow_2, average_2, p50_2, p90_2, p99_2 are missing. CodeDeploy swaps",
    ],
    ["data that is not complete", set((one) => (one.StatusCode = "PartialData")), "requests_1 is not complete"],
    [
      "an error of CloudWatch",
      set((one) => (one.StatusCode = "Forbidden")),
      "StatusCode: CloudWatch answered Forbidden",
    ],
    ["fewer values than times", set((one) => one.Values.pop()), "has 60 Timestamps and 59 Values"],
    ["no times", set((one) => Object.assign(one, { Timestamps: undefined })), "[0].Timestamps: must be a list"],
    ["no values", set((one) => Object.assign(one, { Values: "1" })), "[0].Values: must be a list"],
    [
      "a local time",
      set((one) => (one.Timestamps[2] = "2026-01-05T00:02:00")),
      '[0].Timestamps[2]: "2026-01-05T00:02:00" is not a time',
    ],
    ["no time", set((one) => (one.Timestamps[2] = "yesterday")), '"yesterday" is not a time'],
    [
      "half a minute",
      set((one) => (one.Timestamps[2] = "2026-01-05T00:02:30Z")),
      "is not the start of a minute: the period",
    ],
    ["NaN", set((one) => (one.Values[3] = NaN)), "[0].Values[3]: null is not a number"],
    ["a text", set((one) => Object.assign(one.Values, { 3: "12" })), '[0].Values[3]: "12" is not a number'],
    ["a negative number", set((one) => (one.Values[3] = -1)), "-1 is below 0"],
    ["a huge number", set((one) => (one.Values[3] = 1e15)), "is too large"],
    ["an average of requests", set((one) => (one.Values[3] = 1.5)), "1.5 is not a whole number"],
    [
      "more than all are slow",
      changed((data) => void (resultOf(data, "slow_1").Values[0] = 101)),
      "101 is above 100 %",
    ],
    [
      "two limits of slow",
      changed((data) => {
        const slow = resultOf(data, "slow_2");
        slow.Label = slow.Label.replace("1.5", "2");
      }),
      "slow means two things: later than 1.5 s, and later than 2 s",
    ],
    [
      "a wrong slowSeconds",
      changed((data) => ({ ...data, slowSeconds: "1.5" })),
      "slowSeconds: must be a number of seconds",
    ],
    ["a wrong range", changed((data) => ({ ...data, to: "soon" })), 'to: "soon" is not the start of a minute'],
    ["data outside of its range", changed((data) => ({ ...data, to: "2026-01-05T00:30:00Z" })), "outside of the time"],
    ["no traffic at all", answer(60, () => ({ rps: 0 })), "FILE: there is no request in this time"],
    [
      "periods of five minutes",
      answer(1000, (minute) => ({ rps: minute % 5 === 0 ? 2 : 0 })),
      "the data is by 5 minutes, and alarms see minutes: the period must be 60",
    ],
    [
      "periods of two minutes that begin at an odd one",
      answer(100, (minute) => ({ rps: minute % 2 === 1 ? 2 : 0 })),
      "the data is by 2 minutes",
    ],
    ["another period", changed((data) => ({ ...data, period: 300 })), "FILE: period: 300 must be 60"],
    [
      "a day that isn't in the calendar",
      set((one) => (one.Timestamps[2] = "2026-02-30T00:02:00Z")),
      '"2026-02-30T00:02:00Z" is not a time',
    ],
    [
      "milliseconds",
      set((one) => (one.Timestamps[2] = START)),
      "1767571200000 is not between 2009 and 2200: a number must be of seconds since 1970",
    ],
    [
      "responses without their times",
      changed((data) => {
        const slow = resultOf(data, "slow_1");
        slow.Timestamps.splice(10);
        slow.Values.splice(10);
      }),
      "slow_1 has no value for 50 of the 60 minutes with responses, the first at 2026-01-05T00:10:00.000Z",
    ],
    [
      "more datapoints than a month has minutes",
      set((one) => {
        one.Timestamps = Array.from({ length: 50_000 }, () => START / 1_000);
        one.Values = one.Timestamps.map(() => 1);
      }),
      "[0]: has 50000 datapoints, more than 31 days have minutes",
    ],
    ["a year", set((one) => (one.Timestamps[0] = "2025-01-05T00:00:00Z")), "the data spans 366 days; at most 31"],
  ])("refuses %s", (_, data, problem) => {
    expect(() => read(data)).toThrow(problem);
  });
});
