import { DEFAULT_ARGUMENTS, type ReleaseArguments } from "../../scripts/release/arguments";
import type { AwsPort } from "../../scripts/release/aws-port";
import type { ReleaseDeps } from "../../scripts/release/deps";
import type { CommandRunner } from "../../scripts/release/docker";
import type { ReleaseEvent } from "../../scripts/release/events";
import { Interruption } from "../../scripts/command/interruption";
import { runRelease } from "../../scripts/release/run";
import { targetOf } from "../../scripts/release/target";
import {
  awsError,
  awsRefusal,
  config,
  type deployment,
  fakeAws,
  names,
  recorded,
  ROLLBACK,
  rolledBackWith,
  SleepingClock,
  TEMPLATE,
} from "./fakes";

const noDocker: CommandRunner = { run: () => Promise.reject(new Error("docker was run")) };

/** CodeDeploy's refusal because a deployment already runs. */
export const limit = (id: string) =>
  awsRefusal("DeploymentLimitExceededException", `The Deployment Group already has an active Deployment '${id}'`);

/** Members of a deployment that an alarm ended. */
export const alarmStop = {
  errorInformation: { code: "ALARM_ACTIVE" as const, message: `Activated alarms: ${names.alarm("target5xx", "2")}` },
  ...rolledBackWith(ROLLBACK),
};

/** GetDeployment by id, each with its own answers. */
export function deployments(answers: Readonly<Record<string, () => Promise<ReturnType<typeof deployment>>>>) {
  return async ({ deploymentId = "" }: { deploymentId?: string | undefined }) => {
    const answer = answers[deploymentId];
    if (answer === undefined) throw awsError("DeploymentDoesNotExistException");
    const { deploymentInfo } = await answer();
    return { deploymentInfo: { ...deploymentInfo, deploymentId } };
  };
}

/** A run of the command with a fake AWS: start it, interrupt it, read its events and its calls. */
export function run(
  overrides: Partial<AwsPort> = {},
  args: Partial<ReleaseArguments> = {},
  rest: Partial<ReleaseDeps> = {},
) {
  const clock = new SleepingClock();
  const interruption = new Interruption(clock);
  const events: ReleaseEvent[] = [];
  const aws = fakeAws(overrides);
  const register = recorded(aws.registerTaskDefinition);
  const deregister = recorded(aws.deregisterTaskDefinition);
  const create = recorded(aws.createDeployment);
  const stop = recorded(aws.stopDeployment);
  const deps: ReleaseDeps = {
    aws: {
      ...aws,
      registerTaskDefinition: register.call,
      deregisterTaskDefinition: deregister.call,
      createDeployment: create.call,
      stopDeployment: stop.call,
    },
    config,
    target: targetOf(config),
    clock,
    random: () => 0.5,
    interruption,
    runner: noDocker,
    sendProbe: () => Promise.reject(new Error("a request was sent")),
    source: config.service.source,
    isSourceGiven: true,
    readTemplate: () => ({ file: `${config.service.source}/appspec.yaml`, text: TEMPLATE }),
    emit: (event) => events.push(event),
    ...rest,
  };
  const given = { ...DEFAULT_ARGUMENTS, image: "v2", ...args };
  return {
    start: () => runRelease(given, deps),
    clock,
    interruption,
    events,
    calls: { register, deregister, create, stop },
  };
}
