import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadConfig } from "../../stacks/config";
import { createCloud } from "../../scripts/cloud/cloud";
import { WallClock } from "../../scripts/cloud/clock";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import type { AlarmTemplate, Template } from "../../scripts/cloud/template";
import { wallClock } from "../../scripts/release/clock";
import { connectToAws } from "../../scripts/release/aws-sdk";
import { targetOf } from "../../scripts/release/target";
import { GROUP_1, GROUP_2, REPOSITORY_URL, TEMPLATE } from "../cloud/aws/fake-cloud";
import { SOURCE } from "../fixtures/configuration";
import { TEMPLATE as APPSPEC } from "./fakes";
import { run } from "./running";
import { useLocalCredentials } from "./served-aws";

useLocalCredentials("local");
jest.setTimeout(120_000);

const SPEED = 100;
const ALARMS = ["5xx-1", "5xx-2"];

/** The article's alarm, more than two 5xx in a minute, on each target group. */
const alarmOn = (name: string, targetGroup: string): AlarmTemplate => ({
  ...{ name, arn: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}` },
  ...{ comparisonOperator: "GreaterThanThreshold", threshold: 2, evaluationPeriods: 1, datapointsToAlarm: 1 },
  treatMissingData: "notBreaching",
  metric: {
    ...{ namespace: "AWS/ApplicationELB", metricName: "HTTPCode_Target_5XX_Count", period: 60, statistic: "Sum" },
    dimensions: {
      TargetGroup: targetGroup.slice(targetGroup.indexOf("targetgroup/")),
      LoadBalancer: "app/shop/1111111111111111",
    },
  },
});
const SHOP: Template = {
  ...TEMPLATE,
  alarms: [GROUP_1, GROUP_2].map((group, index) => alarmOn(ALARMS[index] ?? "", group)),
  deploymentGroup: {
    ...TEMPLATE.deploymentGroup,
    terminationWaitMinutes: 1,
    alarms: { enabled: true, names: ALARMS, ignorePollAlarmFailure: false },
  },
};
const SERVICE = `require("node:http").createServer((_, response) => response.end("fine"))
  .listen(Number(process.env.PORT), process.env.HOST);`;

describe("a release of a good version while a tenth of the live version's answers are errors", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "broken-live-"));
  const program = path.join(folder, "service.js");
  writeFileSync(program, SERVICE);
  const imageOf = (tag: string) => ({
    ...{ repository: REPOSITORY_URL, tags: [tag], command: [process.execPath, program], environment: {} },
    ...{ platform: { os: "linux", architecture: "amd64" }, contentHash: tag },
  });
  const cloud = createCloud({
    ...{ template: SHOP, clock: new WallClock(SPEED), port: 0, image: imageOf("v1") },
    settings: { ...DEFAULT_SETTINGS, provisioningSeconds: 1 },
  });
  const digests = {
    v1: cloud.image.digest,
    v2: cloud.push(imageOf("v2")).digest,
    v3: cloud.push(imageOf("v3")).digest,
  };
  const names = { cluster: "shop", service: "shop", application: "shop", deploymentGroup: "shop" };
  const config = loadConfig({
    environment: "live",
    context: {
      defaults: { project: "shop" },
      environments: { live: { region: SHOP.region, service: { source: SOURCE }, existing: names } },
    },
  });
  let traffic: NodeJS.Timeout | undefined;

  beforeAll(async () => {
    await cloud.start();
    traffic = setInterval(() => {
      for (let count = 0; count < 2; count += 1)
        fetch(cloud.productionUrl)
          .then((it) => it.text())
          .catch(() => undefined);
    }, 10);
  });
  afterAll(async () => {
    clearInterval(traffic);
    await cloud.stop();
    rmSync(folder, { recursive: true });
  });

  const reaches = async (alarm: string, state: "OK" | "ALARM") => {
    while (cloud.parts.alarms.state(alarm)?.value !== state) await cloud.clock.sleep(10_000);
  };
  const release = async (image: string, alarms: "new" | "all") => {
    process.env["AWS_ENDPOINT_URL"] = cloud.endpoint;
    const aws = await connectToAws(SHOP.region);
    const given = { image, alarms, acceptBlindGate: false, pollInterval: 0.1 };
    const template = { file: "appspec.yaml", text: APPSPEC.slice(0, APPSPEC.indexOf("Hooks:")) };
    const rest = { config, target: targetOf(config), clock: wallClock, readTemplate: () => template };
    return run(aws, given, rest).start();
  };

  it.each([
    ["from the first target group to the second", "v1", "v2", 0],
    ["from the second target group to the first", "v2", "v3", 1],
  ] as const)("succeeds %s", async (_, live, next, index) => {
    const [own = "", other = ""] = index === 0 ? ALARMS : ALARMS.toReversed();
    cloud.injectFault({ imageDigest: digests[live], fault: { kind: "error", rate: 0.1 } });
    await reaches(own, "ALARM");
    // It fired for the version that was live there before.
    await reaches(other, "OK");
    expect(await release(next, "all")).toMatchObject({
      outcome: "refused",
      problems: [{ what: expect.stringContaining(`${own} is in ALARM`) as string }],
    });
    expect(await release(next, "new")).toMatchObject({
      ...{ outcome: "released", exitCode: 0, watchedAlarms: [other], unwatchedAlarms: [own] },
      canary: { requests: expect.any(Number) as number },
    });
  });
});
