import { DEFAULT_ARGUMENTS, type ReleaseArguments } from "../../scripts/release/arguments";
import { releaseCommand } from "../../scripts/release/next-commands";
import { alarmsOfDeployment } from "../../scripts/release/alarm-selection";
import {
  alarmOn,
  ALARMS,
  always,
  AUTO_ROLLBACK,
  awsError,
  awsRefusal,
  config,
  deployment,
  describing,
  fakeAws,
  inTurn,
  limitAlarm,
  liveEcsService,
  LOAD_BALANCER_INFO,
  names,
  recorded,
  TARGET_GROUPS,
} from "./fakes";
import type { ReleaseEvent } from "../../scripts/release/events";
import { run } from "./running";

const LIMIT = {
  normalShare: 0.001,
  sigmas: 4.4,
  allowance: 1.2,
  compare: { sigmas: 2, maxShare: 0.1, requestRatio: 9 },
  windowSeconds: 300,
};

const [first = "", second = ""] = ALARMS;
const groupWith = (alarmConfiguration: object) =>
  always({
    deploymentGroupInfo: {
      applicationName: names.application,
      deploymentGroupName: names.deploymentGroup,
      deploymentConfigName: names.deploymentConfig,
      ecsServices: [{ clusterName: names.cluster, serviceName: names.service }],
      autoRollbackConfiguration: AUTO_ROLLBACK,
      loadBalancerInfo: LOAD_BALANCER_INFO,
      alarmConfiguration,
    },
  });
const withAlarms = (...alarmNames: readonly string[]) => ({
  getDeploymentGroup: groupWith({
    enabled: true,
    ignorePollAlarmFailure: true,
    alarms: alarmNames.map((name) => ({ name })),
  }),
});
/** AWS with these alarms on the target groups, by index: 0 is the live one. */
const alarmsOn = (...states: readonly (readonly [string, number, "OK" | "ALARM"])[]) => ({
  describeAlarms: describing(states.map((each) => alarmOn(...each))),
});
const broken = alarmsOn([first, 0, "ALARM"], [second, 1, "OK"]);
/** The colours the other way round: the live version is in the second target group. */
const turned = {
  describeServices: always({
    services: [
      liveEcsService({
        taskSets: (liveEcsService().taskSets ?? []).map((set) => ({
          ...set,
          loadBalancers: [{ containerName: names.container, containerPort: 8080, targetGroupArn: TARGET_GROUPS[1] }],
        })),
      }),
    ],
  }),
};
const gateOf = (events: readonly ReleaseEvent[]) => events.find(({ type }) => type === "gate");
const warningsOf = (events: readonly ReleaseEvent[]) =>
  events.flatMap((event) => (event.type === "warning" ? [event.text] : [])).join("\n");

describe("a release of the fix while the live version is broken and fires its alarm", () => {
  it.each([
    ["in one direction", broken, first, second],
    ["in the other", { ...turned, ...alarmsOn([first, 0, "OK"], [second, 1, "ALARM"]) }, second, first],
  ])(
    "watches the alarms of the new version %s, tells that the live one fails, and goes on",
    async (_, aws, live, next) => {
      const { start, calls, events } = run(aws);
      const report = await start();
      expect(report).toMatchObject({
        ...{ exitCode: 0, outcome: "released", watchedAlarms: [next], unwatchedAlarms: [live] },
      });
      expect(calls.create.inputs).toMatchObject([
        { overrideAlarmConfiguration: { enabled: true, alarms: [{ name: next }] } },
      ]);
      expect(report.notes.join("\n")).toMatch(
        new RegExp(`watched by this deployment: .*${next}.*\nnot watched.*${live}`),
      );
      expect(gateOf(events)).toMatchObject({
        gate: { alarms: [{ name: next, sees: "new" }], unwatched: [{ name: live, sees: "live", state: "ALARM" }] },
      });
      expect(events.find(({ type }) => type === "watching")).toMatchObject({ watched: [next], unwatched: [live] });
      expect(warningsOf(events)).toContain(`the live version is failing: alarm "${live}" in ALARM`);
    },
  );

  it("keeps the group's other alarm settings", async () => {
    const { start, calls } = run({ ...withAlarms(first, second), ...broken });
    await start();
    expect(calls.create.inputs).toMatchObject([
      { overrideAlarmConfiguration: { enabled: true, ignorePollAlarmFailure: true, alarms: [{ name: second }] } },
    ]);
  });

  it("reads only the watched alarms during the watch", async () => {
    const describeAlarms = recorded(broken.describeAlarms);
    await run({ describeAlarms: describeAlarms.call }).start();
    expect(describeAlarms.inputs[0]?.AlarmNames).toEqual(ALARMS);
    for (const { AlarmNames } of describeAlarms.inputs.slice(1)) expect(AlarmNames).toEqual([second]);
  });

  it("sends the same override again when CodeDeploy has to be asked again", async () => {
    const createDeployment = inTurn(awsRefusal("ThrottlingException"), { deploymentId: "d-RELEASE01" });
    const { start, calls } = run({ ...broken, createDeployment });
    await start();
    const [one, again] = calls.create.inputs;
    expect(one?.overrideAlarmConfiguration).toMatchObject({ alarms: [{ name: second }] });
    expect(again).toEqual(one);
  });

  it("is refused with --alarms all, with the command that works", async () => {
    const { exitCode, problems } = await run(broken, {
      ...{ alarms: "all", image: "v2", variables: [{ name: "NOTE", value: "it's a fix" }], force: true },
    }).start();
    expect(exitCode).toBe(4);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.next).toMatch(
      /: npm run release -- --environment staging --image v2 --env 'NOTE=it'\\''s a fix' --force$/,
    );
  });

  it.each([
    ["an alarm of the new version's target group", [first, 1] as const, /stays in ALARM for 4 minutes or more/],
    ["also when it is the live one's that is fine", [second, 1] as const, /shows the version that was there before/],
  ])("is refused for %s", async (_, [name, index], words) => {
    const firing = alarmsOn([name, index, "ALARM"], [name === first ? second : first, 0, "OK"]);
    const { exitCode, problems } = await run(firing).start();
    expect(exitCode).toBe(4);
    expect(problems.map(({ what, next }) => `${what}: ${next}`).join()).toMatch(words);
  });

  it("is refused for an alarm of the whole load balancer, which may mean the new version", async () => {
    const whole = { ...alarmOn(first, 0, "ALARM"), Dimensions: [{ Name: "LoadBalancer", Value: "app/x/1" }] };
    const own = { ...whole, Namespace: "Shop" };
    const { problems, exitCode } = await run({ describeAlarms: describing([own, alarmOn(second, 1)]) }).start();
    expect(exitCode).toBe(4);
    expect(problems[0]?.next).toMatch(
      /it may measure the new version too.* take the alarm out of the deployment group/,
    );
  });
});

describe("the alarms of a release", () => {
  it("are all of the group with --alarms all, without an override", async () => {
    const { start, calls } = run({}, { alarms: "all" });
    const report = await start();
    expect(report).toMatchObject({ watchedAlarms: ALARMS, unwatchedAlarms: [], notes: [] });
    expect(calls.create.inputs[0]).not.toHaveProperty("overrideAlarmConfiguration");
  });

  it("are all of the group when none measures only the live version", async () => {
    const own = (name: string) => ({ ...alarmOn(name, 0), Namespace: "Shop" });
    const { start, calls } = run({ describeAlarms: describing([own(first), own(second)]) });
    expect(await start()).toMatchObject({ watchedAlarms: ALARMS, unwatchedAlarms: [] });
    expect(calls.create.inputs[0]).not.toHaveProperty("overrideAlarmConfiguration");
  });

  it("are all of the group when it can't be read which target group is the live one, and it is told", async () => {
    const { start, events, calls } = run({ describeTargetGroups: always<never>(awsError("AccessDeniedException")) });
    expect(await start()).toMatchObject({ exitCode: 0, watchedAlarms: ALARMS });
    expect(calls.create.inputs[0]).not.toHaveProperty("overrideAlarmConfiguration");
    expect(warningsOf(events)).toMatch(/not checked what the alarms measure/);
  });

  it("are chosen by the group that a limit judges, not by the one that it compares with", async () => {
    const aws = { describeAlarms: describing([limitAlarm(first, 0, LIMIT), limitAlarm(second, 1, LIMIT)]) };
    expect(await run(aws).start()).toMatchObject({ watchedAlarms: [second], unwatchedAlarms: [first] });
    expect(await run({ ...aws, ...turned }).start()).toMatchObject({
      watchedAlarms: [first],
      unwatchedAlarms: [second],
    });
  });

  const composite = (rule: string) => ({
    ...withAlarms("all of it", second),
    describeAlarms: describing([
      { AlarmName: "all of it", StateValue: "ALARM", AlarmRule: rule },
      ...[alarmOn("5xx live", 0), alarmOn("5xx new", 1), alarmOn(second, 1)],
    ]),
  });

  it("leave out a composite alarm whose alarms measure only the live version", async () => {
    expect(await run(composite('ALARM("5xx live")')).start()).toMatchObject({
      ...{ exitCode: 0, watchedAlarms: [second], unwatchedAlarms: ["all of it"] },
    });
  });

  it.each([
    ["both versions", 'ALARM("5xx live") OR ALARM("5xx new")'],
    ["an alarm that is gone", "ALARM(gone)"],
  ])("have a composite alarm of %s, so that it refuses while it fires", async (_, rule) => {
    const { exitCode, problems } = await run(composite(rule)).start();
    expect(exitCode).toBe(4);
    expect(problems.map(({ what }) => what).join()).toContain("all of it is in ALARM");
  });

  it("have a composite alarm whose alarms can't be read, and it is told", async () => {
    const aws = composite('ALARM("5xx live")');
    const describeAlarms: typeof aws.describeAlarms = (input) =>
      input.AlarmNames?.includes("5xx live") === true
        ? Promise.reject(awsError("AccessDeniedException", "no"))
        : aws.describeAlarms(input).then(({ MetricAlarms = [], CompositeAlarms = [] }) => ({
            MetricAlarms,
            CompositeAlarms: CompositeAlarms.map((alarm) => ({ ...alarm, StateValue: "OK" as const })),
          }));
    const { start, events } = run({ ...aws, describeAlarms });
    expect(await start()).toMatchObject({ exitCode: 0, watchedAlarms: ["all of it", second] });
    expect(warningsOf(events)).toMatch(/not checked what alarm "all of it" measures: AccessDeniedException/);
  });

  it("are refused when none measures the new version, unless --accept-blind-gate is given", async () => {
    const live = alarmsOn([first, 0, "ALARM"], [second, 0, "OK"]);
    const { exitCode, problems } = await run(live).start();
    expect(exitCode).toBe(4);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.next).toMatch(/--alarms all, or release it anyway with: .* --accept-blind-gate$/);
    const accepted = run(live, { acceptBlindGate: true });
    const report = await accepted.start();
    expect(report).toMatchObject({ exitCode: 0, watchedAlarms: [] });
    expect(report.notes.join("\n")).toMatch(/accepted before it began: .*measures only the live version/);
    expect(report.notes.join("\n")).toMatch(/no alarm watched this deployment/);
    expect(accepted.calls.create.inputs).toMatchObject([
      { overrideAlarmConfiguration: { enabled: false, alarms: [] } },
    ]);
  });

  it("are refused when they are more than a deployment of its own takes", async () => {
    const many = Array.from({ length: 11 }, (_, index) => `alarm ${index}`);
    const aws = {
      ...withAlarms(...many, first),
      describeAlarms: describing([...many.map((name) => alarmOn(name, 1)), alarmOn(first, 0)]),
    };
    const { exitCode, problems } = await run(aws).start();
    expect(exitCode).toBe(4);
    expect(problems[0]).toMatchObject({
      what: expect.stringMatching(/^11 alarms .* takes 10$/) as string,
      next: expect.stringMatching(/--alarms all$/) as string,
    });
    expect(await run(aws, { alarms: "all" }).start()).toMatchObject({ exitCode: 0 });
  });

  it("have names with any characters", async () => {
    const odd = '5xx (prod) [eu] <p99> "x"/é ';
    const aws = { ...withAlarms(odd, `${odd}2`), ...alarmsOn([odd, 0, "ALARM"], [`${odd}2`, 1, "OK"]) };
    const { start, calls } = run(aws);
    expect(await start()).toMatchObject({ exitCode: 0 });
    expect(calls.create.inputs).toMatchObject([{ overrideAlarmConfiguration: { alarms: [{ name: `${odd}2` }] } }]);
  });

  it("name the permission that AWS asks for when a deployment watches other alarms than its group", async () => {
    const createDeployment = always<never>(awsRefusal("AccessDeniedException", "not authorized"));
    const { exitCode, problems } = await run({ createDeployment }).start();
    expect(exitCode).toBe(4);
    expect(problems[0]?.next).toMatch(/codedeploy:UpdateDeploymentGroup.* --alarms all$/);
    const all = await run({ createDeployment }, { alarms: "all" }).start();
    expect(all.problems[0]?.next).not.toContain("UpdateDeploymentGroup");
  });
});

describe("the alarms of an attached deployment", () => {
  const watched = async (group: object, override?: object) => {
    const describeAlarms = recorded(fakeAws().describeAlarms);
    const followed = deployment("Succeeded", override && { overrideAlarmConfiguration: override });
    const { start, events } = run(
      { describeAlarms: describeAlarms.call, getDeploymentGroup: groupWith(group), getDeployment: always(followed) },
      { attach: "d-RELEASE01" },
    );
    const { notes } = await start();
    return {
      asked: describeAlarms.inputs[0]?.AlarmNames,
      notes,
      watching: events.find(({ type }) => type === "watching"),
    };
  };
  const alarms = ALARMS.map((name) => ({ name }));

  it("are the group's", async () => {
    expect(await watched({ enabled: true, alarms })).toMatchObject({ asked: ALARMS, notes: [] });
  });

  it("are none when the group's are off", async () => {
    const { asked, notes } = await watched({ enabled: false, alarms });
    expect(asked).toBeUndefined();
    expect(notes).toEqual(["no alarm watched this deployment"]);
  });

  it("are those of its override, and the others are named", async () => {
    const { asked, notes, watching } = await watched(
      { enabled: true, alarms },
      { enabled: true, alarms: [{ name: second }] },
    );
    expect(asked).toEqual([second]);
    expect(notes.join()).toContain(`not watched by this deployment: alarm "${first}"`);
    expect(watching).toMatchObject({ watched: [second], unwatched: [first] });
  });

  it("are none when its override has none", async () => {
    const { asked, notes } = await watched({ enabled: true, alarms }, { enabled: false });
    expect(asked).toBeUndefined();
    expect(notes.join()).toMatch(/no alarm watched this deployment/);
  });

  it("are those of its override although the group can't be read", () => {
    const own = { overrideAlarmConfiguration: { enabled: true, alarms: [{ name: second }] } };
    expect(alarmsOfDeployment({}, own)).toMatchObject({ watched: [second], unwatched: [] });
  });
});

describe("the command line that asks for the same", () => {
  it("has all that decides what is released, each word as a shell takes it for one", () => {
    const full: ReleaseArguments = {
      ...DEFAULT_ARGUMENTS,
      image: "v2",
      variables: [{ name: "A", value: "it's $HOME" }],
      taskDefinition: "latest",
      description: "fix of payments",
      containers: ["worker"],
      leaveOut: ["newField"],
      alarms: "all",
      acceptBlindGate: true,
      force: true,
    };
    expect(releaseCommand(full, config.environment)).toBe(
      "npm run release -- --environment staging --image v2 --env 'A=it'\\''s $HOME' --task-definition latest " +
        "--description 'fix of payments' --container worker --leave-out newField --alarms all --accept-blind-gate --force",
    );
  });

  it("has no more than that", () => {
    expect(releaseCommand(DEFAULT_ARGUMENTS, "production")).toBe("npm run release -- --environment production");
  });
});
