import { UnreadableAnswer } from "../../scripts/command/aws-answers";
import type { TaskDefinitionAnswer } from "../../scripts/release/aws-port";
import { retryingAws } from "../../scripts/release/retrying-aws";
import { MismatchedAnswer } from "../../scripts/release/failure";
import {
  always,
  awsError,
  awsRefusal,
  DEPLOYMENT,
  deployment,
  fakeAws,
  inTurn,
  recorded,
  SleepingClock,
} from "./fakes";

const asked = { deploymentId: DEPLOYMENT };

/** Reads a deployment once. Returns the number of calls, and the result. */
async function ask(...answers: readonly (Error | ReturnType<typeof deployment>)[]) {
  const clock = new SleepingClock();
  const stop = new AbortController();
  const getDeployment = recorded(inTurn<ReturnType<typeof deployment>>(...answers));
  const aws = retryingAws({ aws: fakeAws({ getDeployment: getDeployment.call }), clock, stop: stop.signal });
  const answer: unknown = await aws.getDeployment(asked).catch((error: unknown) => error);
  return { answer, times: getDeployment.inputs.length, sleeps: clock.sleeps };
}

describe("a call to AWS that only reads", () => {
  it.each([
    ["was throttled", awsRefusal("ThrottlingException")],
    ["failed to come", awsError("TimeoutError")],
    ["could not be read", new UnreadableAnswer("a page")],
    ["was about something else", new MismatchedAnswer("another id")],
  ])("is repeated, a little later, when its answer %s", async (_, error) => {
    const good = deployment("InProgress");
    expect(await ask(error, error, good)).toEqual({ answer: good, times: 3, sleeps: [500, 1_000] });
  });

  it("fails with the last error after all tries", async () => {
    const error = awsError("TimeoutError");
    expect(await ask(error)).toMatchObject({ answer: error, times: 3 });
  });

  it.each([awsRefusal("AccessDeniedException"), awsRefusal("ExpiredTokenException"), awsRefusal("InvalidParameter")])(
    "is sent once when a retry can't help: %s",
    async (error) => {
      expect(await ask(error)).toMatchObject({ answer: error, times: 1 });
    },
  );

  it("is not repeated after an interruption", async () => {
    const clock = new SleepingClock();
    const stop = new AbortController();
    clock.onSleep = () => stop.abort();
    const getDeployment = recorded(always<never>(awsError("TimeoutError")));
    const aws = retryingAws({ aws: fakeAws({ getDeployment: getDeployment.call }), clock, stop: stop.signal });
    await expect(aws.getDeployment(asked)).rejects.toThrow();
    expect(getDeployment.inputs).toHaveLength(1);
  });
});

describe("a call that changes something", () => {
  it.each(["createDeployment", "stopDeployment", "registerTaskDefinition", "deregisterTaskDefinition"] as const)(
    "is sent once when its answer was lost: %s",
    async (operation) => {
      const call = recorded(always<never>(awsError("TimeoutError")));
      const aws = fakeAws({ [operation]: call.call });
      const retrying = retryingAws({ aws, clock: new SleepingClock(), stop: new AbortController().signal });
      await expect((retrying[operation] as (input: object) => Promise<unknown>)({})).rejects.toThrow();
      expect(call.inputs).toHaveLength(1);
    },
  );

  it("is repeated when it had no effect: registering a revision", async () => {
    const register = recorded(
      inTurn<TaskDefinitionAnswer>(awsRefusal("ThrottlingException"), {
        taskDefinition: { taskDefinitionArn: "arn:aws:ecs:eu-central-1:1:task-definition/tasks:8" },
      }),
    );
    const aws = fakeAws({ registerTaskDefinition: register.call });
    const retrying = retryingAws({ aws, clock: new SleepingClock(), stop: new AbortController().signal });
    await retrying.registerTaskDefinition({ family: "tasks", containerDefinitions: [] });
    expect(register.inputs).toHaveLength(2);
  });
});
