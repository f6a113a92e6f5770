import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import { parseReleaseArguments } from "../../scripts/release/arguments";
import { timeLimitMinutes } from "../../scripts/release/time-limit";
import { frameOf, type View } from "../../scripts/release/render/frame";
import { jsonRenderer } from "../../scripts/release/render/json";
import { plainRenderer } from "../../scripts/release/render/plain";
import { phaseOf } from "../../scripts/release/render/words";
import { readyWaitOf, readyWaitWarnings } from "../../scripts/release/ready-wait";
import type { ReleaseEvent } from "../../scripts/release/events";
import {
  always,
  awsError,
  awsRefusal,
  deployment,
  DEPLOYMENT,
  inTurn,
  LOAD_BALANCER_INFO,
  names,
  PALETTE as palette,
  recorded,
  ROLLBACK,
  SleepingClock,
  snapshot,
  target,
} from "./fakes";
import { run } from "./running";

const READY_OPTION = { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 30 } as const;
const WAITS = { blueGreenDeploymentConfiguration: { deploymentReadyOption: READY_OPTION } };
const ready = (changes: Partial<DeploymentInfo> = {}) => deployment("Ready", { ...WAITS, ...changes });
const goOn = `npm run release -- --environment staging --continue ${DEPLOYMENT}`;
const MINUTE = 60_000;
const tested = {
  ...target({}),
  events: [{ name: "AfterAllowTestTraffic", status: "Succeeded", endedAt: 10 * MINUTE }],
};
const waitingSnapshot = snapshot({
  awsTime: 12 * MINUTE,
  deployment: { id: DEPLOYMENT, status: "Ready", readyWaitMinutes: 30 },
  target: tested,
});

describe("a group whose deployments wait for a person", () => {
  it("has a warning before a release: that it waits, how long, what happens then, and the command that continues", () => {
    const [warning = ""] = readyWaitWarnings(WAITS, (id) => `continue ${id}`);
    expect(warning).toMatch(/will wait for a person, for 30 minutes.*CodeDeploy stops it.*continue d-…/);
    const untold = {
      blueGreenDeploymentConfiguration: { deploymentReadyOption: { actionOnTimeout: READY_OPTION.actionOnTimeout } },
    };
    expect(readyWaitWarnings(untold, String).join()).toMatch(/for an unknown time/);
  });

  it.each([
    {},
    { blueGreenDeploymentConfiguration: {} },
    { blueGreenDeploymentConfiguration: { deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" } } },
  ] as const)("is not a group with %j", (group) => {
    expect(readyWaitWarnings(group, String)).toEqual([]);
  });

  it("has the warning in the release's events", async () => {
    const getDeploymentGroup = always({
      deploymentGroupInfo: {
        ...WAITS,
        applicationName: names.application,
        deploymentGroupName: names.deploymentGroup,
        deploymentConfigName: names.deploymentConfig,
        ecsServices: [{ clusterName: names.cluster, serviceName: names.service }],
        loadBalancerInfo: LOAD_BALANCER_INFO,
      },
    });
    const { start, events } = run({ getDeploymentGroup });
    await start();
    const warnings = events.flatMap((event) => (event.type === "warning" ? [event.text] : []));
    expect(warnings.join()).toContain("--environment staging --continue d-…");
  });
});

describe("the wait that a snapshot shows", () => {
  it("began when the last step ended, and ends after the deployment's own minutes", () => {
    expect(readyWaitOf(waitingSnapshot)).toEqual({
      deploymentId: DEPLOYMENT,
      since: 10 * MINUTE,
      until: 40 * MINUTE,
    });
  });

  it("has no times when AWS doesn't return them", () => {
    expect(readyWaitOf(snapshot({ deployment: { id: DEPLOYMENT, status: "Ready" } }))).toEqual({
      deploymentId: DEPLOYMENT,
    });
  });

  it("may be the rollback's", () => {
    const rollback = { id: ROLLBACK, status: "Ready" };
    expect(readyWaitOf(snapshot({ deployment: { id: DEPLOYMENT, status: "Stopped" }, rollback }))).toEqual({
      deploymentId: ROLLBACK,
    });
  });

  it.each(["Created", "InProgress", "Baking", "Succeeded", "Stopped"])("is none for %s", (status) => {
    expect(readyWaitOf(snapshot({ deployment: { id: DEPLOYMENT, status } }))).toBeUndefined();
  });
});

describe("showing a deployment that waits", () => {
  const event: Extract<ReleaseEvent, { type: "waiting" }> = {
    type: "waiting",
    deploymentId: DEPLOYMENT,
    until: Date.UTC(2026, 0, 2, 3, 4, 5),
    unlessContinued: "CodeDeploy stops it",
    goOn,
  };

  it("shows until when, what happens then, and the command in plain lines", () => {
    const lines: string[] = [];
    plainRenderer((line) => lines.push(line), new SleepingClock()).show(event);
    expect(lines.join("\n")).toMatch(
      /d-RELEASE01 waits for a person, until 2026-01-02 03:04:05 UTC; then CodeDeploy stops it\n.*continue it with: npm/,
    );
    expect(phaseOf(waitingSnapshot)).toBe("waits for a person");
  });

  it("shows the same as JSON", () => {
    const lines: string[] = [];
    jsonRenderer((line) => lines.push(line), new SleepingClock()).show(event);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      type: "waiting",
      deploymentId: DEPLOYMENT,
      until: event.until,
      goOn,
    });
  });

  it("shows the same in the live view with the remaining time, while it waits", () => {
    const view: View = {
      deploymentId: DEPLOYMENT,
      startedAt: 0,
      notes: [],
      snapshot: waitingSnapshot,
      waiting: { ...event, until: 40 * MINUTE },
    };
    const drawn = (changes: Partial<View>, rows = 30) =>
      frameOf({ ...view, ...changes }, { columns: 200, rows, palette }, 0).join("\n");
    expect(drawn({})).toMatch(/waits for a person, until .*\n.*--continue d-RELEASE01\n *28 min left/);
    // Somebody has to act, so these lines are the last to be left out in a low terminal.
    expect(drawn({}, 4)).toMatch(/--continue d-RELEASE01/);
    const gone = snapshot({ deployment: { id: DEPLOYMENT, status: "InProgress" } });
    expect(drawn({ snapshot: gone })).not.toMatch(/--continue/);
  });

  it("shows it once, in the watch and with --attach", async () => {
    for (const args of [{}, { attach: DEPLOYMENT }]) {
      const { start, events } = run(
        { getDeployment: inTurn(ready(), ready(), ready(), deployment("Succeeded")) },
        args,
      );
      expect(await start()).toMatchObject({ exitCode: 0 });
      expect(events.filter(({ type }) => type === "waiting")).toMatchObject([{ deploymentId: DEPLOYMENT, goOn }]);
    }
  });

  it("extends the time limit of the watch by that wait", async () => {
    const { start, clock } = run({ getDeployment: always(ready()) }, { attach: DEPLOYMENT });
    const startedAt = clock.now();
    expect(await start()).toMatchObject({ exitCode: 5 });
    const without = timeLimitMinutes({
      routing: { type: "TimeBasedCanary", timeBasedCanary: { canaryInterval: 5 } },
      terminationWaitMinutes: NaN,
    });
    expect(clock.now() - startedAt).toBe((without + 30) * MINUTE);
  });
});

describe("--continue", () => {
  const args = { continue: DEPLOYMENT };
  const told = () => recorded<object, object>(() => Promise.resolve({}));

  it("continues a deployment that waits, and follows it to the same outcomes", async () => {
    const go = told();
    const { start, calls } = run(
      {
        continueDeployment: go.call,
        getDeployment: inTurn(ready(), deployment("InProgress"), deployment("Succeeded")),
      },
      args,
    );
    expect(await start()).toMatchObject({ outcome: "released", exitCode: 0, deploymentId: DEPLOYMENT });
    expect(go.inputs).toEqual([{ deploymentId: DEPLOYMENT, deploymentWaitType: "READY_WAIT" }]);
    expect(calls.create.inputs).toEqual([]);
  });

  it.each<readonly [string, DeploymentInfo["status"], Partial<DeploymentInfo>, RegExp]>([
    ["is over", "Succeeded", {}, /is over: Succeeded/],
    ["was stopped", "Stopped", {}, /is over: Stopped/],
    ["is not that far", "InProgress", {}, /does not wait for a person.*--attach/],
    ["was only just made", "Created", {}, /does not wait for a person/],
    [
      "has moved all traffic",
      "InProgress",
      { instanceTerminationWaitTimeStarted: true },
      /the old version is kept.*--deployment-wait-type TERMINATION_WAIT/,
    ],
    [
      "is another group's",
      "Ready",
      { deploymentGroupName: "other" },
      /is a deployment of .*group other.*--environment/,
    ],
    ["is another application's", "Ready", { applicationName: "other" }, /is a deployment of other/],
  ])("is refused for a deployment that %s, and continues nothing", async (_, status, changes, words) => {
    const go = told();
    const { start } = run({ continueDeployment: go.call, getDeployment: always(deployment(status, changes)) }, args);
    const { exitCode, problems } = await start();
    expect(exitCode).toBe(4);
    expect(problems.map(({ what, where, next }) => `${what}; ${where}; ${next}`).join()).toMatch(words);
    expect(go.inputs).toEqual([]);
  });

  it("is refused without the permission, and names it", async () => {
    const denied = { continueDeployment: always<never>(awsRefusal("AccessDeniedException", "no")) };
    const { problems, exitCode } = await run({ ...denied, getDeployment: always(ready()) }, args).start();
    expect(exitCode).toBe(4);
    expect(problems).toMatchObject([{ where: "codedeploy:ContinueDeployment" }]);
  });

  it("tries again when AWS is busy, and follows when somebody else has continued it", async () => {
    for (const second of [{}, awsError("DeploymentIsNotInReadyStateException")]) {
      const { start } = run(
        {
          continueDeployment: inTurn<object>(awsError("ThrottlingException"), second),
          getDeployment: inTurn(ready(), deployment("Succeeded")),
        },
        args,
      );
      expect(await start()).toMatchObject({ exitCode: 0 });
    }
  });

  it("follows when no answer comes: the status shows whether it continues", async () => {
    const { start, events } = run(
      {
        continueDeployment: always<never>(awsError("TimeoutError", "no answer")),
        getDeployment: inTurn(ready(), ready(), deployment("Succeeded")),
      },
      args,
    );
    expect(await start()).toMatchObject({ exitCode: 0 });
    const warnings = events.flatMap((event) => (event.type === "warning" ? [event.text] : []));
    expect(warnings.join()).toMatch(/answer is not known \(no answer\)/);
  });

  it("does not continue a deployment when it is interrupted before", async () => {
    const go = told();
    const { start, interruption } = run({ continueDeployment: go.call, getDeployment: always(ready()) }, args);
    interruption.request();
    expect(await start()).toMatchObject({
      exitCode: 130,
      headline: expect.stringContaining("not continued") as string,
    });
    expect(go.inputs).toEqual([]);
  });

  it.each([
    ["--attach d-ABC --continue d-DEF", /--continue has no place with it/],
    ["--continue d-ABC --image v2", /--continue only follows a deployment; --image has no place/],
    ["--continue d-ABC --alarms all", /--alarms has no place/],
    ["--continue now", /looks like d-/],
  ])("is wrong usage in %s", (words, complaint) => {
    let err = "";
    const parsed = parseReleaseArguments(words.split(" "), { out: () => undefined, err: (text) => (err += text) });
    expect(parsed).toEqual({ exitCode: 64 });
    expect(err).toMatch(complaint);
  });
});
