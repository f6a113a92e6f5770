import { baselineProblems } from "../../../scripts/rehearse/judgement/baseline";
import type { RequestRecord } from "../../../scripts/rehearse/traffic/generator";
import { request } from "../facts";

/** Requests of version 1, the first `bad` of them with these changes. */
const requests = (total: number, bad: number, changes: Partial<RequestRecord>) =>
  Array.from({ length: total }, (_, index) => request(index / 10, index < bad ? changes : {}));
const exchange = { request: "POST /tasks", answer: "404 nothing here" };
const failed = { status: 404, failure: "create: status 404", exchange };

/** All lines of the reasons. */
const problems = (before: readonly RequestRecord[], unanswered = 0) =>
  baselineProblems(before, { unanswered: Array.from({ length: unanswered }, () => "GET /orders"), seconds: 310 })
    .flatMap(({ what, details }) => [what, ...details])
    .join("\n");

describe("version 1 before the release", () => {
  it.each([
    { it: "answers everything", before: requests(480, 0, failed) },
    { it: "fails a little", before: requests(480, 24, failed) },
    { it: "fails once of few", before: requests(4, 1, failed) },
    { it: "fails half as background", before: requests(480, 240, { ...failed, played: "background" }) },
    { it: "fails everything, as asked for", before: requests(480, 480, { ...failed, played: "live-fault" }) },
    { it: "refuses a write", before: requests(480, 1, { status: 412, refused: true }) },
    { it: "leaves one unanswered", before: requests(479, 0, failed), unanswered: 1 },
  ])("is a usable baseline when it $it", ({ before, unanswered }) => {
    expect(problems(before, unanswered)).toBe("");
  });

  it.each([
    { it: "fails everything", before: requests(480, 480, failed), words: "480 of 480 requests failed" },
    { it: "fails more than one of twenty", before: requests(480, 25, failed), words: "25 of 480 requests failed" },
    { it: "fails its only request", before: requests(1, 1, failed), words: "1 of 1 requests failed" },
    { it: "fails two of few", before: requests(10, 2, failed), words: "2 of 10 requests failed" },
    {
      it: "refuses the writes",
      before: requests(480, 100, { status: 412, refused: true }),
      words: "100 of 480 requests failed",
    },
    {
      it: "hangs",
      before: [],
      unanswered: 480,
      words: "480 got no answer at all within 310 s, also none of the load balancer, e.g. GET /orders: they wait",
    },
    {
      it: "cannot be reached",
      before: requests(480, 480, { status: undefined, version: undefined, failure: "ECONNREFUSED" }),
      words: "ECONNREFUSED (480 times)",
    },
    { it: "gets no request", before: [], words: "no request was sent before the release" },
  ])("is no usable baseline when it $it", ({ before, unanswered, words }) => {
    expect(problems(before, unanswered)).toContain(words);
  });

  it("is reported with an example of a request and its answer", () => {
    expect(problems(requests(480, 480, failed))).toContain(
      "create: status 404 (480 times), e.g. POST /tasks → 404 nothing here",
    );
  });
});
