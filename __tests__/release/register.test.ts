import type { RawRegistration, TaskDefinitionAnswer } from "../../scripts/release/aws-port";
import {
  always,
  awsError,
  awsRefusal,
  digest,
  inTurn,
  LIVE_TAGS,
  liveTaskDefinition,
  names,
  NEXT_REVISION,
  registering,
  REPOSITORY_URL,
} from "./fakes";
import { run } from "./running";

const odd = (rest: object = {}) => ({
  describeTaskDefinition: always({
    taskDefinition: liveTaskDefinition({
      newAtTheTop: { a: 1 },
      containerDefinitions: [{ name: names.container, image: "old", ...({ newInTheContainer: "b" } as object) }],
      ...rest,
    }),
    tags: LIVE_TAGS,
    unknown: ["newAtTheTop", "containerDefinitions[api].newInTheContainer"],
  }),
});
const without = (drop: (given: RawRegistration) => object) => (given: RawRegistration) =>
  registering({ ...given, ...drop(given) });

describe("a field that this tool doesn't know", () => {
  it("is carried over, and named", async () => {
    const { start, calls, events } = run(odd());
    expect(await start()).toMatchObject({ outcome: "released" });
    expect(calls.register.inputs[0]).toMatchObject({
      newAtTheTop: { a: 1 },
      containerDefinitions: [{ newInTheContainer: "b" }],
    });
    expect(events).toContainEqual({
      type: "progress",
      text: expect.stringMatching(
        /carried over .*: newAtTheTop, containerDefinitions\[api\].newInTheContainer/,
      ) as string,
    });
  });

  it("is named in a dry run as well", async () => {
    const { start, events } = run(odd(), { dryRun: true });
    expect(await start()).toMatchObject({ outcome: "checked" });
    expect(JSON.stringify(events)).toContain("carried over unchanged");
  });

  it.each([
    ["dropped", without(() => ({ newAtTheTop: undefined })), /newAtTheTop \(\{"a":1\} was dropped\)/],
    ["changed", without(() => ({ newAtTheTop: { a: 2 } })), /newAtTheTop.a \(1 became 2\)/],
    [
      "dropped from a container",
      without(({ containerDefinitions = [] }) => ({
        containerDefinitions: containerDefinitions.map(({ name = "", image = "" }) => ({ name, image })),
      })),
      /containerDefinitions\[api\].newInTheContainer \(b was dropped\)/,
    ],
  ])(
    "ends the release before anything is deployed when it is %s, and the revision is deregistered",
    async (_, answer, words) => {
      const { start, calls } = run({ ...odd(), registerTaskDefinition: answer });
      const report = await start();
      expect(report).toMatchObject({ outcome: "refused", exitCode: 4 });
      expect(report.problems[0]?.what).toMatch(words);
      expect(report.problems[0]?.next).toContain("--leave-out");
      expect(calls.create.inputs).toEqual([]);
      expect(calls.deregister.inputs).toEqual([{ taskDefinition: NEXT_REVISION }]);
    },
  );

  it("is left out with --leave-out, with a warning", async () => {
    const { start, calls, events } = run(odd(), { leaveOut: ["newAtTheTop"] });
    expect(await start()).toMatchObject({ outcome: "released" });
    expect(calls.register.inputs[0]).not.toHaveProperty("newAtTheTop");
    expect(JSON.stringify(events)).toContain("newAtTheTop is left out, as requested");
  });

  it.each([["nothing.here"], ["containerDefinitions[api].image"], ["family"]])(
    "can't be left out when it is %s",
    async (path) => {
      const { start, calls } = run(odd(), { leaveOut: [path] });
      expect(await start()).toMatchObject({ outcome: "refused" });
      expect(calls.register.inputs).toEqual([]);
    },
  );

  it("is not missing when it is ECS's own record", async () => {
    const { start, calls, events } = run(odd({ lastUsedAt: 1_700_000_000 }));
    expect(await start()).toMatchObject({ outcome: "released" });
    expect(calls.register.inputs[0]).not.toHaveProperty("lastUsedAt");
    expect(events).toContainEqual({
      type: "warning",
      text: expect.stringMatching(/^lastUsedAt is not carried/) as string,
    });
  });
});

describe("ECS's answer to a registration", () => {
  const short = always({ taskDefinition: { taskDefinitionArn: NEXT_REVISION } });

  it("is completed by reading the revision when it is incomplete", async () => {
    const sent = inTurn<TaskDefinitionAnswer>(
      { taskDefinition: liveTaskDefinition(), tags: LIVE_TAGS },
      {
        taskDefinition: liveTaskDefinition({ taskDefinitionArn: NEXT_REVISION, cpu: "512" }),
        tags: LIVE_TAGS,
      },
    );
    const report = await run({ registerTaskDefinition: short, describeTaskDefinition: sent }).start();
    expect(report.problems[0]?.what).toMatch(/cpu \(256 became 512\)/);
  });

  it("is reported as not checked when nothing shows the fields", async () => {
    const { start, events } = run({ registerTaskDefinition: short });
    expect(await start()).toMatchObject({ outcome: "released" });
    expect(JSON.stringify(events)).toMatch(/not checked whether ECS registered all fields of/);
  });

  it("counts when the revision itself can't be read", async () => {
    const { start } = run({
      registerTaskDefinition: without(() => ({ cpu: "512" })),
      describeTaskDefinition: inTurn<never>(
        (() => ({ taskDefinition: liveTaskDefinition(), tags: LIVE_TAGS })) as () => never,
        awsError("ThrottlingException"),
      ),
    });
    expect((await start()).problems[0]?.what).toMatch(/cpu \(256 became 512\)/);
  });

  it("is ignored when the revision itself has all fields", async () => {
    let sent: RawRegistration | undefined;
    const { start } = run({
      registerTaskDefinition: (given) => {
        sent = given;
        return registering({ ...given, tags: [] });
      },
      describeTaskDefinition: inTurn<TaskDefinitionAnswer>(
        { taskDefinition: liveTaskDefinition(), tags: LIVE_TAGS },
        () => ({
          taskDefinition: { ...sent, taskDefinitionArn: NEXT_REVISION },
          tags: sent?.tags ?? [],
        }),
      ),
    });
    expect(await start()).toMatchObject({ outcome: "released" });
  });
});

describe("other containers of the service's image", () => {
  const one = `${REPOSITORY_URL}@${digest("1")}`;
  const containers = (worker: string, sidecar = "public.ecr.aws/sidecar:1") => ({
    describeTaskDefinition: always({
      taskDefinition: liveTaskDefinition({
        containerDefinitions: [
          { name: "worker", image: worker },
          { name: names.container, image: one },
          { name: "sidecar", image: sidecar },
        ],
      }),
      tags: LIVE_TAGS,
    }),
  });
  const warnings = (events: readonly { type: string; text?: string }[]) =>
    events.flatMap(({ type, text = "" }) => (type === "warning" ? [text] : []));

  it.each([
    ["the same image", one, /worker runs the same image .* --container worker/],
    ["an older image of the repository", `${REPOSITORY_URL}:v1`, /worker stays on .*:v1: --container worker/],
  ])("are named when they keep %s", async (_, image, words) => {
    const { start, events, calls } = run(containers(image), { dryRun: true });
    await start();
    expect(warnings(events)).toEqual([expect.stringMatching(words)]);
    const changes = events.find(({ type }) => type === "changes");
    expect(changes).toMatchObject({ unchanged: [expect.stringMatching(words)] });
    expect(calls.register.inputs).toEqual([]);
  });

  it("are none when the repository is another, even with the same prefix", async () => {
    const { start, events } = run(containers(`${REPOSITORY_URL}-worker@${digest("1")}`));
    await start();
    expect(warnings(events)).toEqual([]);
  });

  it("get the new image with --container", async () => {
    const { start, events, calls } = run(containers(one), { containers: ["worker"] });
    expect(await start()).toMatchObject({ outcome: "released" });
    const next = `${REPOSITORY_URL}@${digest("2")}`;
    expect(calls.register.inputs[0]?.containerDefinitions).toMatchObject([
      { name: "worker", image: next },
      { name: names.container, image: next },
      { name: "sidecar", image: "public.ecr.aws/sidecar:1" },
    ]);
    expect(warnings(events)).toEqual([]);
  });

  it.each([
    ["isn't there", "wroker", /has no container wroker, only worker, api, sidecar/],
    ["runs another program", "sidecar", /sidecar runs public.ecr.aws\/sidecar:1, which is not an image of/],
  ])("can't get the new image when one %s", async (_, name, words) => {
    const report = await run(containers(one), { containers: [name] }).start();
    expect(report).toMatchObject({ outcome: "refused" });
    expect(report.problems[0]?.what).toMatch(words);
  });
});

it("names Terraform's newer revision when there is nothing else to release", async () => {
  const { start } = run({
    describeImages: always({ imageDetails: [{ imageDigest: digest("1") }] }),
    listTaskDefinitions: always({ taskDefinitionArns: [NEXT_REVISION] }),
    describeTaskDefinition: ({ taskDefinition = "" }) => {
      const isLive = taskDefinition.endsWith(":7");
      const arn = taskDefinition.startsWith("arn:")
        ? taskDefinition
        : NEXT_REVISION.replace(/\d+$/, taskDefinition.split(":")[1] ?? "");
      const definition = liveTaskDefinition({
        taskDefinitionArn: arn,
        cpu: taskDefinition.endsWith(":8") ? "512" : "256",
      });
      return Promise.resolve({ taskDefinition: definition, tags: isLive ? LIVE_TAGS : [] });
    },
  });
  const report = await start();
  expect(report.headline).toMatch(/this image and this environment, but not what Terraform registered as .*:8$/);
  expect(report.next[0]).toMatch(/--task-definition latest releases what Terraform has changed in .*:8$/);
});

it("names the missing permission, also when it is another action's", async () => {
  const message = "User: x is not authorized to perform: ecs:TagResource on resource: y";
  const report = await run({
    registerTaskDefinition: always<never>(awsRefusal("AccessDeniedException", message)),
  }).start();
  expect(report.problems).toMatchObject([
    { where: "ecs:RegisterTaskDefinition", next: "grant ecs:TagResource to this identity" },
  ]);
});
