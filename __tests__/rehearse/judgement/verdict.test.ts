import type { FaultName } from "../../../scripts/cloud/faults";
import { rehearsalVerdict } from "../../../scripts/rehearse/judgement/verdict";
import type { RehearsalFacts } from "../../../scripts/rehearse/report/facts";
import { alarm, at, deployment, facts, releaseRun, request, rolledBack } from "../facts";

/** Requests of version 2 in the canary, ten of them, each with these changes. */
const onNew = (changes: Parameters<typeof request>[1] = {}) =>
  Array.from({ length: 10 }, (_, index) => request(40 + index, { version: "2", ...changes }));
/** A rehearsal's requests: a minute of version 1, these, and one of the version that serves at the end. */
const traffic = (during: RehearsalFacts["requests"], end: Parameters<typeof request>[1] = { version: "2" }) => [
  ...Array.from({ length: 9 }, (_, index) => request(index)),
  request(35),
  ...during,
  request(85, end),
];
const exchange = { request: "GET /tasks/a", answer: "404 nothing here" };
const failed404 = { status: 404, failure: "get: status 404", exchange };
const failed500 = { status: 500, failure: "get: status 500" };

const ended = deployment({ status: "Stopped", rollbackInfo: { rollbackDeploymentId: "d-ROLLBACK1" } });

describe("a release that its traffic confirms", () => {
  it.each([
    { exitCode: 0, verdict: "released", sentence: "Released: the new version serves all traffic" },
    { exitCode: 2, verdict: "rolled-back", sentence: "Rolled back: alarm too-many-errors" },
    { exitCode: 3, verdict: "failed", sentence: "Failed: the deployment ended without success" },
    { exitCode: 4, verdict: "failed", sentence: "Refused: nothing was deployed" },
    { exitCode: 5, verdict: "failed", sentence: "Lost sight: the release stopped watching" },
    { exitCode: 130, verdict: "rolled-back", sentence: "Rolled back: the release was interrupted" },
  ])("gives the rehearsal its exit code $exitCode", ({ exitCode, verdict, sentence }) => {
    const recorded = exitCode === 0 ? facts() : rolledBack({ release: releaseRun(exitCode) });
    const decided = rehearsalVerdict(recorded);
    expect(decided).toMatchObject({ verdict, exitCode, reasons: [] });
    expect(decided.sentence.startsWith(sentence)).toBe(true);
  });

  it.each([
    ["Stopped: the release was interrupted before anything was installed", facts({ release: releaseRun(130) })],
    [
      "Interrupted: nothing was deployed yet",
      facts({ release: releaseRun(130), deployment: undefined, weights: [], interrupted: true }),
    ],
    ["Rolled back: the release was interrupted", facts({ release: releaseRun(130), deployment: ended })],
  ])("says of Ctrl-C: %s", (sentence, recorded) => {
    expect(rehearsalVerdict(recorded)).toMatchObject({ exitCode: 130, sentence, reasons: [] });
  });
});

describe("a rehearsal of a live service whose alarms aren't all played", () => {
  const silent = (name: string) =>
    alarm({ name, missing: { what: "all", why: "the local cloud publishes no Shop Errors" } });
  const partly = alarm({ name: "sum", missing: { what: "part", why: "the local cloud publishes no Shop Errors" } });

  it("says so in the sentence of each verdict", () => {
    const gate = { alarms: [alarm(), silent("own"), partly, alarm({ name: "other", inGate: false })] };
    const suffix = "; not played as on AWS: 3 of the deployment group's 4 alarms";
    for (const [recorded, sentence] of [
      [facts({ ...gate, leftOutAlarms: ["any"] }), `Released: the new version serves all traffic${suffix}`],
      [rolledBack({ ...gate, leftOutAlarms: ["any"] }), `Rolled back: alarm too-many-errors${suffix}`],
    ] as const) {
      expect(rehearsalVerdict(recorded)).toMatchObject({ sentence, reasons: [] });
    }
    expect(rehearsalVerdict(facts({ ...gate, leftOutAlarms: ["any"], release: releaseRun(4) })).sentence).toMatch(
      new RegExp(`^Refused: .*${suffix}$`),
    );
  });

  it("proves no release when none of them can fire", () => {
    const reasons = reasonsOf(facts({ alarms: [silent("own"), alarm({ watches: "old" })], leftOutAlarms: ["any"] }));
    expect(reasons).toBe(
      [
        "no alarm that sees the new version can fire in this rehearsal, so nothing here would have stopped a bad version",
        "alarm any is not played",
        "alarm own has no data: the local cloud publishes no Shop Errors",
      ].join("\n"),
    );
    expect(rehearsalVerdict(facts({ alarms: [] }))).toMatchObject({ verdict: "released" });
  });

  it("says nothing about a release that is refused because none of them is played", () => {
    const refused = { alarms: [alarm({ watches: "old" })], release: releaseRun(4), deployment: undefined, weights: [] };
    expect(rehearsalVerdict(facts({ ...refused, leftOutAlarms: ["any"] }))).toMatchObject({
      verdict: "broken",
      exitCode: 70,
      reasons: [{ details: ["alarm any is not played"] }],
    });
    // On AWS too, a group without alarms is refused.
    expect(rehearsalVerdict(facts(refused))).toMatchObject({ verdict: "failed", exitCode: 4 });
  });

  it("names them when a fault was not stopped", () => {
    const failed = traffic(onNew(failed500));
    const fault = { fault: "error", requests: failed, leftOutAlarms: ["any"] } as const;
    expect(reasonsOf(facts({ ...fault, alarms: [silent("own"), alarm({ watches: "old" })] }))).toContain(
      "alarm own gets no data here: the local cloud publishes no Shop Errors",
    );
    expect(reasonsOf(facts({ ...fault, alarms: [alarm({ watches: "old" })] }))).toContain(
      "; not played, and so unknown: any",
    );
  });
});

describe("a broken rehearsal", () => {
  it.each([
    [137, "Broken: the release command was killed (SIGKILL)"],
    [143, "Broken: the release command was killed (SIGTERM)"],
    [1, "Broken: the release command ended with the unexpected exit code 1"],
    [64, "Broken: the release command ended with the unexpected exit code 64"],
  ])("ends with 70 when the release command ended with %i", (exitCode, sentence) => {
    expect(rehearsalVerdict(facts({ release: releaseRun(exitCode) }))).toEqual({
      verdict: "broken",
      exitCode: 70,
      sentence,
      reasons: [],
    });
  });

  it("ends with 70 and the reasons when it is aborted before the release", () => {
    const abortReasons = [{ what: "version 1 answers badly", details: [] }];
    expect(rehearsalVerdict(facts({ release: undefined, abortReasons }))).toMatchObject({
      verdict: "broken",
      exitCode: 70,
      reasons: abortReasons,
    });
  });

  it.each([facts({ interrupted: true }), rolledBack({ interrupted: true })])(
    "ends with 130 when Ctrl-C comes just after the release",
    (recorded) => {
      expect(rehearsalVerdict(recorded)).toMatchObject({ exitCode: 130, reasons: [] });
    },
  );
});

/** All lines of the reasons of a rehearsal that ends with 10. */
function reasonsOf(recorded: RehearsalFacts): string {
  const { verdict, exitCode, reasons } = rehearsalVerdict(recorded);
  expect({ verdict, exitCode }).toEqual({ verdict: "not-proven", exitCode: 10 });
  return reasons.flatMap(({ what, details }) => [what, ...details]).join("\n");
}

describe("a release that ended with 0 is not proven", () => {
  it.each<[string, Partial<RehearsalFacts>, string[]]>([
    [
      "no request ever reached the new version",
      { requests: traffic([]).slice(0, -1), newTargetGroup: { requests: 0, unhealthy: 0 } },
      ["the new version answered none of the 10 requests", "sent no request to its targets"],
    ],
    [
      "no answer says that the new version gave it",
      { requests: traffic(onNew({ version: undefined }), { version: undefined }) },
      ["the new version answered none", "sent its targets 2 requests, and none of them answered"],
    ],
    [
      "the listener never gave it traffic",
      { weights: [], requests: traffic([], { version: "1" }) },
      ["the production listener never sent the new version any traffic", "still answered by version 1"],
    ],
    [
      "no request went to it during the canary",
      { requests: traffic([request(45)]) },
      ["none of the 2 requests during the canary went to the new version", "raise --rps"],
    ],
    [
      "it fails what no alarm counts",
      { requests: traffic(onNew(failed404)) },
      [
        "the new version failed, and the gate did not stop it: 10 of 11 requests, against 0 of 9 before the release",
        "get: status 404 (10 times), e.g. GET /tasks/a → 404 nothing here",
        "no alarm of the new version's target group reads HTTPCode_Target_4XX_Count",
      ],
    ],
    [
      "it fails once, where nothing fails without it",
      { requests: traffic([...onNew(), request(60, { version: "2", ...failed500 })]), alarms: [alarm({ worst: 1 })] },
      ["1 of 12 requests", "get: status 500 (once)", "did not fire: it fires when", "the worst value was 1"],
    ],
    [
      "it answers with the wrong content",
      { requests: traffic(onNew({ failure: "get: not the task asked for" })) },
      ["no metric of the load balancer shows it"],
    ],
    [
      "its targets do not answer",
      { requests: traffic([...onNew(), request(60, { version: undefined, status: 502, failure: "get: status 502" })]) },
      ["reads HTTPCode_ELB_5XX_Count or TargetConnectionErrorCount"],
    ],
    [
      "the load balancer itself is gone",
      {
        requests: traffic([
          ...onNew(),
          request(60, { version: undefined, status: undefined, failure: "ECONNREFUSED" }),
        ]),
      },
      ["ECONNREFUSED (once)", "requests without an answer"],
    ],
    [
      "it refuses every write as a lost race",
      { requests: traffic(onNew({ status: 412, refused: true })) },
      ["10 of 11 requests", "get: refused (10 times)"],
    ],
    [
      "version 1 fails more since the release started",
      { requests: traffic([...onNew(), request(50, failed500)]) },
      ["version 1 fails more since the release started: 1 of 2 requests, against 0 of 9 before the release"],
    ],
    [
      "the old version still answers after it",
      { requests: [...traffic(onNew()), request(90)] },
      ["1 of 2 requests after the release were still answered by version 1"],
    ],
    [
      "no request was sent after it",
      { requests: traffic(onNew()).slice(0, -1) },
      ["no request was sent after the release, so nothing shows that version 2 serves"],
    ],
    ["a write is lost", { writes: { acknowledged: 1200, lost: 2 } }, ["2 of 1,200 acknowledged writes are lost"]],
    [
      "the writes could not be read back",
      { writes: { acknowledged: 3, lost: null, unreadable: "GET /tasks ended with status 404, 30 times" } },
      ["it is unknown whether any of 3 acknowledged writes is lost", "GET /tasks ended with status 404, 30 times"],
    ],
  ])("when %s", (_, changes, expected) => {
    const said = reasonsOf(facts(changes));
    for (const words of expected) expect(said).toContain(words);
  });

  it.each<[FaultName, Partial<RehearsalFacts>]>([
    ["error", { requests: traffic(onNew(failed500)) }],
    ["crash", { requests: traffic(onNew(failed500)) }],
    ["crash", { requests: traffic(onNew({ latencyMs: 2500 })) }],
    ["slow", { requests: traffic(onNew({ latencyMs: 3000 })) }],
    ["unhealthy", { requests: traffic(onNew()), newTargetGroup: { requests: 9, unhealthy: 2 } }],
    [
      "exit",
      { requests: traffic([...onNew(), request(60, { version: undefined, status: 502, failure: "get: status 502" })]) },
    ],
  ])("when the gate did not stop the fault %s", (fault, changes) => {
    expect(reasonsOf(facts({ fault, ...changes }))).toContain(`the gate did not stop the fault ${fault}`);
  });

  it.each<[FaultName, Partial<RehearsalFacts>]>([
    ["error", {}],
    ["error", { requests: traffic(onNew({ latencyMs: 3000 })) }],
    ["slow", { requests: traffic(onNew({ latencyMs: 300 })) }],
    ["crash", {}],
    ["unhealthy", {}],
    ["exit", {}],
    ["broken-start", { requests: traffic(onNew(failed500)) }],
  ])("when the fault %s had no visible effect", (fault, changes) => {
    expect(reasonsOf(facts({ fault, ...changes }))).toContain(`the fault ${fault} had no visible effect`);
  });

  it("and both are reported when the fault had no visible effect and the version fails otherwise", () => {
    const said = reasonsOf(facts({ fault: "error", requests: traffic(onNew(failed404)) }));
    expect(said).toContain("the fault error had no visible effect");
    expect(said).toContain("the new version failed, and the gate did not stop it");
  });
});

describe("a release that ended with 0 is proven", () => {
  /** This many requests at a second, of which every hundredth fails. */
  const flaky = (second: number, count: number, version: string) =>
    Array.from({ length: count }, (_, index) =>
      request(second, { version, ...(index % 100 === 0 && { status: 503, failure: "get: status 503" }) }),
    );

  it("when the new version is no more flaky than version 1", () => {
    const requests = [...flaky(5, 500, "1"), ...flaky(20, 900, "1"), ...flaky(50, 300, "2"), ...flaky(85, 400, "2")];
    expect(rehearsalVerdict(facts({ requests }))).toMatchObject({ exitCode: 0, reasons: [] });
  });

  /** Every one of these requests fails beside the release. */
  const beside = (requests: RehearsalFacts["requests"], played: "background" | "live-fault") =>
    requests.map((one) => ({ ...one, ...failed500, played }));

  it("when all its failures are background", () => {
    const requests = traffic([...beside(onNew(), "background"), ...onNew()]);
    expect(rehearsalVerdict(facts({ requests, background: 0.5 }))).toMatchObject({ exitCode: 0, reasons: [] });
  });

  it("when version 1 fails most of its requests, as asked for", () => {
    const [before, during] = [flaky(5, 100, "1"), flaky(35, 100, "1")];
    const requests = [
      ...beside(before, "live-fault"),
      ...beside(during, "live-fault"),
      ...onNew(),
      request(85, { version: "2" }),
    ];
    expect(rehearsalVerdict(facts({ requests, liveFault: 1 }))).toMatchObject({ exitCode: 0, reasons: [] });
  });

  it("but not when the new version fails beside its background", () => {
    const requests = traffic([...beside(onNew(), "background"), request(60, { version: "2", ...failed500 })]);
    expect(reasonsOf(facts({ requests, background: 0.5 }))).toContain(
      "the new version failed, and the gate did not stop it: 1 of 12 requests, against 0 of 9 before the release",
    );
  });

  it("but not when background is all that a fault shows", () => {
    const requests = traffic(beside(onNew(), "background"));
    expect(reasonsOf(facts({ requests, fault: "error", background: 0.5 }))).toContain(
      "the fault error had no visible effect",
    );
  });

  it("but not when it is much more flaky", () => {
    const worse = flaky(50, 300, "2").map((one, index) => (index % 10 === 0 ? { ...one, ...failed500 } : one));
    const requests = [...flaky(5, 500, "1"), ...worse, ...flaky(85, 400, "2")];
    expect(reasonsOf(facts({ requests }))).toContain("the new version failed");
  });

  it("when a write is refused once in a while", () => {
    const requests = traffic([...onNew(), request(60, { version: "2", status: 412, refused: true })]);
    expect(rehearsalVerdict(facts({ requests }))).toMatchObject({ exitCode: 0 });
  });

  it("without a canary, when all traffic moved at once", () => {
    const weights = [{ at: at(70), percent: 100 }];
    expect(rehearsalVerdict(facts({ weights, requests: traffic([]) }))).toMatchObject({ exitCode: 0, reasons: [] });
  });

  it("when an answer of the new version is slow, because the machine may be the cause", () => {
    expect(rehearsalVerdict(facts({ requests: traffic(onNew({ latencyMs: 3000 })) }))).toMatchObject({ exitCode: 0 });
  });
});

describe("a release that was rolled back", () => {
  const stoppedBy = (...names: string[]) =>
    deployment({
      status: "Stopped",
      errorInformation: {
        code: "ALARM_ACTIVE",
        message: `Stopped. Activated alarms: ${names.map((name) => `<${name}>`).join(" ")}`,
      },
    });
  const withCode = (code: string) =>
    deployment({ status: "Failed", errorInformation: { code, message: "It failed." } });
  const slowAlarm = alarm({ name: "slow", metrics: ["TargetResponseTime"] });
  const alarms = [alarm(), slowAlarm, alarm({ name: "old-errors", watches: "old" })];

  it.each<[string, Partial<RehearsalFacts>]>([
    ["by an alarm that its fault sets off", {}],
    ["by that alarm and another", { alarms, deployment: stoppedBy("slow", "too-many-errors") }],
    ["by an alarm of the whole load balancer", { alarms: [alarm({ watches: undefined })] }],
    ["by the hook", { deployment: withCode("HOOK_EXECUTION_FAILURE") }],
    [
      "by CodeDeploy's timeout with broken-start",
      { fault: "broken-start", deployment: withCode("TIMEOUT"), weights: [] },
    ],
    ["without a fault, by any alarm", { fault: undefined, alarms, deployment: stoppedBy("slow") }],
    [
      "while version 1 goes on failing, as asked for",
      {
        liveFault: 0.5,
        requests: traffic(onNew(failed500), { ...failed500, played: "live-fault" }),
      },
    ],
    ["with failures in the canary alone", { requests: traffic(onNew(failed500), {}) }],
  ])("is that, when it was %s", (_, changes) => {
    expect(rehearsalVerdict(rolledBack(changes))).toMatchObject({ verdict: "rolled-back", exitCode: 2, reasons: [] });
  });

  it.each<[string, Partial<RehearsalFacts>, string]>([
    [
      "another alarm stopped it",
      { alarms, deployment: stoppedBy("slow") },
      "alarm slow (TargetResponseTime of the new version's target group) stopped the release, and the fault error does not",
    ],
    [
      "the old version's alarm did",
      { alarms, deployment: stoppedBy("old-errors") },
      "(HTTPCode_Target_5XX_Count of the old version's target group) stopped the release",
    ],
    ["CodeDeploy's timeout did", { deployment: withCode("TIMEOUT") }, "TIMEOUT stopped the release"],
    ["nothing is named", { deployment: deployment({ status: "Stopped" }) }, "an unknown reason stopped the release"],
    [
      "the new version still answers",
      { requests: traffic(onNew(failed500)) },
      "1 of 1 requests after the release were still answered by version 2",
    ],
    [
      "requests fail after it",
      { requests: [...traffic([], {}), request(90, { status: 503, version: undefined, failure: "get: status 503" })] },
      "requests still fail after the rollback: 1 of 2 requests",
    ],
    [
      "version 1 answers nothing after it",
      { requests: traffic([], { status: 503, version: undefined, failure: "get: status 503" }) },
      "version 1 answered none of the 1 requests after the release",
    ],
    ["no request was sent after it", { requests: traffic([]).slice(0, -1) }, "no request was sent after the release"],
    ["a write is lost", { writes: { acknowledged: 3, lost: 1 } }, "1 of 3 acknowledged writes are lost"],
  ])("is not proven when %s", (_, changes, words) => {
    expect(reasonsOf(rolledBack(changes))).toContain(words);
  });
});
