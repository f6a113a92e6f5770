import type { Answer } from "../../../scripts/cloud/load-balancer/part";
import { Subject } from "../../../scripts/cloud/subject";
import { AnsweringVersions } from "../../../scripts/rehearse/traffic/answering-version";

const DIGESTS = new Map([
  ["sha256:a", "1"],
  ["sha256:b", "2"],
]);

function versions() {
  const answers = new Subject<Answer>();
  const answered = (
    traceId: string,
    imageDigest: string | undefined,
    source: Answer["source"] = "target",
    played?: Answer["played"],
  ) =>
    answers.notify({
      traceId,
      listenerArn: "listener",
      arrivedAt: 5,
      status: 200,
      source,
      ...(source === "load-balancer" && { targetError: "ECONNRESET" }),
      ...(played && { played }),
      ...(imageDigest !== undefined && { targetId: "10.0.0.1", task: { id: "t", imageDigest } }),
    });
  return { tested: new AnsweringVersions(answers, DIGESTS), answered };
}

describe("the version that answered a request", () => {
  it("is that of the image of the task with the request's trace, and so is what made an error", () => {
    const { tested, answered } = versions();
    const [one, two] = [tested.begin(), tested.begin()];
    answered(two.id, "sha256:b", "target", "background");
    answered("1-0-somebody-else", "sha256:b");
    answered(one.id, "sha256:a");
    expect([tested.end(one), tested.end(two)]).toEqual([
      { arrivedAt: 5, version: "1", played: undefined, targetError: undefined },
      { arrivedAt: 5, version: "2", played: "background", targetError: undefined },
    ]);
    expect(one.headers).toEqual({ "x-amzn-trace-id": `Root=${one.id}` });
    expect(one.id).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });

  it.each([
    [
      "the load balancer answered for a task",
      (id: string, answered: ReturnType<typeof versions>["answered"]) => answered(id, "sha256:b", "load-balancer"),
      5,
      "ECONNRESET",
    ],
    [
      "no target was there",
      (id: string, answered: ReturnType<typeof versions>["answered"]) => answered(id, undefined, "load-balancer"),
      5,
      "ECONNRESET",
    ],
    [
      "another image answered",
      (id: string, answered: ReturnType<typeof versions>["answered"]) => answered(id, "sha256:c"),
      5,
      undefined,
    ],
    ["nothing answered", () => undefined, undefined, undefined],
  ])("is unknown when %s", (_, happens, arrivedAt, targetError) => {
    const { tested, answered } = versions();
    const trace = tested.begin();
    happens(trace.id, answered);
    expect(tested.end(trace)).toEqual({ arrivedAt, version: undefined, played: undefined, targetError });
  });
});
