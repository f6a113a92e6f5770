import type { ServerResponse } from "node:http";
import { AWS_OPERATIONS, type AwsPort, type Operation } from "../../scripts/release/aws-port";
import { connectToAws } from "../../scripts/release/aws-sdk";
import type { ReleaseArguments } from "../../scripts/release/arguments";
import { awsAnswering, EMPTY_ANSWERS, HOSTILE, isolateAws, restoreEnvironment } from "../command/hostile-aws";
import { config, DEPLOYMENT, fakeAws } from "./fakes";
import { run } from "./running";

/** A release whose every call goes over HTTP, through the SDK, to a server that answers as the fakes do. */

/** Good answers arrive within this time on a busy machine too. */
const LIMITS = { answerMs: 1_000, callMs: 60_000 };

beforeEach(isolateAws);
afterAll(restoreEnvironment);

type Spoil = (response: ServerResponse, body: string) => unknown;

/** Runs a release. `spoil` replaces the fake answer of an operation, by the number of the call. */
async function releaseOverTheWire(
  spoil: (operation: string, count: number) => Spoil | undefined,
  args: Partial<ReleaseArguments> = {},
) {
  const world = fakeAws();
  const counts = new Map<string, number>();
  const server = await awsAnswering((response, operation, body) => {
    const count = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, count);
    const spoiled = spoil(operation, count);
    if (spoiled) spoiled(response, body);
    else void answerAs(world, response, operation, body);
  });
  try {
    const aws = await connectToAws(config.region, LIMITS);
    // Their clients use XML, which the fakes don't provide.
    const overXml = Object.keys({ ...AWS_OPERATIONS.sts, ...AWS_OPERATIONS.elb }) as Operation[];
    const faked = Object.fromEntries(overXml.map((name) => [name, world[name]])) as Partial<AwsPort>;
    const started = run({ ...aws, ...faked }, args);
    return { report: await started.start(), counts, events: started.events };
  } finally {
    server.close();
  }
}

async function answerAs(world: AwsPort, response: ServerResponse, operation: string, body: string): Promise<void> {
  const name = operation.charAt(0).toLowerCase() + operation.slice(1);
  const call = world[name as "getDeployment"] as (input: object) => Promise<object>;
  try {
    const answer = await call(JSON.parse(body) as object);
    response.end(JSON.stringify(answer, (_, value: unknown) => (isTime(value) ? Date.parse(value) / 1000 : value)));
  } catch (error) {
    const type = error instanceof Error ? error.name : "InternalFailure";
    response.writeHead(400, { "x-amzn-errortype": type }).end(JSON.stringify({ __type: type, message: "no" }));
  }
}

const isTime = (value: unknown): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);

const once = (name: string, spoiled: Spoil) => (operation: string, count: number) =>
  operation === name && count === 1 ? spoiled : undefined;
const always = (name: string, spoiled: Spoil) => (operation: string) => (operation === name ? spoiled : undefined);
const ways: readonly (readonly [string, Spoil])[] = [
  ...Object.entries(HOSTILE),
  ...EMPTY_ANSWERS.map(
    (body) => [`is 200 with ${JSON.stringify(body)}`, (response: ServerResponse) => response.end(body)] as const,
  ),
];

describe("a release over the wire", () => {
  it("is released when all answers arrive", async () => {
    const { report } = await releaseOverTheWire(() => undefined);
    expect(report).toMatchObject({ outcome: "released", exitCode: 0, deploymentId: DEPLOYMENT });
  });

  it.each(ways)("continues when one answer of the watch %s", async (_, way) => {
    const { report, events } = await releaseOverTheWire(once("GetDeployment", way));
    expect(report).toMatchObject({ outcome: "released", exitCode: 0 });
    expect(events.filter(({ type }) => type === "trouble")).toHaveLength(1);
  });

  it.each(ways)("continues when one answer of the preflight %s", async (_, way) => {
    const { report, counts } = await releaseOverTheWire(once("GetDeploymentGroup", way));
    expect(report).toMatchObject({ outcome: "released", exitCode: 0 });
    expect(counts.get("GetDeploymentGroup")).toBeGreaterThan(1);
  });

  /** Each of these is retried three times, so one test is enough. */
  const quickWays = ways.filter(([name]) => !/before its headers|trickles/.test(name));

  it.each(quickWays)("is refused with a problem when the group's answer always %s", async (_, way) => {
    const { report } = await releaseOverTheWire(always("GetDeploymentGroup", way));
    expect(report).toMatchObject({ outcome: "refused", exitCode: 4 });
    expect(report.headline).not.toContain(" 0 problems");
    expect(report.problems.map(({ where }) => where).join()).toContain("codedeploy:GetDeploymentGroup");
  });

  it.each(ways)("searches for the deployment when CreateDeployment's answer %s", async (_, way) => {
    const { report, counts } = await releaseOverTheWire((operation) => {
      if (operation === "CreateDeployment") return way;
      return operation === "ListDeployments" ? listing : undefined;
    });
    expect(report).toMatchObject({ outcome: "released", exitCode: 0, deploymentId: DEPLOYMENT });
    expect(counts.get("CreateDeployment")).toBe(1);
  });

  /** Nothing runs before CreateDeployment; the search afterwards finds the deployment. */
  function listing(response: ServerResponse, body: string): void {
    response.end(JSON.stringify({ deployments: body.includes("includeOnlyStatuses") ? [] : [DEPLOYMENT] }));
  }
});
