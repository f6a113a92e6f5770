import type { Template } from "../../scripts/cloud/template";
import { readTemplateFile } from "../../scripts/rehearse/live/template-file";
import { CONTEXT, ERRORS, EXISTING, RECORDED, VARIABLES } from "../terraform/existing-service/checkout";
import { reported, run } from "./command";
import { playService, type PlayedService } from "./played-service";

// They last as long as the machine needs: a busy one slows the cloud's clock down.
jest.setTimeout(300_000);

/**
 * A service that plain Terraform made, as --from-live has read it, with names that need care in shells and JSON.
 * `npm run release` releases it as a process of its own, which knows only the four names in `existing`.
 */

const NAMES = { application: 'Checkout "EU" & friends', deploymentGroup: "blue/green: checkout's" };
const context = {
  ...CONTEXT,
  environments: { live: { ...CONTEXT.environments.live, existing: { ...EXISTING, ...NAMES } } },
};
const { template: recorded } = readTemplateFile(RECORDED);
const SERVICE: Template = {
  ...recorded,
  application: { ...recorded.application, name: NAMES.application },
  deploymentGroup: { ...recorded.deploymentGroup, name: NAMES.deploymentGroup },
};

describe("npm run release, for a service that another tool made", () => {
  let played: PlayedService;
  beforeAll(async () => {
    played = await playService(SERVICE);
  });
  afterAll(() => played.stop());

  it("changes nothing in a dry run, and names what would change", async () => {
    const { ecs } = played.cloud.parts;
    const before = ecs.taskSets().length;
    const { code, stdout } = await played.release(context, "--image", "good", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("containerDefinitions[web].image");
    expect(ecs.taskSets()).toHaveLength(before);
  });

  it("releases a good version", async () => {
    const { code, stdout, events } = await played.release(context, "--image", "good");
    expect(events.at(-1)).toMatchObject({ type: "outcome", outcome: "released", exitCode: 0 });
    expect(code).toBe(0);
    expect(stdout).toContain(`cluster ${EXISTING.cluster}, service ${EXISTING.service}`);
    expect(stdout).not.toMatch(/npm run deploy|cdktf|stack|carts-api/);
    const [taskSet] = played.cloud.parts.ecs.taskSets();
    expect(taskSet).toMatchObject({
      containerName: "web",
      containerPort: 3000,
      taskDefinitionArn: expect.stringMatching(/:task-definition\/Checkout_Family:2$/) as string,
    });
    expect(await played.answer()).toBe(201);
  });

  it("ends with 2 and names the alarm, when a bad version is rolled back", async () => {
    const { code, events } = await played.release(context, "--image", `${SERVICE.repository.url}:bad`);
    expect(events.at(-1)).toMatchObject({
      type: "outcome",
      outcome: "rolled-back",
      alarms: [expect.stringMatching(ERRORS)],
    });
    expect(code).toBe(2);
    expect(await played.answer()).toBe(201);
  });
});

describe("npm run release, for a service whose image is elsewhere", () => {
  it.each([
    ["Docker Hub", "nginx", "nginx:latest"],
    [
      "a registry with a port",
      "registry.example:5000/shop/web",
      `registry.example:5000/shop/web@sha256:${"1".repeat(64)}`,
    ],
    [
      "ECR of another account",
      "999999999999.dkr.ecr.eu-central-1.amazonaws.com/web",
      "999999999999.dkr.ecr.eu-central-1.amazonaws.com/web",
    ],
  ])("passes its checks in the local cloud: %s", async (_, url, image) => {
    const { taskDefinition } = recorded;
    const containerDefinitions = taskDefinition.containerDefinitions.map((container) =>
      container.name === "web" ? { ...container, image } : container,
    );
    const played = await playService({
      ...recorded,
      repository: { ...recorded.repository, name: url.replace(/^.*[.:][^/]*\//, ""), url },
      taskDefinition: { ...taskDefinition, containerDefinitions },
    });
    try {
      const { code, events } = await played.release(CONTEXT, "--image", played.good, "--dry-run");
      expect(events.at(-1)).toMatchObject({ type: "outcome", outcome: "checked" });
      expect(code).toBe(0);
    } finally {
      await played.stop();
    }
  });
});

describe("npm run rehearse -- --template, with what was read of it", () => {
  const rehearsed = (...options: readonly string[]) =>
    reported(
      run("rehearse", ["--json --speed 80 --rps 1 --template", RECORDED, ...options].join(" "), undefined, VARIABLES),
    );

  it("has the same verdicts, and says how many alarms it doesn't play", async () => {
    const [good, bad] = await Promise.all([rehearsed(), rehearsed("--fault error --rate 0.9")]);
    expect(good).toMatchObject({
      code: 0,
      report: {
        verdict: "released",
        strategy: "checkout-careful",
        sentence: expect.stringMatching(/; not played as on AWS: 3 of the deployment group's 6 alarms$/) as string,
      },
    });
    expect(bad).toMatchObject({
      code: 2,
      report: { verdict: "rolled-back", activatedAlarms: [expect.stringMatching(ERRORS)] },
    });
    const { notPlayed } = good.report;
    expect(notPlayed).toEqual(readTemplateFile(RECORDED).notPlayed);
    expect(notPlayed).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^The alarm checkout\/unusual latency is not played: .* no anomaly detection/),
        expect.stringMatching(
          /^The alarm checkout\/orders stopped is not played: .* it treats missing data as breaching/,
        ),
        expect.stringMatching(/^The alarm checkout\/cpu gets no data: /),
        expect.stringMatching(/^TLS of the listener /),
        expect.stringMatching(/^The rule 10 of the listener /),
      ]),
    );
  });
});
