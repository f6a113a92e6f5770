import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  type DescribeAlarmHistoryCommandInput,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  DescribeAlarmsForMetricCommand,
  type EvaluationWindow,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { START, TEMPLATE, TOPIC } from "./fake-cloud";
import { serve, type Served } from "./served";

let served: Served;
let client: CloudWatchClient;

beforeEach(async () => {
  served = await serve();
  client = new CloudWatchClient(served.client);
});

afterEach(async () => {
  client.destroy();
  await served.server.stop();
});

const MINUTE = 60_000;
const metric = {
  Namespace: "AWS/ApplicationELB",
  MetricName: "HTTPCode_Target_5XX_Count",
  Dimensions: [
    { Name: "LoadBalancer", Value: "app/shop/1111111111111111" },
    { Name: "TargetGroup", Value: "targetgroup/shop-1/aaaaaaaaaaaaaaaa" },
  ],
};
const range = { StartTime: new Date(START), EndTime: new Date(START + 3 * MINUTE) };

describe("DescribeAlarms", () => {
  it("describes an alarm on a metric and its state", async () => {
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["shop-target-5xx-1"] }));
    expect(MetricAlarms).toEqual([
      {
        AlarmName: "shop-target-5xx-1",
        AlarmArn: TEMPLATE.alarms[0]?.arn,
        ActionsEnabled: false,
        AlarmActions: [TOPIC],
        OKActions: [TOPIC],
        InsufficientDataActions: [],
        AlarmConfigurationUpdatedTimestamp: new Date(START),
        StateValue: "OK",
        StateReason: "Threshold not crossed",
        StateUpdatedTimestamp: new Date(START + MINUTE),
        StateTransitionedTimestamp: new Date(START),
        Namespace: "AWS/ApplicationELB",
        MetricName: "HTTPCode_Target_5XX_Count",
        Statistic: "Sum",
        Dimensions: [
          { Name: "TargetGroup", Value: "targetgroup/shop-1/aaaaaaaaaaaaaaaa" },
          { Name: "LoadBalancer", Value: "app/shop/1111111111111111" },
        ],
        Period: 60,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        Threshold: 2,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "notBreaching",
      },
    ]);
  });

  it("calls a percentile an extended statistic, and lists the lines of metric math", async () => {
    const [first] = served.state.alarms;
    if (!first) throw new Error("the fake cloud has alarms");
    const { metric: errors, ...rest } = first.template;
    const metrics = [
      { id: "e1", metric: errors, returnData: false },
      { id: "rate", expression: "e1 / 60", label: "errors a second", returnData: true },
    ];
    served.state.alarms.push({ ...first, template: { ...rest, name: "shop-rate", metrics } });
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
    const [latency, rate] = MetricAlarms;
    expect(latency).toMatchObject({ AlarmName: "shop-latency-1", ExtendedStatistic: "p99", Threshold: 1.5 });
    expect(latency).toMatchObject({ ActionsEnabled: true, AlarmActions: [] });
    expect(latency?.Statistic).toBeUndefined();
    expect(rate).toMatchObject({
      Metrics: [
        { Id: "e1", ReturnData: false, MetricStat: { Period: 60, Stat: "Sum" } },
        { Id: "rate", ReturnData: true, Expression: "e1 / 60", Label: "errors a second" },
      ],
    });
    expect(rate?.MetricName).toBeUndefined();
  });

  it("filters by prefix and state, in the order of names, in pages", async () => {
    const names = async (input: DescribeAlarmsCommandInput) =>
      (await client.send(new DescribeAlarmsCommand(input))).MetricAlarms?.map(({ AlarmName }) => AlarmName);
    expect(await names({})).toEqual(["shop-latency-1", "shop-target-5xx-1"]);
    expect(await names({ AlarmNamePrefix: "shop-t" })).toEqual(["shop-target-5xx-1"]);
    expect(await names({ StateValue: "ALARM" })).toEqual([]);
    expect(await names({ AlarmTypes: ["CompositeAlarm"] })).toEqual([]);
    const { NextToken } = await client.send(new DescribeAlarmsCommand({ MaxRecords: 1 }));
    expect(await names({ MaxRecords: 1, NextToken })).toEqual(["shop-target-5xx-1"]);
    await expect(names({ NextToken: "made up" })).rejects.toMatchObject({ name: "InvalidNextToken" });
    expect(await names({ ActionPrefix: "arn:aws:sns:" })).toEqual(["shop-target-5xx-1"]);
    expect(await names({ ActionPrefix: "arn:aws:lambda:" })).toEqual([]);
    await expect(names({ ChildrenOfAlarmName: "all" })).rejects.toThrow("leave ChildrenOfAlarmName out");
  });

  it("finds the alarms on a metric, whatever the order of its dimensions", async () => {
    const { MetricAlarms } = await client.send(new DescribeAlarmsForMetricCommand(metric));
    expect(MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["shop-target-5xx-1"]);
    const Dimensions = metric.Dimensions.slice(1);
    const fewer = await client.send(new DescribeAlarmsForMetricCommand({ ...metric, Dimensions }));
    expect(fewer.MetricAlarms).toEqual([]);
  });
});

describe("PutMetricAlarm", () => {
  const input: PutMetricAlarmCommandInput = {
    AlarmName: "busy",
    ...metric,
    Statistic: "Sum",
    Period: 300,
    EvaluationPeriods: 2,
    Threshold: 7.5,
    ComparisonOperator: "GreaterThanThreshold",
  };
  const put = (changes: Partial<PutMetricAlarmCommandInput> = {}) =>
    client.send(new PutMetricAlarmCommand({ ...input, ...changes }));

  it("makes an alarm on a metric", async () => {
    await put({ AlarmActions: [TOPIC], EvaluationWindow: { SlidingWindow: {} } });
    expect(served.state.putAlarms).toEqual([
      {
        name: "busy",
        arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:busy",
        actions: { enabled: true, alarm: [TOPIC], ok: [], insufficientData: [] },
        comparisonOperator: "GreaterThanThreshold",
        threshold: 7.5,
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        treatMissingData: "missing",
        evaluationWindow: { type: "sliding" },
        metric: TEMPLATE.alarms[0]?.metric && { ...TEMPLATE.alarms[0].metric, period: 300 },
      },
    ]);
  });

  it("makes an alarm on metric math", async () => {
    const none = { MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined };
    const Metrics: MetricDataQuery[] = [
      { Id: "share", Expression: "100 * m1" },
      { Id: "m1", ReturnData: false, MetricStat: { Metric: metric, Period: 60, Stat: "Sum" } },
    ];
    await put({ ...none, Dimensions: undefined, Metrics });
    expect(served.state.putAlarms).toMatchObject([
      {
        metrics: [
          { id: "share", expression: "100 * m1", returnData: true },
          { id: "m1", metric: { period: 60 } },
        ],
      },
    ]);
  });

  it.each<[EvaluationWindow, object]>([
    [{ WallClockWindow: {} }, { type: "wallClock" }],
    [{ WallClockWindow: { Timezone: "Asia/Tokyo" } }, { type: "wallClock", timeZone: "Asia/Tokyo" }],
  ])("takes the window %j", async (EvaluationWindow, evaluationWindow) => {
    await put({ EvaluationWindow });
    expect(served.state.putAlarms).toMatchObject([{ evaluationWindow }]);
  });

  it.each<[string, Partial<PutMetricAlarmCommandInput>]>([
    ["at most EvaluationPeriods", { DatapointsToAlarm: 3 }],
    ["more than 1 days", { Period: 300, EvaluationPeriods: 289 }],
    ["more than 7 days", { Period: 3600, EvaluationPeriods: 169 }],
    ["needs either Metrics, or", { Statistic: undefined }],
    ["can't be combined", { ExtendedStatistic: "p99" }],
    ["published as Count", { Unit: "Seconds" }],
    ["can't be combined with MetricName", { Metrics: [{ Id: "a", Expression: "1" }] }],
  ])("refuses what CloudWatch refuses: %s", async (message, changes) => {
    await expect(put(changes)).rejects.toThrow(message);
    expect(served.state.putAlarms).toEqual([]);
  });

  it.each<Partial<PutMetricAlarmCommandInput>>([
    { Period: 300, EvaluationPeriods: 288 },
    { Period: 3600, EvaluationPeriods: 168 },
    { Unit: "Count" },
  ])("takes the most that CloudWatch takes: %j", async (changes) => {
    await put(changes);
    expect(served.state.putAlarms).toHaveLength(1);
  });
});

it("deletes alarms, all of them or none", async () => {
  const remove = (...AlarmNames: string[]) => client.send(new DeleteAlarmsCommand({ AlarmNames }));
  await expect(remove("shop-latency-1", "other")).rejects.toMatchObject({ name: "ResourceNotFound" });
  expect(served.state.alarms).toHaveLength(2);
  await remove("shop-latency-1");
  expect(served.state.alarms.map(({ template }) => template.name)).toEqual(["shop-target-5xx-1"]);
});

it("shows the window of an alarm that has one", async () => {
  served.state.alarms = served.state.alarms.map((alarm, index) => ({
    ...alarm,
    template: {
      ...alarm.template,
      evaluationWindow: index === 0 ? { type: "sliding" } : { type: "wallClock", timeZone: "Asia/Tokyo" },
    },
  }));
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms?.map(({ AlarmName, EvaluationWindow }) => [AlarmName, EvaluationWindow])).toEqual([
    ["shop-latency-1", { WallClockWindow: { Timezone: "Asia/Tokyo" } }],
    ["shop-target-5xx-1", { SlidingWindow: {} }],
  ]);
});

it("sets the state of an alarm, if there is one", async () => {
  const set = (AlarmName: string) =>
    client.send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "a try" }));
  await set("shop-latency-1");
  expect(served.state.alarms.find(({ value }) => value === "ALARM")).toMatchObject({
    template: { name: "shop-latency-1" },
    reason: "a try",
  });
  await expect(set("other")).rejects.toMatchObject({ name: "ResourceNotFound" });
});

it("keeps the data of the reason that a state is set for, if it is JSON", async () => {
  const set = (StateReasonData: string) =>
    client.send(
      new SetAlarmStateCommand({
        AlarmName: "shop-latency-1",
        StateValue: "ALARM",
        StateReason: "a try",
        StateReasonData,
      }),
    );
  await expect(set("{broken")).rejects.toMatchObject({ name: "InvalidFormatFault" });
  expect(served.state.alarms.every(({ value }) => value === "OK")).toBe(true);
  await set('{"tried":1}');
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["shop-latency-1"] }));
  expect(MetricAlarms).toMatchObject([{ StateValue: "ALARM", StateReasonData: '{"tried":1}' }]);
});

it("tells the history of an alarm, newest first unless asked otherwise", async () => {
  served.state.history = [
    { alarmName: "a", at: START, from: "INSUFFICIENT_DATA", to: "OK", reason: "first" },
    { alarmName: "b", at: START + 1, from: "INSUFFICIENT_DATA", to: "OK", reason: "other" },
    { alarmName: "a", at: START + MINUTE, from: "OK", to: "ALARM", reason: "second", reasonData: '{"tried":1}' },
  ];
  const history = async (input: DescribeAlarmHistoryCommandInput) =>
    (await client.send(new DescribeAlarmHistoryCommand({ AlarmName: "a", ...input }))).AlarmHistoryItems;
  const items = await history({});
  expect(items).toMatchObject([
    { AlarmName: "a", Timestamp: new Date(START + MINUTE), HistorySummary: "Alarm updated from OK to ALARM" },
    { AlarmName: "a", HistorySummary: "Alarm updated from INSUFFICIENT_DATA to OK" },
  ]);
  expect(JSON.parse(items?.[0]?.HistoryData ?? "")).toMatchObject({
    oldState: { stateValue: "OK" },
    newState: { stateValue: "ALARM", stateReason: "second", stateReasonData: { tried: 1 } },
  });
  expect(items?.[1]?.HistoryData).not.toContain("stateReasonData");
  expect(await history({ ScanBy: "TimestampAscending" })).toEqual([...(items ?? [])].reverse());
  expect(await history({ StartDate: new Date(START + 1) })).toHaveLength(1);
  expect(await history({ EndDate: new Date(START) })).toEqual(items?.slice(1));
  expect(await history({ HistoryItemType: "Action" })).toEqual([]);
});

describe("GetMetricStatistics", () => {
  it("gives all statistics of a bucket in one datapoint, oldest first", async () => {
    served.state.datapoints = [
      { at: START, value: 3, sampleCount: 3 },
      { at: START + MINUTE, value: 5, sampleCount: 5 },
    ];
    const answer = await client.send(
      new GetMetricStatisticsCommand({
        ...metric,
        ...range,
        StartTime: new Date(START + 1000),
        Period: 60,
        Statistics: ["Sum"],
        ExtendedStatistics: ["p99"],
      }),
    );
    expect(answer.Label).toBe("HTTPCode_Target_5XX_Count");
    expect(answer.Datapoints).toEqual([
      { Timestamp: new Date(START), Unit: "Count", Sum: 3, ExtendedStatistics: { p99: 3 } },
      { Timestamp: new Date(START + MINUTE), Unit: "Count", Sum: 5, ExtendedStatistics: { p99: 5 } },
    ]);
    expect(served.state.reads[0]).toEqual({
      query: {
        namespace: "AWS/ApplicationELB",
        metricName: "HTTPCode_Target_5XX_Count",
        dimensions: {
          LoadBalancer: "app/shop/1111111111111111",
          TargetGroup: "targetgroup/shop-1/aaaaaaaaaaaaaaaa",
        },
        period: 60,
        statistic: "Sum",
      },
      from: START,
      to: START + 3 * MINUTE,
    });
  });

  it.each([
    ["Count", { MetricName: "HTTPCode_Target_5XX_Count" }, 1],
    ["Seconds", { MetricName: "HTTPCode_Target_5XX_Count" }, 0],
    ["Seconds", { MetricName: "TargetResponseTime" }, 1],
    ["None", { Namespace: "Custom" }, 1],
    ["Count", { Namespace: "Custom" }, 0],
  ] as const)("gives datapoints of the unit asked for: %s, of %j", async (Unit, of, expected) => {
    served.state.datapoints = [{ at: START, value: 3, sampleCount: 3 }];
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({ ...metric, ...range, ...of, Period: 60, Statistics: ["Sum"], Unit }),
    );
    expect(Datapoints).toHaveLength(expected);
    expect(Datapoints?.every((point) => point.Unit === Unit)).toBe(true);
    const Metric = { ...metric, ...of };
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        ...range,
        MetricDataQueries: [
          { Id: "m1", MetricStat: { Metric, Period: 60, Stat: "Sum", Unit } },
          { Id: "twice", Expression: "m1 * 2" },
        ],
      }),
    );
    expect(MetricDataResults?.map(({ Values }) => Values?.length)).toEqual([expected, expected]);
  });

  it.each([
    ["a range that ends before it starts", { EndTime: new Date(START - 1) }, "InvalidParameterCombinationException"],
    ["too many datapoints", { StartTime: new Date(START - 1441 * MINUTE) }, "InvalidParameterCombinationException"],
    ["no statistic", { Statistics: [] }, "MissingRequiredParameterException"],
    ["an odd period", { Period: 61 }, "InvalidParameterValueException"],
    ["a statistic that is not computed here", { ExtendedStatistics: ["tm99"] }, "InvalidParameterValueException"],
    ["no metric name", { MetricName: undefined }, "MissingRequiredParameterException"],
  ])("refuses %s", async (_, change, name) => {
    const input = { ...metric, ...range, Period: 60, Statistics: ["Sum" as const], ...change };
    await expect(client.send(new GetMetricStatisticsCommand(input))).rejects.toMatchObject({ name });
  });
});

describe("GetMetricData", () => {
  const errors = { Id: "e1", MetricStat: { Metric: metric, Period: 60, Stat: "Sum" } };

  it("takes a range of many years", async () => {
    served.state.datapoints = [{ at: START, value: 3, sampleCount: 1 }];
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(0),
        EndTime: new Date(8.64e15),
        MetricDataQueries: [
          { Id: "m1", MetricStat: { Metric: metric, Period: 1, Stat: "Sum" } },
          { Id: "twice", Expression: "m1 * 2" },
        ],
      }),
    );
    expect(MetricDataResults?.map(({ Id, Values }) => [Id, Values])).toEqual([
      ["m1", [3]],
      ["twice", [6]],
    ]);
  });

  it("gives a metric and an expression over it, newest first by default", async () => {
    served.state.datapoints = [
      { at: START, value: 60, sampleCount: 1 },
      { at: START + MINUTE, value: 120, sampleCount: 1 },
    ];
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        ...range,
        MetricDataQueries: [errors, { Id: "rate", Expression: "e1 / 60", Label: "errors a second" }],
      }),
    );
    const Timestamps = [new Date(START + MINUTE), new Date(START)];
    expect(MetricDataResults).toEqual([
      { Id: "e1", Label: "HTTPCode_Target_5XX_Count", Timestamps, Values: [120, 60], StatusCode: "Complete" },
      { Id: "rate", Label: "errors a second", Timestamps, Values: [2, 1], StatusCode: "Complete" },
    ]);
  });

  it.each(["PR(1.5:)", "TC(:2)", "TM(0.1:0.9)"])("takes the statistic %s", async (Stat) => {
    served.state.datapoints = [{ at: START, value: 60, sampleCount: 1 }];
    const MetricDataQueries = [{ Id: "m1", MetricStat: { Metric: metric, Period: 60, Stat } }];
    const { MetricDataResults } = await client.send(new GetMetricDataCommand({ ...range, MetricDataQueries }));
    expect(MetricDataResults).toMatchObject([{ Values: [60] }]);
  });

  it("leaves out what is only there to compute from, and turns the order round", async () => {
    served.state.datapoints = [
      { at: START, value: 60, sampleCount: 1 },
      { at: START + MINUTE, value: 120, sampleCount: 1 },
    ];
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        ...range,
        ScanBy: "TimestampAscending",
        MetricDataQueries: [
          { ...errors, ReturnData: false },
          { Id: "rate", Expression: "e1 / 60" },
        ],
      }),
    );
    expect(MetricDataResults).toMatchObject([{ Id: "rate", Label: "rate", Values: [1, 2] }]);
  });

  it("gives them in pages when there are more than asked for", async () => {
    served.state.datapoints = [0, 1].map((minute) => ({ at: START + minute * MINUTE, value: minute, sampleCount: 1 }));
    const page = async (NextToken?: string) => {
      const MetricDataQueries = [errors, { Id: "twice", Expression: "e1 * 2" }];
      const input = { ...range, MetricDataQueries, MaxDatapoints: 3, ScanBy: "TimestampAscending" as const, NextToken };
      const answer = await client.send(new GetMetricDataCommand(input));
      const results = answer.MetricDataResults?.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]);
      return { results, token: answer.NextToken };
    };
    const first = await page();
    expect(first.results).toEqual([
      ["e1", [0, 1], "Complete"],
      ["twice", [0], "PartialData"],
    ]);
    expect(await page(first.token)).toEqual({
      results: [
        ["e1", [], "Complete"],
        ["twice", [2], "Complete"],
      ],
      token: undefined,
    });
    await expect(page("made up")).rejects.toMatchObject({ name: "InvalidNextToken" });
  });

  it.each([
    ["an expression that can't be read", [errors, { Id: "x", Expression: "e1 +" }], "ValidationException"],
    [
      "a statistic that is not computed here",
      [errors, { ...errors, Id: "e2", MetricStat: { ...errors.MetricStat, Stat: "tm99" } }],
      "ValidationException",
    ],
    ["an id that begins with a capital", [{ ...errors, Id: "E1" }], "InvalidParameterValueException"],
    ["neither metric nor expression", [{ Id: "x" }], "InvalidParameterValueException"],
  ])("refuses %s", async (_, MetricDataQueries, name) => {
    await expect(client.send(new GetMetricDataCommand({ ...range, MetricDataQueries }))).rejects.toMatchObject({
      name,
    });
  });
});

it("lists metrics by name and by dimension, with or without its value", async () => {
  const names = async (input: ListMetricsCommandInput) =>
    (await client.send(new ListMetricsCommand(input))).Metrics?.map(({ MetricName }) => MetricName);
  expect(await names({})).toEqual(["HTTPCode_Target_5XX_Count", "TargetResponseTime"]);
  expect(await names({ Dimensions: [{ Name: "TargetGroup" }] })).toEqual(["HTTPCode_Target_5XX_Count"]);
  expect(await names({ Dimensions: [{ Name: "LoadBalancer", Value: "app/other/1" }] })).toEqual([]);
  expect(await names({ MetricName: "TargetResponseTime" })).toEqual(["TargetResponseTime"]);
});
