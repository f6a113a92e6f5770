import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isNativeError } from "node:util/types";
import { connectToS3 } from "../../scripts/bootstrap/aws-bucket";
import { connectToAws } from "../../scripts/release/aws-sdk";
import { hadNoEffect, explain, isRetryable, wasNeverSent } from "../../scripts/release/failure";
import {
  awsAnswering,
  BROKEN,
  HOSTILE,
  isolateAws,
  refuse,
  restoreEnvironment,
  STALLING,
  type Answering,
} from "./hostile-aws";

const LIMITS = { answerMs: 150, callMs: 60_000 };

beforeEach(() => {
  isolateAws();
  // The bucket's client repeats its calls: here each one tells what it is to.
  process.env["AWS_MAX_ATTEMPTS"] = "1";
});
afterAll(restoreEnvironment);

const stalling: ReadonlySet<Answering> = new Set(Object.values(STALLING));

/**
 * What a call comes to while AWS answers so. The limit on an answer passes only when AWS has been asked and stalls: a busy
 * machine then can't be too slow for an answer that comes.
 */
async function outcomeOf(answer: Answering, call: () => Promise<unknown>): Promise<unknown> {
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "Date", "performance"] });
  const aws = await awsAnswering((...asked) => {
    answer(...asked);
    if (stalling.has(answer)) jest.advanceTimersByTime(LIMITS.answerMs);
  });
  try {
    return await call().catch((error: unknown) => error);
  } finally {
    aws.close();
    jest.useRealTimers();
  }
}

// First, so that what it leaves waiting is over before the last test is: the SDK then looks for credentials elsewhere.
describe("a whole call", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "aws-answers-test-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("ends, and is never sent, when the credentials don't come", async () => {
    const file = path.join(folder, "config");
    // Waits for as long as the test's folder is there.
    const command = `while [ -e '${file}' ]; do sleep 0.1; done`;
    writeFileSync(file, `[profile hanging]\ncredential_process = ${command}\n`);
    delete process.env["AWS_ACCESS_KEY_ID"];
    delete process.env["AWS_SECRET_ACCESS_KEY"];
    Object.assign(process.env, { AWS_CONFIG_FILE: file, AWS_PROFILE: "hanging" });
    const aws = await awsAnswering((response) => response.end("{}"));
    try {
      const { createDeployment } = await connectToAws("eu-central-1", { answerMs: 60_000, callMs: 50 });
      const error: unknown = await createDeployment({ applicationName: "tasks" }).catch((thrown: unknown) => thrown);
      expect(explain(error)).toMatchObject({ kind: "credentials", message: "no credentials within 50 ms" });
      expect([wasNeverSent(error), hadNoEffect(error)]).toEqual([true, true]);
      expect(aws.asked).toEqual([]);
    } finally {
      aws.close();
    }
  });
});

describe("an answer that", () => {
  it.each(Object.entries(HOSTILE))("%s: ends, may be asked for again, and proves nothing", async (_, answer) => {
    const error = await outcomeOf(answer, async () =>
      (await connectToAws("eu-central-1", LIMITS)).getDeployment({ deploymentId: "d-ABCDEFGHI" }),
    );
    expect(isNativeError(error)).toBe(true);
    expect(isRetryable(explain(error))).toBe(true);
    expect(hadNoEffect(error)).toBe(false);
  });

  it.each(Object.entries({ ...HOSTILE, ...BROKEN }))(
    "%s: ends each kind of client: Query, JSON of CloudWatch, XML of S3",
    async (_, answer) => {
      const calls = [
        async () => (await connectToAws("eu-central-1", LIMITS)).getDeployment({ deploymentId: "d-ABCDEFGHI" }),
        async () => (await connectToAws("eu-central-1", LIMITS)).getCallerIdentity({}),
        async () => (await connectToAws("eu-central-1", LIMITS)).describeAlarms({ AlarmNames: ["one"] }),
        async () => (await connectToS3("eu-central-1", LIMITS)).account(),
        async () => (await connectToS3("eu-central-1", LIMITS)).read("bucket", "123456789012"),
      ];
      for (const call of calls) expect(isNativeError(await outcomeOf(answer, call))).toBe(true);
    },
  );
});

describe("the words for an answer that can't be read", () => {
  const words = async (answer: Answering) =>
    explain(
      await outcomeOf(answer, async () =>
        (await connectToAws("eu-central-1", LIMITS)).getDeployment({ deploymentId: "d-ABCDEFGHI" }),
      ),
    ).message;

  it("show how a page begins, in one line", async () => {
    expect(await words(HOSTILE["is a proxy's page"])).toBe(
      "the answer (200, text/html) can't be read as AWS's: it says <!DOCTYPE html><html><body>Please sign in</body></html>",
    );
  });

  it("show nothing of broken JSON: it may hold a secret", async () => {
    const half = '{"authorizationData":[{"authorizationToken":"QVdTOnNlY3JldA';
    expect(await words((response) => response.end(half))).not.toContain("QVdTOn");
  });
});

describe("a call", () => {
  it("that AWS answers is not disturbed by the limits", async () => {
    const answer = await outcomeOf(
      (response) => response.end(JSON.stringify({ deploymentInfo: { deploymentId: "d-ABCDEFGHI", createTime: 5 } })),
      async () => (await connectToAws("eu-central-1")).getDeployment({ deploymentId: "d-ABCDEFGHI" }),
    );
    expect(answer).toMatchObject({ deploymentInfo: { deploymentId: "d-ABCDEFGHI", createTime: new Date(5_000) } });
  });

  it("that AWS refuses is a no of AWS's own", async () => {
    const error = await outcomeOf(
      (response) => refuse(response, "InvalidRoleException"),
      async () => (await connectToAws("eu-central-1")).createDeployment({ applicationName: "tasks" }),
    );
    expect(explain(error)).toMatchObject({ kind: "other", type: "InvalidRoleException" });
    expect([wasNeverSent(error), hadNoEffect(error)]).toEqual([false, true]);
  });
});
