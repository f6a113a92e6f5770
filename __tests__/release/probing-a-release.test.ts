import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadConfig } from "../../stacks/config";
import { createCloud } from "../../scripts/cloud/cloud";
import { WallClock } from "../../scripts/cloud/clock";
import type { Answer } from "../../scripts/cloud/load-balancer/part";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import type { Template } from "../../scripts/cloud/template";
import { wallClock } from "../../scripts/release/clock";
import { connectToAws } from "../../scripts/release/aws-sdk";
import { sendProbe } from "../../scripts/release/probe-request";
import { targetOf } from "../../scripts/release/target";
import { GROUP_1, GROUP_2, LISTENER, REPOSITORY_URL, TEMPLATE, TEST_LISTENER } from "../cloud/aws/fake-cloud";
import { SOURCE } from "../fixtures/configuration";
import { TEMPLATE as APPSPEC } from "./fakes";
import { run } from "./running";
import { useLocalCredentials } from "./served-aws";

useLocalCredentials("local");
jest.setTimeout(120_000);

const SPEED = 60;
const MAX_REQUESTS = 60;
const rule = (listener: string) => ({
  ...{ arn: `${listener.replace(":listener/", ":listener-rule/")}/4444444444444444`, priority: 10 },
  conditions: { hosts: ["shop.example.com"] },
  forward: [
    { targetGroupArn: GROUP_1, weight: 100 },
    { targetGroupArn: GROUP_2, weight: 0 },
  ],
});
/** Behind a shared load balancer: only requests for shop.example.com reach the shop. A deployment waits a minute at test traffic. */
const SHOP: Template = {
  ...TEMPLATE,
  alarms: [],
  listeners: [LISTENER, TEST_LISTENER].map((arn, index) => ({
    ...{ arn, port: index === 0 ? 80 : 9090, protocol: "HTTP", forward: [], rules: [rule(arn)] },
  })),
  deploymentGroup: {
    ...TEMPLATE.deploymentGroup,
    terminationWaitMinutes: 1,
    alarms: { enabled: false, names: [], ignorePollAlarmFailure: false },
  },
};
const SERVICE = `require("node:http").createServer((request, response) => {
  response.statusCode = request.url === "/health" ? 200 : 404;
  response.end("fine");
}).listen(Number(process.env.PORT), process.env.HOST);`;

describe("a release without users' requests, whose environment asks for probes", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "probing-"));
  const program = path.join(folder, "service.js");
  writeFileSync(program, SERVICE);
  const imageOf = (tag: string) => ({
    ...{ repository: REPOSITORY_URL, tags: [tag], command: [process.execPath, program], environment: {} },
    ...{ platform: { os: "linux", architecture: "amd64" }, contentHash: tag },
  });
  const cloud = createCloud({
    ...{ template: SHOP, clock: new WallClock(SPEED), port: 0, image: imageOf("v1") },
    settings: { ...DEFAULT_SETTINGS, provisioningSeconds: 1, lifecycleEventSeconds: 60 },
  });
  const next = cloud.push(imageOf("v2")).digest;
  const names = { cluster: "shop", service: "shop", application: "shop", deploymentGroup: "shop" };
  const config = loadConfig({
    environment: "live",
    context: {
      defaults: { project: "shop" },
      environments: {
        live: {
          ...{ region: SHOP.region, service: { source: SOURCE }, existing: names },
          gate: { lowTraffic: "probe", probeRequests: MAX_REQUESTS },
        },
      },
    },
  });

  beforeAll(() => cloud.start());
  afterAll(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true });
  });

  it("sends them to the new version before traffic, and through production in the canary, as its own host", async () => {
    process.env["AWS_ENDPOINT_URL"] = cloud.endpoint;
    const answers: Answer[] = [];
    cloud.answers.subscribe((answer) => answers.push(answer));
    const template = { file: "appspec.yaml", text: APPSPEC.slice(0, APPSPEC.indexOf("Hooks:")) };
    const { start, events } = run(
      await connectToAws(SHOP.region),
      { image: "v2", acceptBlindGate: true, pollInterval: 0.1 },
      { config, target: targetOf(config), clock: wallClock, readTemplate: () => template, sendProbe },
    );
    const report = await start();
    expect(report).toMatchObject({ outcome: "released", exitCode: 0 });

    const through = (arn: string) => answers.filter(({ listenerArn }) => listenerArn === arn);
    const { testListener, production } = report.probes ?? {};
    expect(through(TEST_LISTENER).length).toBeGreaterThan(0);
    expect(through(LISTENER).length).toBeGreaterThan(0);
    const sent = through(TEST_LISTENER).length;
    expect(testListener).toEqual({ sent, failed: 0, unanswered: 0, statuses: { 200: sent } });
    // The end of the canary may cut one off.
    expect(production?.sent).toBeGreaterThanOrEqual(through(LISTENER).length);
    expect(production).toMatchObject({ failed: 0, statuses: { 200: expect.any(Number) as number } });
    expect(sent + (production?.sent ?? 0)).toBeLessThanOrEqual(MAX_REQUESTS);
    expect(through(TEST_LISTENER).map(({ task }) => task?.imageDigest)).toEqual(through(TEST_LISTENER).map(() => next));
    const texts = events.flatMap((event) => ("text" in event ? [event.text] : [])).join("\n");
    expect(texts).toMatch(/during the canary, to http:\/\/localhost:\d+ as shop\.example\.com: GET \/health/);
  });
});
