import { Ajv } from "ajv";
import schema from "../../scripts/gate/gate.schema.json";
import type { Gate } from "../../scripts/gate/gates";
import { FAULT_MODELS } from "../../scripts/gate/models/faults";
import { performInThreads } from "../../scripts/gate/pool";
import { tableOf } from "../../scripts/gate/report/table";
import { simulateGates } from "../../scripts/gate/run";
import { SubjectError } from "../../scripts/gate/subjects";
import { argumentsOf, EXPECTATIONS, inThisThread } from "./command";
import { alarm, article, gate, limited, metricAlarm } from "./gates";

async function report(gates: readonly Gate[], argv: readonly string[], performAll = inThisThread) {
  const progress: number[] = [];
  const never = new AbortController().signal;
  const onProgress = (done: number, all: number) => progress.push(done / all);
  const result = await simulateGates(gates, argumentsOf(...argv), EXPECTATIONS, performAll, onProgress, never);
  return { ...result, progress };
}

const isValid = new Ajv({ allErrors: true }).compile(schema);

describe("the report of a gate", () => {
  it("is as its JSON schema says, with every fault", async () => {
    const argv = ["--rps", "5,50", "--runs", "3"];
    const { report: found, progress } = await report([article(), limited("balanced")], argv);
    expect(isValid(JSON.parse(JSON.stringify(found))) || isValid.errors).toBe(true);
    expect(found.gates.map(({ name }) => name)).toEqual(["article", "balanced"]);
    expect(new Set(found.gates[0]?.caught.map(({ fault }) => fault))).toEqual(new Set(Object.keys(FAULT_MODELS)));
    expect(schema.definitions.caught.properties.fault.enum).toEqual(Object.keys(FAULT_MODELS));
    expect(progress.at(-1)).toBe(1);
    for (const { share, low, high } of found.gates.flatMap(({ falseStops }) => falseStops)) {
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
    }
  });

  it.each([
    ["hardly any traffic", ["--rps", "0.01", "--runs", "2", "--fault", "errors"]],
    ["practically no traffic", ["--rps", "0.0000000001", "--runs", "2", "--fault", "errors"]],
    ["very much traffic", ["--rps", "100000", "--runs", "2", "--fault", "slow", "--severity", "4000"]],
    ["one release", ["--rps", "5", "--runs", "1", "--fault", "broken-live", "--severity", "1"]],
    [
      "a severity that changes nothing",
      ["--rps", "5", "--runs", "2", "--fault", "never-healthy", "--severity", "0.001"],
    ],
    ["half of the requests failing anyway", ["--rps", "5", "--runs", "2", "--fault", "leak", "--normal-bad", "0.5"]],
    ["response times of another world", ["--rps", "5", "--runs", "2", "--fault", "slow", "--latency", "0.000001:4000"]],
    ["windows that end now and all alarms", ["--rps", "5", "--runs", "2", "--fault", "errors", "--alarms", "all"]],
  ])("is as its JSON schema says, with %s", async (_, argv) => {
    const { report: found } = await report([article(), limited("balanced")], [...argv, "--seed", "2147483647"]);
    expect(isValid(JSON.parse(JSON.stringify(found))) || isValid.errors).toBe(true);
    for (const { beforeLastShift, beforeOldIsGone } of found.gates.flatMap(({ caught }) => caught)) {
      expect(beforeOldIsGone.share).toBeGreaterThanOrEqual(beforeLastShift.share);
    }
  });

  it("is the same in threads as without them", async () => {
    const argv = ["--rps", "5", "--runs", "20", "--fault", "errors", "--severity", "0.2"];
    const inThreads = await report([limited("balanced")], argv, performInThreads);
    expect(inThreads.report).toEqual((await report([limited("balanced")], argv)).report);
  });

  it("ends with the signal's reason", async () => {
    const interruption = new AbortController();
    interruption.abort(130);
    const simulated = simulateGates(
      [article()],
      argumentsOf(),
      EXPECTATIONS,
      performInThreads,
      () => undefined,
      interruption.signal,
    );
    await expect(simulated).rejects.toBe(130);
  });

  it("has a table for people", async () => {
    const argv = ["--rps", "20", "--runs", "100", "--fault", "errors,dependency", "--severity", "0.5"];
    const text = tableOf((await report([article(), limited("balanced")], argv)).report);
    expect(text).toMatch(/^Good releases stopped, per 1,000/);
    expect(text).toMatch(/^errors +50 % +article +100\/100$/m);
    expect(text).toMatch(/^ +balanced +100\/100$/m);
    expect(text).toMatch(/^ +oracle +100$/m);
    expect(text).toMatch(/^dependency +50 % +article +100\/100$/m);
    expect(text).toMatch(/^balanced +errors +[\d.]+ %$/m);
    expect(text).toMatch(/^balanced needs [\d.]+ requests per second to catch 5 % of errors with 95 %/m);
  });

  it("says where a gate catches nothing", async () => {
    const { report: found } = await report([gate("blind", [])], ["--rps", "5", "--runs", "2", "--fault", "errors"]);
    expect(found.gates[0]).toMatchObject({
      smallestCaught: [{ rps: 5, errorShare: null, slowdownSeconds: null }],
      trafficNeeded: { rps: null },
    });
    expect(found.gates[0]?.caught[0]?.secondsToRollback).toEqual({ median: null, p95: null });
    expect(tableOf(found)).toContain(
      "blind does not catch 5 % of errors with 95 % before the last shift at any traffic.",
    );
  });

  it("says what is unknown, and never takes it for a gate that catches nothing", async () => {
    const cpu = alarm("cpu", {
      metric: { namespace: "AWS/ECS", metricName: "CPUUtilization", dimensions: {}, period: 60, statistic: "Average" },
    });
    const both = ([0, 1] as const).map((group) => metricAlarm(group, "HTTPCode_Target_5XX_Count", "Sum", 2));
    const part = gate("part", [cpu, ...both]);
    // A release to the second target group watches the alarm on the CPU alone.
    const one = gate("one", [cpu, ...both.slice(0, 1)]);
    const composite = { ...gate("composite", []), leftOut: [{ alarm: "any", why: "it is a composite alarm" }] };
    const argv = ["--rps", "5", "--runs", "2", "--fault", "errors", "--severity", "0.5"];
    const { report: found, notices } = await report([part, one, composite, limited("balanced")], argv);
    expect(found.gates.map(({ name }) => name)).toEqual(["part", "balanced"]);
    expect(found.gates[0]?.notSimulated).toEqual(["cpu"]);
    expect(found.unknownGates).toEqual([
      { name: "one", alarms: ["cpu"] },
      { name: "composite", alarms: ["any"] },
    ]);
    expect(isValid(JSON.parse(JSON.stringify(found))) || isValid.errors).toBe(true);
    expect(notices).toEqual([
      "part: cpu is not simulated, so it is in no figure: the simulation has no AWS/ECS CPUUtilization Average",
      "one: cpu is not simulated, so it is in no figure: the simulation has no AWS/ECS CPUUtilization Average",
      "composite: any is not simulated, so it is in no figure: it is a composite alarm",
    ]);
    const text = tableOf(found);
    expect(text).toContain("one: unknown. None of the alarms that judge a release can be simulated: cpu.");
    expect(text).toContain(
      "part: 1 alarm (cpu) can't be simulated, so the gate may catch more than this, and stop more.",
    );
    expect(text).not.toMatch(/^(one|composite) /m);
    const { report: nothing } = await report([composite], argv);
    expect(nothing).toEqual({ gates: [], unknownGates: [{ name: "composite", alarms: ["any"] }] });
    expect(isValid(nothing) || isValid.errors).toBe(true);
    expect(tableOf(nothing)).toBe("composite: unknown. None of the alarms that judge a release can be simulated: any.");
  });

  it("says that nothing is rolled back where the deployment group only stops", async () => {
    const { template } = article();
    const deploymentGroup = { ...template.deploymentGroup, autoRollback: { enabled: false, events: [] } };
    const stops = gate("stops", template.alarms, { deploymentGroup });
    const argv = ["--rps", "20", "--runs", "2", "--fault", "errors", "--severity", "1"];
    const { report: found } = await report([stops, article()], argv);
    expect(found.gates.map(({ onlyStops }) => onlyStops)).toEqual([true, undefined]);
    expect(isValid(JSON.parse(JSON.stringify(found))) || isValid.errors).toBe(true);
    expect(tableOf(found)).toContain(
      "stops: its deployment group stops on an alarm and does not roll back, so no release is rolled back, only stopped.",
    );
    expect(tableOf(found)).not.toContain("article: its deployment group");
  });

  it("has an oracle for each kind of release", async () => {
    const slower = gate("slower", [], {
      deploymentGroup: {
        ...gate("slower", []).template.deploymentGroup,
        deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent15Minutes",
      },
    });
    const argv = ["--rps", "5", "--runs", "100", "--fault", "errors", "--severity", "0.05"];
    const text = tableOf((await report([limited("balanced"), article(), slower], argv)).report);
    const [first, second] = ["balanced", "slower"].map((name) =>
      Number(new RegExp(`^ +oracle: ${name} +([\\d.]+)$`, "m").exec(text)?.[1]),
    );
    expect(second).toBeGreaterThan(first ?? 100);
    expect(text).not.toContain("oracle: article");
  });

  it("is refused, naming the gate and the alarm, when an alarm can't be evaluated", async () => {
    const wrong = gate("wrong", [metricAlarm(1, "RequestCount", "tm90", 0)]);
    await expect(report([wrong], ["--runs", "1"])).rejects.toThrow(SubjectError);
    await expect(report([wrong], ["--runs", "1"])).rejects.toThrow(
      'wrong: alarm "RequestCount-1": the statistic "tm90"',
    );
  });

  it("compares gates whose releases differ, each with its own", async () => {
    const { template } = article();
    const deploymentGroup = { ...template.deploymentGroup, deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce" };
    const atOnce: Gate = { name: "at once", template: { ...template, deploymentGroup } };
    const argv = ["--rps", "20", "--runs", "20", "--fault", "errors", "--severity", "0.5"];
    const { report: found } = await report([article(), atOnce], argv);
    const caught = found.gates.map((one) => one.caught[0]?.beforeLastShift.share);
    expect(caught).toEqual([1, 0]);
  });
});

describe("the command line of npm run gate", () => {
  it("has a default for everything", () => {
    expect(argumentsOf()).toMatchObject({
      rps: undefined,
      normalBad: undefined,
      latency: undefined,
      history: undefined,
      timeZone: "UTC",
      watched: "new",
      slidingWindowEndsAt: "published",
      compare: [],
      seed: 1,
      json: false,
    });
  });

  it("takes lists", () => {
    expect(
      argumentsOf("--rps", "1, 2.5", "--fault", "slow,leak", "--severity", "0.5", "--compare", "article,mine.json"),
    ).toMatchObject({ rps: [1, 2.5], faults: ["slow", "leak"], severities: [0.5], compare: ["article", "mine.json"] });
  });

  it("takes the traffic of the past", () => {
    expect(argumentsOf("--live", "--save", "x.json", "--time-zone", "Europe/Berlin")).toMatchObject({
      history: { kind: "live", save: "x.json" },
      timeZone: "Europe/Berlin",
    });
    expect(argumentsOf("--from", "x.json")).toMatchObject({ history: { kind: "file", file: "x.json" } });
    expect(argumentsOf("--aws-cli")).toMatchObject({ awsCli: true, history: undefined });
  });

  it("takes a profile, and when releases begin", () => {
    expect(argumentsOf("--profile", "mine.json")).toMatchObject({ profile: "mine.json", start: undefined });
    expect(argumentsOf("--profile", "history", "--from", "x.json")).toMatchObject({ profile: "history" });
    const start = (times: string) => argumentsOf("--profile", "office", "--start", times).start;
    expect(start("09:00-17:30")).toEqual({ from: 540, to: 1_050 });
    expect(start("22:00 - 6:00")).toEqual({ from: 1_320, to: 360 });
    expect(start("23:59")).toEqual({ from: 1_439, to: 1_440 });
  });

  it("takes percent for the share of the requests that fails anyway", () => {
    expect(argumentsOf("--normal-bad", "0.2%").normalBad).toBe(0.002);
  });

  it.each([
    ["0.2", { median: 0.2, p99: 1 }],
    ["0.2:0.3", { median: 0.2, p99: 0.3 }],
  ])("takes the latency %s", (text, latency) => {
    expect(argumentsOf("--latency", text)).toMatchObject({ latency });
  });

  it.each([
    [["--rps", "1,1"], "1 is given twice"],
    [["--rps", "1,,2"], "It must be a number greater than 0"],
    [["--rps", "0"], "It must be a number greater than 0"],
    [["--rps", "100001"], "at most 100000"],
    [["--latency", "0.5:0.5"], "It must be the median"],
    [["--latency", "0.1:0.2:0.3"], "It must be the median"],
    [["--latency", "fast"], "It must be a number greater than 0"],
    [["--fault", "error"], "Allowed faults are errors, slow"],
    [["--fault", "errors,errors"], "errors is given twice"],
    [["--fault", "errors", "--severity", "5%"], "a share, so that 5 % is 0.05, or seconds"],
    [["--normal-bad", "51%"], "It must be a share of at least 0 and at most 0.5"],
    [["--severity", "0.1"], "'--severity' goes with --fault"],
    [["--fault", "errors", "--severity", "1.5"], "1.5 is too large for --fault errors, which takes a share"],
    [["--fault", "slow,leak", "--severity", "2"], "2 is too large for --fault leak"],
    [["--fault", "slow", "--severity", "4001"], "which takes seconds"],
    [["--compare", "article,"], "It must not be empty"],
    [["--live", "--from", "x.json"], "give one of them"],
    [["--save", "x.json"], "'--save' goes with --live"],
    [["--save", " ", "--live"], "It must not be empty"],
    [["--aws-cli", "--live"], "it doesn't go with --live"],
    [["--time-zone", "Europe/Berlin"], "'--time-zone' goes with --live or --from"],
    [["--live", "--time-zone", "Berlin"], "It must be a name of the IANA time zone database"],
    [["--start", "09:00-17:00"], "'--start' goes with --profile"],
    [["--profile", "office", "--start", "9"], "It must be HH:MM or HH:MM-HH:MM"],
    [["--profile", "office", "--start", "24:00"], "It must be HH:MM or HH:MM-HH:MM"],
    [["--profile", "office", "--start", "09:00-"], "It must be HH:MM or HH:MM-HH:MM"],
    [["--profile", "office", "--start", "09:00-09:00"], "two different ones"],
    [["--profile", "office", "--start", "09:00-10:00-11:00"], "two different ones"],
    [["--profile", " "], "It must not be empty"],
    [["--profile", "history"], "is the traffic of --live or --from"],
    [["--profile", "office", "--recommend", "--rps", "5"], "'--profile' doesn't go with --recommend"],
    [["--profile", "office", "--calibrate"], "'--profile' doesn't go with --recommend, --calibrate"],
    [["--live", "--time-zone", "+05:30"], "It must be a name of the IANA time zone database"],
  ])("refuses %j", (argv, problem) => {
    expect(() => argumentsOf(...argv)).toThrow(problem);
  });
});
