import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { WallClock } from "../../scripts/cloud/clock";
import { createCloud, type LocalCloud } from "../../scripts/cloud/cloud";
import { CodeDeploy } from "../../scripts/cloud/codedeploy/codedeploy";
import { percentTo } from "../../scripts/cloud/load-balancer/forwards";
import type { Answer } from "../../scripts/cloud/load-balancer/part";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import type { Template } from "../../scripts/cloud/template";
import { GROUP_1, GROUP_2, LISTENER, REPOSITORY_URL, TEMPLATE, TEST_LISTENER } from "./aws/fake-cloud";

const HEALTHY = `
  require("node:http").createServer((request, response) => response.end(String(process.pid)))
    .listen(Number(process.env.PORT), process.env.HOST);`;

/** Programs that stand for images. */
const directory = mkdtempSync(path.join(tmpdir(), "cloud-test-"));
const clouds: LocalCloud[] = [];

afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.stop()));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A cloud on a fast clock whose first version is this program. */
function cloudOf(program: string, port = 0, template = TEMPLATE): LocalCloud {
  const file = path.join(directory, `program-${clouds.length}.js`);
  writeFileSync(file, program);
  const cloud = createCloud({
    template,
    clock: new WallClock(200),
    port,
    settings: { ...DEFAULT_SETTINGS, provisioningSeconds: 1 },
    image: {
      repository: REPOSITORY_URL,
      tags: ["v1"],
      command: [process.execPath, file],
      environment: {},
      platform: { os: "linux", architecture: "amd64" },
      contentHash: program,
    },
  });
  clouds.push(cloud);
  return cloud;
}

async function describedService({ endpoint, template }: LocalCloud) {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new ECSClient({ endpoint, region: template.region, credentials });
  const input = { cluster: template.cluster.name, services: [template.service.name] };
  const { services = [] } = await client.send(new DescribeServicesCommand(input));
  client.destroy();
  return services[0];
}

function isOpen(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** How many child processes this one has; the handle of one that has ended is let go of in the next turn. */
async function children(): Promise<number> {
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return process.getActiveResourcesInfo().filter((resource) => resource === "ProcessWrap").length;
}

describe("the local cloud", () => {
  it("serves the first version, and answers as AWS, when it has started", async () => {
    const cloud = cloudOf(HEALTHY);
    await cloud.start();
    expect((await fetch(cloud.productionUrl)).status).toBe(200);
    expect(cloud.parts.loadBalancer.rules(LISTENER)[0]?.forward).toEqual([
      { targetGroupArn: GROUP_1, weight: 100 },
      { targetGroupArn: GROUP_2, weight: 0 },
    ]);
    const answer = await fetch(cloud.endpoint, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    expect(await answer.text()).toContain(TEMPLATE.accountId);
    const [taskSet] = cloud.parts.ecs.taskSets();
    expect(taskSet).toMatchObject({ status: "PRIMARY", stability: "STEADY_STATE" });
    expect((await describedService(cloud))?.createdAt?.getTime()).toBeLessThanOrEqual(taskSet?.createdAt ?? 0);
    expect(cloud.parts.loadBalancer.health(GROUP_1).map(({ state }) => state)).toEqual(["healthy", "healthy"]);
  });

  it("starts a database only for stacks with tables, and tells only their tasks of one", async () => {
    const program = `
      require("node:http").createServer((request, response) => response.end(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? "none"))
        .listen(Number(process.env.PORT), process.env.HOST);`;
    const answers = [];
    const table = { name: "orders", attributes: [{ name: "id", type: "S" as const }], hashKey: "id" };
    for (const tables of [[], [{ ...table, globalSecondaryIndexes: [] }]]) {
      const before = await children();
      const cloud = cloudOf(program, 0, { ...TEMPLATE, tables });
      await cloud.start();
      const database = await (await fetch(cloud.productionUrl)).text();
      answers.push({ database, processes: (await children()) - before });
      await cloud.stop();
    }
    expect(answers).toEqual([
      { database: "none", processes: 2 },
      { database: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string, processes: 3 },
    ]);
  });

  it("closes idle connections when the stacks say, or else when AWS does", () => {
    const idleTimeoutSeconds = (loadBalancer: Partial<Template["loadBalancer"]>) =>
      cloudOf(HEALTHY, 0, { ...TEMPLATE, loadBalancer: { ...TEMPLATE.loadBalancer, ...loadBalancer } }).settings
        .idleTimeoutSeconds;
    expect([idleTimeoutSeconds({ idleTimeoutSeconds: 30 }), idleTimeoutSeconds({})]).toEqual([30, 60]);
  });

  it("serves a service on a shared listener by the host of its rule, and tells that host", async () => {
    const rule = (priority: number, host: string, targetGroupArn: string) => ({
      arn: `${LISTENER.replace(":listener/", ":listener-rule/")}/${priority}`,
      priority,
      conditions: { hosts: [host] },
      forward: [{ targetGroupArn, weight: 1 }],
    });
    const listeners = TEMPLATE.listeners.map((listener) =>
      listener.arn === LISTENER
        ? {
            ...listener,
            forward: [],
            rules: [rule(2, "other.example.com", "arn:other"), rule(3, "*.example.com", GROUP_1)],
          }
        : listener,
    );
    const other = { ...TEMPLATE.targetGroups[0], name: "other", arn: "arn:other" } as (typeof TEMPLATE.targetGroups)[0];
    const cloud = cloudOf(HEALTHY, 0, { ...TEMPLATE, listeners, targetGroups: [...TEMPLATE.targetGroups, other] });
    expect([cloud.productionHost, cloudOf(HEALTHY).productionHost]).toEqual(["local.example.com", undefined]);
    await cloud.start();
    const status = (host: string) =>
      new Promise((resolve, reject) => {
        const options = { headers: { host }, agent: false } as const;
        get(cloud.productionUrl, options, (response) => resolve(response.resume().statusCode)).on("error", reject);
      });
    expect([await status("local.example.com"), await status("127.0.0.1")]).toEqual([200, 404]);
  });

  it("leaves no port and no process behind when it is stopped, however often", async () => {
    const cloud = cloudOf(HEALTHY);
    await cloud.start();
    const { endpoint, productionUrl } = cloud;
    const pid = Number(await (await fetch(productionUrl)).text());
    await Promise.all([cloud.stop(), cloud.stop()]);
    expect([await isOpen(endpoint), await isOpen(productionUrl)]).toEqual([false, false]);
    expect({ task: lives(pid), children: await children() }).toEqual({ task: false, children: 0 });
    expect(() => cloud.endpoint).toThrow("does not run");
  });

  it("stops everything else when a part does not stop, and names it", async () => {
    const cloud = cloudOf(HEALTHY);
    await cloud.start();
    const { endpoint, productionUrl } = cloud;
    const stuck = jest.spyOn(CodeDeploy.prototype, "close").mockImplementationOnce(() => {
      throw new Error("a deployment is stuck");
    });
    await expect(cloud.stop()).rejects.toThrow("the local cloud did not stop cleanly: a deployment is stuck");
    stuck.mockRestore();
    clouds.splice(clouds.indexOf(cloud), 1);
    expect([await isOpen(endpoint), await isOpen(productionUrl), await children()]).toEqual([false, false, 0]);
  });

  it("does not meet another one that runs at the same time", async () => {
    const serving = (name: string) => `
      require("node:http").createServer((_, response) => response.end("${name}"))
        .listen(Number(process.env.PORT), process.env.HOST);`;
    const [orders, billing] = [cloudOf(serving("orders")), cloudOf(serving("billing"))];
    const answered: unknown[] = [];
    orders.answers.subscribe(() => answered.push("orders"));
    billing.answers.subscribe(() => answered.push("billing"));
    await Promise.all([orders.start(), billing.start()]);
    const addresses = [orders, billing].flatMap(({ endpoint, productionUrl, parts }) => [
      endpoint,
      productionUrl,
      parts.loadBalancer.url(TEST_LISTENER),
      ...parts.loadBalancer.health(GROUP_1).map(({ target }) => `http://127.0.0.1:${target.address.port}`),
    ]);
    expect(new Set(addresses).size).toBe(10);
    billing.injectFault({ imageDigest: billing.image.digest, fault: { kind: "error" } });
    const text = async ({ productionUrl }: LocalCloud) => (await fetch(`${productionUrl}/1`)).text();
    expect(await text(orders)).toBe("orders");
    expect(await text(billing)).toContain("a fault of this version");
    expect(answered).toEqual(["orders", "billing"]);
    await billing.stop();
    expect(await text(orders)).toBe("orders");
  });

  it("gives the reason why the first version does not start, and leaves nothing behind", async () => {
    const cloud = cloudOf("console.error('no such table'); process.exit(3);");
    await expect(cloud.start()).rejects.toThrow(/The first version does not start.*exit code 3.*no such table/s);
    expect(await children()).toBe(0);
  });

  it("names a port that is taken, and leaves nothing behind", async () => {
    const first = cloudOf(HEALTHY);
    await first.start();
    const second = cloudOf(HEALTHY, Number(new URL(first.endpoint).port));
    await expect(second.start()).rejects.toThrow(
      /^The AWS endpoint cannot listen on port \d+: another program listens on it. Choose another port/,
    );
    await first.stop();
    expect(await children()).toBe(0);
  });

  it("aborts the start when the signal aborts", async () => {
    const cloud = cloudOf("setInterval(() => undefined, 1000);"); // Never listens.
    const abort = new AbortController();
    const starting = cloud.start(abort.signal);
    abort.abort(new Error("enough"));
    await expect(starting).rejects.toThrow("enough");
    await cloud.stop();
    expect(await children()).toBe(0);
  });

  it("ends its start when it is stopped meanwhile", async () => {
    const cloud = cloudOf("setInterval(() => undefined, 1000);");
    const starting = cloud.start();
    await cloud.stop();
    await expect(starting).rejects.toThrow("the local cloud was stopped while it started");
    expect(await children()).toBe(0);
  });

  it("tells which task and image answered a request, by its trace", async () => {
    const cloud = cloudOf(HEALTHY);
    const answers: Answer[] = [];
    cloud.answers.subscribe((answer) => answers.push(answer));
    await cloud.start();
    await fetch(cloud.productionUrl, { headers: { "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678" } });
    const tasks = cloud.parts.ecs.tasks();
    expect(answers).toMatchObject([
      { traceId: "1-67891233-abcdef012345678912345678", status: 200, task: { imageDigest: cloud.image.digest } },
    ]);
    expect(tasks.find(({ id }) => id === answers[0]?.task?.id)?.privateIp).toBe(answers[0]?.targetId);
  });

  it("ends the tasks of an image whose fault is to exit, whatever program they run", async () => {
    const cloud = cloudOf(HEALTHY);
    cloud.injectFault({ imageDigest: cloud.image.digest, fault: { kind: "exit", afterSeconds: 300 } });
    await cloud.start();
    const [first] = cloud.parts.ecs.tasks();
    const exitCode = () => cloud.parts.ecs.tasks().find(({ id }) => id === first?.id)?.exitCode;
    while (exitCode() === undefined) await cloud.clock.sleep(10_000);
    expect(exitCode()).toBe(1);
  });

  it("answers with the fault of an image instead of its tasks", async () => {
    const cloud = cloudOf(HEALTHY);
    await cloud.start();
    cloud.injectFault({ imageDigest: cloud.image.digest, fault: { kind: "error" } });
    const reply = await fetch(`${cloud.productionUrl}/orders`);
    expect([reply.status, await reply.text()]).toEqual([500, expect.stringContaining("a fault of this version")]);
  });

  it("refuses the fault of an image that was not pushed", () => {
    expect(() => cloudOf(HEALTHY).injectFault({ imageDigest: "sha256:1", fault: { kind: "error" } })).toThrow(
      "no image with the digest sha256:1 was pushed: push it before its fault",
    );
  });

  it("notifies observers of a deployment's traffic shifts", async () => {
    const cloud = cloudOf(HEALTHY);
    await cloud.start();
    const observed = new Promise((resolve) => cloud.forwardChanges.subscribe(resolve));
    const [revision] = cloud.parts.ecs.taskDefinitions();
    if (!revision) throw new Error("no task definition is registered");
    const content = JSON.stringify({
      version: "0.0",
      Resources: [
        {
          TargetService: {
            Type: "AWS::ECS::Service",
            Properties: {
              TaskDefinition: revision.arn,
              LoadBalancerInfo: { ContainerName: "api", ContainerPort: 8080 },
            },
          },
        },
      ],
    });
    cloud.parts.codeDeploy.create({ appSpec: { content } });
    expect(await observed).toMatchObject({ forward: [{ targetGroupArn: GROUP_1 }, { targetGroupArn: GROUP_2 }] });
  });
});

describe("the share of a target group", () => {
  it.each([
    { forward: [{ targetGroupArn: GROUP_1, weight: 1 }], percent: 0 },
    { forward: [{ targetGroupArn: GROUP_2, weight: 1 }], percent: 100 },
    {
      forward: [
        { targetGroupArn: GROUP_1, weight: 90 },
        { targetGroupArn: GROUP_2, weight: 10 },
      ],
      percent: 10,
    },
    {
      forward: [
        { targetGroupArn: GROUP_1, weight: 3 },
        { targetGroupArn: GROUP_2, weight: 1 },
      ],
      percent: 25,
    },
    { forward: [], percent: 0 },
    { forward: [{ targetGroupArn: GROUP_2, weight: 0 }], percent: 0 },
  ])("is $percent percent of $forward", ({ forward, percent }) => {
    expect(percentTo(forward, GROUP_2)).toBe(percent);
  });
});
