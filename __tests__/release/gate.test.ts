import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import {
  firesAfterMinutes,
  leavesAlarmAfterMinutes,
  scopeOf,
  type AlarmScope,
} from "../../scripts/release/alarm-scope";
import {
  blindProblems,
  gateMinutes,
  gateNotes,
  gateWarnings,
  missingDataNotes,
  type Gate,
  type GateAlarm,
} from "../../scripts/release/gate";

const NAMES = {
  cluster: "c",
  service: "s",
  deploymentGroup: "g",
  remedy: "deploy it again",
  acceptCommand: "npm run release -- --accept-blind-gate",
  allAlarmsCommand: "npm run release -- --alarms all",
};
const seeing = (sees: AlarmScope, state = "OK", name = `alarm ${sees}`): GateAlarm => ({ name, state, sees });
/** A complete gate; each case changes what it tests. */
const gate = (changes: Partial<Gate> = {}): Gate => ({
  tasks: { desired: 2, running: 2 },
  targets: ["healthy", "healthy"],
  alarms: [seeing("new"), seeing("live")],
  unwatched: [],
  hook: true,
  canaryMinutes: 5,
  watchMinutes: 10,
  ignorePollAlarmFailure: false,
  ...changes,
});
const NO_DATA = "INSUFFICIENT_DATA";

describe("a gate where nothing would test the new version", () => {
  it.each<readonly [string, Partial<Gate>, RegExp]>([
    ["no tasks are wanted", { tasks: { desired: 0, running: 0 } }, /desired count of 0.*--desired-count 2/],
    ["no tasks are wanted, and some still run", { tasks: { desired: 0, running: 2 } }, /desired count of 0/],
    [
      "no task of the live version runs",
      { tasks: { desired: 3, running: 0 } },
      /no task .* 3 are desired.*would not change that/,
    ],
    [
      "no task runs, and nobody tells how many are wanted",
      { tasks: { running: 0 } },
      /no task of the live version runs/,
    ],
    ["there are neither alarms nor a hook", { alarms: [], hook: false }, /no alarm guards this release, and no hook/],
    [
      "the group's alarms are turned off",
      { alarms: [], turnedOff: 2, hook: false },
      /the group names 2, and its alarm configuration is turned off, and no hook/,
    ],
    [
      "no alarm can see the new version, and there is no hook",
      { alarms: [seeing("live"), seeing("other"), seeing("nothing")], hook: false },
      /none of the alarms can see the new version, and no hook/,
    ],
    [
      "all users get it at once and the old one is gone at once, without a hook",
      { canaryMinutes: 0, watchMinutes: 0, hook: false },
      /all users get the new version at once, and the old one is stopped at once, and no hook/,
    ],
    [
      "every alarm measures only the live version, hook or not",
      { alarms: [], unwatched: [seeing("live")] },
      /every alarm of the group measures only the live .*deploy it again\), watch them all the same with: .*--alarms all/,
    ],
    [
      "every alarm measures only the live version, and there is no hook that could test the new one",
      { alarms: [], unwatched: [seeing("live")], hook: false },
      /every alarm of the group measures only the live .*deploy it again\), or release it anyway/,
    ],
  ])("is refused, with what to do: %s", (_, changes, words) => {
    const problems = blindProblems(gate(changes), NAMES);
    expect(problems.map(({ what, where, next }) => `${what}; ${where}; ${next}`).join()).toMatch(words);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.next).toContain(NAMES.acceptCommand);
  });

  it.each<readonly [string, Partial<Gate>]>([
    ["all is as it should be", {}],
    ["AWS tells no numbers of tasks", { tasks: {} }],
    ["some tasks don't run", { tasks: { desired: 3, running: 1 } }],
    ["there is no alarm, but a hook", { alarms: [] }],
    ["there is no hook, but an alarm", { hook: false }],
    ["no alarm has data", { alarms: [seeing("new", NO_DATA)], hook: false }],
    ["an alarm watches something of its own", { alarms: [seeing("unknown")], hook: false }],
    [
      "the live version's alarms are not watched",
      { alarms: [seeing("new")], unwatched: [seeing("live")], hook: false },
    ],
    ["all users get it at once, and the old one is kept", { canaryMinutes: 0, watchMinutes: 5, hook: false }],
    ["the live version is unhealthy", { targets: ["unhealthy", "unhealthy"] }],
  ])("is not found when %s", (_, changes) => {
    expect(blindProblems(gate(changes), NAMES)).toEqual([]);
  });
});

describe("a weakness of the gate", () => {
  it.each<readonly [string, Partial<Gate>, RegExp]>([
    ["fewer tasks than wanted", { tasks: { desired: 3, running: 1 } }, /only 1 of 3 tasks/],
    ["no healthy target", { targets: ["unhealthy", "initial"] }, /none of the live .* healthy \(unhealthy, initial\)/],
    ["unhealthy targets only", { targets: ["unhealthy"] }, /\(unhealthy\): the load balancer still sends it requests/],
    ["no registered target", { targets: [] }, /no target is registered in the live version's target group/],
    [
      "an alarm that takes longer than the deployment",
      { alarms: [{ ...seeing("both"), firesAfterMinutes: 11 }] },
      /"alarm both" fires after 11 bad minutes, and this deployment is over 10 minutes after/,
    ],
    ["no alarms", { alarms: [] }, /no alarm guards this release: group g watches none/],
    [
      "alarms that can't see it",
      { alarms: [seeing("live")] },
      /none of the alarms can see the new version: only the hook/,
    ],
    [
      "another's alarm",
      { alarms: [seeing("new"), seeing("live"), seeing("other")] },
      /"alarm other": on another load bal/,
    ],
    ["a rule of constants", { alarms: [seeing("new"), seeing("live"), seeing("nothing")] }, /state never changes/],
    ["one colour", { alarms: [seeing("new")] }, /measure only the target group of the new version/],
    ["no data at all", { alarms: [seeing("new", NO_DATA), seeing("live", NO_DATA)] }, /none of the 2 alarms has data/],
    ["alarms that may fail", { ignorePollAlarmFailure: true }, /continues when it can't read the alarms/],
    ["all at once", { canaryMinutes: 0, watchMinutes: 5 }, /all users .* at once: the alarms have 5 minutes/],
    [
      "a live version that fires its alarm",
      { alarms: [seeing("new")], unwatched: [{ ...seeing("live", "ALARM", "a (b)"), reason: "too many" }] },
      /the live version is failing: alarm "a \(b\)" in ALARM \(too many\)\. This release goes on/,
    ],
  ])("is a warning: %s", (_, changes, words) => {
    expect(gateWarnings(gate(changes), "g").join("\n")).toMatch(words);
  });

  it.each<readonly [string, Partial<Gate>]>([
    ["all is as it should be", {}],
    ["some alarms have no data, which is usual", { alarms: [seeing("new", NO_DATA), seeing("live")] }],
    ["the live version's alarms are not watched", { alarms: [seeing("new")], unwatched: [seeing("live")] }],
    ["an alarm fires within the deployment", { alarms: [{ ...seeing("both"), firesAfterMinutes: 10 }] }],
    [
      "a slow alarm doesn't look at the new version",
      { alarms: [seeing("both"), { ...seeing("live"), firesAfterMinutes: 60 }] },
    ],
    ["one of the targets is healthy", { targets: ["healthy", "unhealthy"] }],
    ["an alarm sees both", { alarms: [seeing("both")] }],
    ["an alarm watches something of its own", { alarms: [seeing("unknown")] }],
    ["AWS tells no numbers of tasks", { tasks: {} }],
  ])("is not reported when %s", (_, changes) => {
    expect(gateWarnings(gate(changes), "g")).toEqual([]);
  });
});

it("has no warning about targets that were not read", () => {
  const read = gate();
  const unread: Gate = { ...read };
  Reflect.deleteProperty(unread, "targets");
  expect(gateWarnings(unread, "g")).toEqual(gateWarnings(read, "g"));
});

it.each([["initial"], ["unused"], ["unavailable"]])(
  "does not claim that a load balancer sends requests to targets that are %s",
  (state) => {
    const warnings = gateWarnings(gate({ targets: [state, "unhealthy"] }), "g").join();
    expect(warnings).toMatch(/none of the live version's targets is healthy/);
    expect(warnings).not.toContain("requests");
  },
);

describe("the minutes after which an alarm fires", () => {
  const metric = { Id: "m", MetricStat: { Metric: {}, Period: 300, Stat: "Sum" } };
  it.each<readonly [number | undefined, string, MetricAlarm | CompositeAlarm]>([
    [3, "all its periods", { Period: 60, EvaluationPeriods: 3 }],
    [2, "so many as must be bad", { Period: 60, EvaluationPeriods: 5, DatapointsToAlarm: 2 }],
    [0.5, "short periods", { Period: 10, EvaluationPeriods: 3 }],
    [10, "the period of its metrics", { Metrics: [metric], EvaluationPeriods: 2 }],
    [5, "the period of its expression", { Metrics: [{ Id: "e", Expression: "1", Period: 300 }], EvaluationPeriods: 1 }],
    [undefined, "not known without a period", { EvaluationPeriods: 2 }],
    [undefined, "not known of other alarms", { AlarmRule: 'ALARM("a")' }],
  ])("are %s: %s", (minutes, _, alarm) => {
    expect(firesAfterMinutes(alarm)).toBe(minutes);
  });
});

describe("the minutes for which an alarm stays in ALARM", () => {
  it.each<readonly [number | undefined, string, MetricAlarm | CompositeAlarm]>([
    [4, "one period, and until CloudWatch shows it", { Period: 60, EvaluationPeriods: 1 }],
    [8, "its window", { Metrics: [{ Id: "e", Expression: "1", Period: 300 }], EvaluationPeriods: 1 }],
    [13, "all periods, not only those that must be bad", { Period: 60, EvaluationPeriods: 10, DatapointsToAlarm: 1 }],
    [undefined, "not known of other alarms", { AlarmRule: 'ALARM("a")' }],
  ])("are %s: %s", (minutes, _, alarm) => {
    expect(leavesAlarmAfterMinutes(alarm)).toBe(minutes);
  });
});

describe("what an alarm measures", () => {
  const reached = { loadBalancer: "app/lb/1", live: "targetgroup/s-1/a", next: "targetgroup/s-2/b" };
  const dimensions = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
  const on = (values: Readonly<Record<string, string>>, Namespace = "AWS/ApplicationELB") => ({
    Namespace,
    MetricName: "HTTPCode_Target_5XX_Count",
    Dimensions: dimensions(values),
  });
  const math = (...values: readonly Readonly<Record<string, string>>[]): MetricAlarm => ({
    Metrics: [
      { Id: "e", Expression: "m0 + m1" },
      ...values.map((each, index) => ({ Id: `m${index}`, MetricStat: { Metric: on(each), Period: 60, Stat: "Sum" } })),
    ],
  });
  const [live, next] = [
    { LoadBalancer: "app/lb/1", TargetGroup: "targetgroup/s-1/a" },
    { LoadBalancer: "app/lb/1", TargetGroup: "targetgroup/s-2/b" },
  ];

  const children: Readonly<Record<string, MetricAlarm | CompositeAlarm>> = {
    "on live": on(live),
    live2: on(live),
    'a "b" (c)': on(live),
    "on-new": on(next),
    "on other": on({ LoadBalancer: "app/other/2" }),
    composite: { AlarmName: "composite", AlarmRule: 'OK("on live")' },
    constant: { AlarmName: "constant", AlarmRule: "TRUE" },
    two: { AlarmName: "two", AlarmRule: "ALARM(one)" },
    one: { AlarmName: "one", AlarmRule: "ALARM(two)" },
  };

  it.each<readonly [AlarmScope, string, MetricAlarm | CompositeAlarm]>([
    ["new", "the idle target group", on(next)],
    ["live", "the live one", on(live)],
    ["both", "the load balancer", on({ LoadBalancer: "app/lb/1" })],
    ["other", "another load balancer", on({ LoadBalancer: "app/other/2" })],
    ["other", "another target group", on({ ...next, TargetGroup: "targetgroup/x/c" })],
    ["other", "one of the same name that is gone", on({ ...next, TargetGroup: "targetgroup/s-2/old" })],
    ["other", "the right target group behind another load balancer", on({ ...next, LoadBalancer: "app/other/2" })],
    ["unknown", "a metric of one's own", on({ Shop: "eu" }, "Shop")],
    ["unknown", "the whole region", on({})],
    ["unknown", "nothing that is told", {}],
    ["both", "an expression over both", math(live, next)],
    ["new", "an expression over one", math(next)],
    ["other", "an expression over others", math({ LoadBalancer: "app/other/2" })],
    ["new", "an expression over one and another's", math(next, { LoadBalancer: "app/other/2" })],
    ["unknown", "other alarms that could not be read", { AlarmRule: 'ALARM("a") OR ALARM("b")' }],
    [
      "live",
      "alarms of the live one",
      { AlarmRule: 'ALARM("on live") AND NOT OK(arn:aws:cloudwatch:eu-x:1:alarm:live2)' },
    ],
    ["new", "alarms of the new one and of others", { AlarmRule: 'ALARM(on-new) OR INSUFFICIENT_DATA( "on other" )' }],
    ["both", "alarms of both", { AlarmRule: 'ALARM("on live") OR ALARM(on-new)' }],
    ["unknown", "an alarm that is gone beside one of the live one", { AlarmRule: 'ALARM("on live") OR ALARM(gone)' }],
    ["live", "a composite alarm of the live one", { AlarmRule: "ALARM(composite) OR FALSE" }],
    ["live", "a name with a quote in it", { AlarmRule: 'ALARM("a \\"b\\" (c)")' }],
    ["nothing", "a composite alarm of constants", { AlarmRule: "ALARM(constant)" }],
    ["unknown", "a cycle of composite alarms", { AlarmName: "one", AlarmRule: "ALARM(two)" }],
    ["nothing", "a constant", { AlarmRule: "FALSE" }],
    ["nothing", "a constant in brackets", { AlarmRule: "(NOT TRUE)" }],
  ])("is %s: %s", (sight, _, alarm) => {
    expect(scopeOf(alarm, reached, (name) => children[name])).toBe(sight);
  });

  it("is not guessed when the target groups are not known", () => {
    expect(scopeOf(on(next), { loadBalancer: "app/lb/1" })).toBe("unknown");
    expect(scopeOf(on(next), {})).toBe("unknown");
  });
});

describe("the minutes in which the alarms can act", () => {
  const canary = { type: "TimeBasedCanary", timeBasedCanary: { canaryPercentage: 10, canaryInterval: 5 } } as const;
  const ended = (action: "TERMINATE" | "KEEP_ALIVE", terminationWaitTimeInMinutes?: number) => ({
    blueGreenDeploymentConfiguration: {
      terminateBlueInstancesOnDeploymentSuccess: {
        action,
        ...(terminationWaitTimeInMinutes !== undefined && { terminationWaitTimeInMinutes }),
      },
    },
  });

  it.each([
    ["the canary and the wait after it", canary, ended("TERMINATE", 7), 5, 12],
    ["the canary alone", canary, ended("TERMINATE", 0), 5, 5],
    ["the canary alone when the old tasks are kept for good", canary, ended("KEEP_ALIVE"), 5, 5],
    ["the wait alone", { type: "AllAtOnce" } as const, ended("TERMINATE", 7), 0, 7],
    ["none", { type: "AllAtOnce" } as const, ended("TERMINATE", 0), 0, 0],
  ])("are %s", (_, routing, group, canaryMinutes, watchMinutes) => {
    expect(gateMinutes(routing, group)).toEqual({ canaryMinutes, watchMinutes });
  });

  it("are not 0 when AWS doesn't return them", () => {
    expect(gateMinutes({ type: "AllAtOnce" }, {}).watchMinutes).toBeGreaterThan(0);
  });
});

describe("the notes at the end", () => {
  it("are empty for a complete gate", () => {
    expect(gateNotes({ watched: ["a"], unwatched: [] }, gate())).toEqual([]);
    expect(missingDataNotes(["a", "b"], new Set(["a", "b"]))).toEqual([]);
    expect(missingDataNotes([], new Set())).toEqual([]);
  });

  it("name what was not watched or accepted, and alarms that measured something else", () => {
    const accepted = [{ what: "the service has a desired count of 0", where: "", next: "" }];
    expect(gateNotes({ watched: ["b"], unwatched: ["a"] }, gate(), accepted).join("\n")).toMatch(
      /accepted.*desired count of 0\nwatched by this deployment: alarm "b"\nnot watched .*: alarm "a"; the group itself still has them/s,
    );
    expect(gateNotes({ watched: [], unwatched: [] }).join()).toMatch(/no alarm watched this deployment/);
    expect(gateNotes({ watched: ["a"], unwatched: [] }, gate({ alarms: [seeing("live")] })).join()).toMatch(
      /could not detect a bad version: none of the alarms can see the new version/,
    );
  });

  it("name the alarms that never had data", () => {
    expect(missingDataNotes(["a", "b", "c"], new Set(["b"])).join()).toMatch(/2 of 3 alarms had no data .*"a" and "c"/);
    expect(missingDataNotes(["a", "b"], new Set()).join()).toMatch(/none of the 2 alarms had data/);
  });
});
