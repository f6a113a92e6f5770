import { DEFAULT_ARGUMENTS, type ReleaseArguments } from "../../scripts/release/arguments";
import { releaseCommand } from "../../scripts/release/next-commands";
import { alarmsOfDeployment } from "../../scripts/release/alarm-selection";
import {
  ALARMS,
  always,
  AUTO_ROLLBACK,
  config,
  deployment,
  fakeAws,
  LOAD_BALANCER_INFO,
  names,
  recorded,
} from "./fakes";
import { run } from "./running";

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
const states = (values: Readonly<Record<string, "OK" | "ALARM">>) => ({
  describeAlarms: ({ AlarmNames = [] }: { AlarmNames?: string[] | undefined }) =>
    Promise.resolve({
      MetricAlarms: Object.entries(values)
        .filter(([name]) => AlarmNames.includes(name))
        .map(([AlarmName, StateValue]) => ({ AlarmName, StateValue })),
    }),
});
const broken = states({ [first]: "ALARM", [second]: "OK" });

describe("a release of the fix while an alarm fires because the live version is broken", () => {
  it("is refused, also with --force, with the reason and the command that leaves that alarm out", async () => {
    for (const force of [false, true]) {
      const { start } = run(broken, { force, image: "v2", variables: [{ name: "NOTE", value: "it's a fix" }] });
      const { exitCode, problems } = await start();
      expect(exitCode).toBe(4);
      expect(problems).toHaveLength(1);
      expect(problems[0]?.next).toContain("the live version is broken and this release is the fix");
      expect(problems[0]?.next).toContain(
        `npm run release -- --environment staging --image v2 --env 'NOTE=it'\\''s a fix'${force ? " --force" : ""} --without-alarm ${first}`,
      );
    }
  });

  it("names all firing alarms in one command, because each would refuse the release", async () => {
    const { problems } = await run(states({ [first]: "ALARM", [second]: "ALARM" })).start();
    expect(problems).toHaveLength(2);
    for (const { next } of problems) expect(next).toContain(`--without-alarm ${first} --without-alarm ${second}`);
  });

  it("leaves out that alarm, and keeps the group's other alarm settings", async () => {
    const { start, calls, events } = run({ ...withAlarms(first, second), ...broken }, { withoutAlarms: [first] });
    const report = await start();
    expect(report).toMatchObject({ exitCode: 0, outcome: "released" });
    expect(calls.create.inputs).toMatchObject([
      { overrideAlarmConfiguration: { enabled: true, ignorePollAlarmFailure: true, alarms: [{ name: second }] } },
    ]);
    expect(report.notes.join()).toContain(
      `left out of this deployment: alarm "${first}"; the group itself still has them`,
    );
    expect(events.find(({ type }) => type === "gate")).toMatchObject({
      gate: { leftOut: [first], alarms: [{ name: second, state: "OK" }] },
    });
    expect(events.find(({ type }) => type === "watching")).toMatchObject({ leftOut: [first] });
    const warnings = events.flatMap((event) => (event.type === "warning" ? [event.text] : []));
    expect(warnings.join()).toContain(`left out of this deployment: alarm "${first}"`);
  });

  it("watches only the remaining alarms", async () => {
    const describeAlarms = recorded(broken.describeAlarms);
    await run({ describeAlarms: describeAlarms.call }, { withoutAlarms: [first] }).start();
    for (const { AlarmNames } of describeAlarms.inputs) expect(AlarmNames).toEqual([second]);
  });

  it("sends CodeDeploy no override when no alarm is left out", async () => {
    const { start, calls } = run();
    const report = await start();
    expect(calls.create.inputs[0]).not.toHaveProperty("overrideAlarmConfiguration");
    expect(report.notes).toEqual([]);
  });

  it("also leaves out an alarm that was deleted", async () => {
    expect(await run(states({ [second]: "OK" }), { withoutAlarms: [first] }).start()).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ["another's", "someone-elses"],
    ["a part of a name", first.slice(0, -1)],
    ["another spelling", first.toUpperCase()],
    ["a pattern", "*"],
  ])("is refused for a name that the group doesn't have: %s", async (_, name) => {
    const { start, calls } = run({}, { withoutAlarms: [name] });
    const { exitCode, problems } = await start();
    expect(exitCode).toBe(4);
    expect(problems.map(({ what, next }) => `${what}: ${next}`).join()).toContain(
      `watches no alarm "${name}": name one of: "${first}", "${second}"`,
    );
    expect(calls.create.inputs).toEqual([]);
  });

  it("accepts names with any characters", async () => {
    const odd = '5xx (prod) [eu] <p99> "x"/é ';
    const { start, calls } = run(
      { ...withAlarms(odd, `${odd}2`), ...states({ [odd]: "ALARM", [`${odd}2`]: "OK" }) },
      { withoutAlarms: [odd] },
    );
    expect(await start()).toMatchObject({ exitCode: 0 });
    expect(calls.create.inputs).toMatchObject([{ overrideAlarmConfiguration: { alarms: [{ name: `${odd}2` }] } }]);
  });

  it("is refused when no alarm is left, unless --accept-blind-gate is given", async () => {
    const all = { withoutAlarms: ALARMS };
    const { exitCode, problems } = await run(broken, all).start();
    expect(exitCode).toBe(4);
    expect(problems[0]?.next).toContain(`--without-alarm ${second} --accept-blind-gate`);
    const accepted = run(broken, { ...all, acceptBlindGate: true });
    const report = await accepted.start();
    expect(report).toMatchObject({ exitCode: 0 });
    expect(report.notes.join("\n")).toMatch(/accepted before it began: .*all alarms .* are left out/);
    expect(report.notes.join("\n")).toMatch(/no alarm watched this deployment/);
    expect(accepted.calls.create.inputs).toMatchObject([
      { overrideAlarmConfiguration: { enabled: false, alarms: [] } },
    ]);
  });

  it("is refused for a group whose alarms are off: there is nothing to leave out", async () => {
    const off = { getDeploymentGroup: groupWith({ enabled: false, alarms: [{ name: first }] }) };
    const { problems } = await run(off, { withoutAlarms: [first] }).start();
    expect(problems.map(({ next }) => next).join()).toMatch(/watches no alarm$/);
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
    expect(notes.join()).toContain(`left out of this deployment: alarm "${first}"`);
    expect(watching).toMatchObject({ leftOut: [first] });
  });

  it("are none when its override has none", async () => {
    const { asked, notes } = await watched({ enabled: true, alarms }, { enabled: false });
    expect(asked).toBeUndefined();
    expect(notes.join()).toMatch(/no alarm watched this deployment/);
  });

  it("are those of its override although the group can't be read", () => {
    const own = { overrideAlarmConfiguration: { enabled: true, alarms: [{ name: second }] } };
    expect(alarmsOfDeployment({}, own)).toMatchObject({ watched: [second], leftOut: [] });
  });
});

describe("the command line that asks for the same and more", () => {
  it("has all that decides what is released, each word as a shell takes it for one", () => {
    const full: ReleaseArguments = {
      ...DEFAULT_ARGUMENTS,
      image: "v2",
      variables: [{ name: "A", value: "it's $HOME" }],
      taskDefinition: "latest",
      description: "fix of payments",
      containers: ["worker"],
      leaveOut: ["newField"],
      withoutAlarms: ["a b"],
      acceptBlindGate: true,
      force: true,
    };
    expect(releaseCommand(full, config.environment, ["--without-alarm", "<x>"])).toBe(
      "npm run release -- --environment staging --image v2 --env 'A=it'\\''s $HOME' --task-definition latest " +
        "--description 'fix of payments' --container worker --leave-out newField --without-alarm 'a b' --accept-blind-gate --force --without-alarm '<x>'",
    );
  });

  it("has no more than that", () => {
    expect(releaseCommand(DEFAULT_ARGUMENTS, "production", [])).toBe("npm run release -- --environment production");
  });
});
