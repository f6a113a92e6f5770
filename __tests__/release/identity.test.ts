import { explain } from "../../scripts/release/failure";
import { CLOCK_SKEW_MS, isMadeBy, requireExpected, type ExpectedDeployment } from "../../scripts/release/identity";
import { DEPLOYMENT, deployment, DESCRIPTION, names, ROLLBACK } from "./fakes";

const askedAt = 1_700_000_000_000;
const origin = { sha256: "a".repeat(64), description: DESCRIPTION, askedAt };
const wanted: ExpectedDeployment = { id: DEPLOYMENT, application: names.application, group: names.deploymentGroup };
const appSpec = (sha256: string) =>
  ({ revision: { revisionType: "AppSpecContent", appSpecContent: { sha256 } } }) as const;
const ours = { ...appSpec(origin.sha256), createTime: new Date(askedAt) };

/** Result of the check: "ours", or the kind of the failure. */
function judge(info: object | undefined, about: Partial<ExpectedDeployment> = {}): string {
  try {
    requireExpected("GetDeployment", { ...wanted, ...about }, info);
    return "taken";
  } catch (error) {
    return explain(error).kind;
  }
}
const answer = (overrides: object = {}) => deployment("Succeeded", overrides).deploymentInfo;

describe("an answer about a deployment", () => {
  it.each([
    ["taken", "is about this one", answer()],
    ["mismatched", "is about another id", answer({ deploymentId: "d-OTHER0001" })],
    ["mismatched", "is about another application", answer({ applicationName: "other" })],
    ["mismatched", "is about another group", answer({ deploymentGroupName: "other" })],
    ["mismatched", "differs by case alone", answer({ deploymentGroupName: names.deploymentGroup.toUpperCase() })],
    ["unreadable", "is none", undefined],
    ["unreadable", "is a text", "d-RELEASE01"],
    ["unreadable", "has no id", answer({ deploymentId: undefined })],
    ["unreadable", "has no application", answer({ applicationName: undefined })],
    ["unreadable", "has no group", answer({ deploymentGroupName: undefined })],
    ["unreadable", "has no status", answer({ status: undefined })],
    ["unreadable", "has a number for its id", answer({ deploymentId: 5 })],
    ["mismatched", "names itself as its rollback", answer({ rollbackInfo: { rollbackDeploymentId: DEPLOYMENT } })],
  ])("is %s when it %s", (expected, _, info) => {
    expect(judge(info as object | undefined)).toBe(expected);
  });

  it("has a message with the request and the answer", () => {
    const other = answer({ deploymentId: "d-OTHER0001" });
    expect(() => requireExpected("GetDeployment", wanted, other)).toThrow(
      `GetDeployment was asked about deployment ${DEPLOYMENT} and answered about d-OTHER0001`,
    );
  });
});

describe("an answer about a deployment that this run created", () => {
  it.each([
    ["taken", "has our appspec", answer(ours)],
    ["taken", "has our appspec, whatever became of its description", answer({ ...ours, description: "edited" })],
    ["taken", "names our revision, and tells no appspec", answer({ description: DESCRIPTION })],
    [
      "taken",
      "was created a little before, by AWS's clock",
      answer({ ...ours, createTime: new Date(askedAt - CLOCK_SKEW_MS) }),
    ],
    ["taken", "was created long after, in a simulated time", answer({ ...ours, createTime: new Date(askedAt + 1e9) })],
    ["mismatched", "has another appspec", answer(appSpec("b".repeat(64)))],
    [
      "mismatched",
      "has another appspec and our description",
      answer({ ...appSpec("b".repeat(64)), description: DESCRIPTION }),
    ],
    ["mismatched", "has another description, and tells no appspec", answer({ description: "Release other:1" })],
    ["mismatched", "was created before", answer({ ...ours, createTime: new Date(askedAt - CLOCK_SKEW_MS - 1) })],
    ["mismatched", "is a rollback", answer({ ...ours, creator: "codeDeployRollback" })],
    ["mismatched", "takes another back", answer({ ...ours, rollbackInfo: { rollbackTriggeringDeploymentId: "d-X" } })],
    ["unreadable", "doesn't tell what it deploys", answer({ description: undefined })],
  ])("is %s when it %s", (expected, _, info) => {
    expect(judge(info, { origin })).toBe(expected);
  });

  it("need not be this run's after --attach", () => {
    expect(judge(answer({ ...appSpec("b".repeat(64)), createTime: new Date(0) }))).toBe("taken");
  });
});

describe("an answer about a rollback", () => {
  it.each([
    ["taken", "made by CodeDeploy, after it", { creator: "codeDeployRollback", createTime: new Date(askedAt) }],
    ["taken", "of which AWS tells neither", {}],
    ["mismatched", "made by a person, and takes nothing back", { creator: "user" }],
    ["mismatched", "made before it", { creator: "codeDeployRollback", createTime: new Date(askedAt - 1) }],
  ])("is %s when it is one %s", (expected, _, rest) => {
    const about = { id: ROLLBACK, rollbackOf: DEPLOYMENT, notBefore: askedAt };
    expect(judge(answer({ deploymentId: ROLLBACK, ...rest }), about)).toBe(expected);
  });

  const rollback = (takesBack: string | undefined) =>
    answer({ deploymentId: ROLLBACK, rollbackInfo: { rollbackTriggeringDeploymentId: takesBack } });
  it.each([
    ["taken", DEPLOYMENT],
    ["taken", undefined],
    ["mismatched", "d-OTHER0001"],
  ])("is %s when it rolls %s back", (expected, takesBack) => {
    expect(judge(rollback(takesBack), { id: ROLLBACK, rollbackOf: DEPLOYMENT })).toBe(expected);
  });
});

describe("a deployment in a list", () => {
  it.each([
    [true, "has our appspec", appSpec(origin.sha256)],
    [true, "has our appspec in other letters", appSpec(origin.sha256.toUpperCase())],
    [true, "has our description, and tells no appspec", { description: DESCRIPTION }],
    [false, "has another appspec and our description", { ...appSpec("b".repeat(64)), description: DESCRIPTION }],
    [false, "deploys what lies in a bucket", { revision: { revisionType: "S3" as const }, description: DESCRIPTION }],
    [false, "is our rollback", { ...appSpec(origin.sha256), creator: "codeDeployRollback" as const }],
    [false, "has neither", {}],
  ])("is this run's (%s) when it %s", (expected, _, info) => {
    expect(isMadeBy(origin, info)).toBe(expected);
  });
});
