import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Answer, ForwardChange } from "../../scripts/cloud/load-balancer/part";
import { namesOf } from "../../stacks/names";
import { reported, run } from "./command";
import { configOf, playBoth, SERVICES, type ServiceName, withStacks } from "./two-services";

jest.setTimeout(300_000);

/** Every text in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
const inBoth = (one: readonly string[], other: readonly string[]) =>
  [...new Set(one)].filter((text) => other.includes(text)).sort();

/** The attributes by which AWS knows a resource; a topic also has a name for readers, and an alarm that of its metric. */
const NAMES = /^(?!display_name|metric_name)(?:.*_name|name|name_prefix|bucket|family|alias|key|identifier)$/;

/** Type, attribute and value of each name of the resources, and of the states, of a service. */
function namesInStacks(environment: ServiceName): string[] {
  return withStacks(environment, (outDirectory) =>
    readdirSync(path.join(outDirectory, "stacks")).flatMap((stack) => {
      const text = readFileSync(path.join(outDirectory, "stacks", stack, "cdk.tf.json"), "utf8");
      const { resource, terraform } = JSON.parse(text) as {
        readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
        readonly terraform: { readonly backend: unknown };
      };
      const resources = Object.entries(resource ?? {}).flatMap(([type, all]) =>
        Object.values(all).flatMap((attributes) =>
          Object.entries(attributes)
            .filter(([key, value]) => NAMES.test(key) && typeof value === "string" && !value.includes("${"))
            .map(([key, value]) => `${type}.${key} = ${String(value)}`),
        ),
      );
      return [...resources, JSON.stringify(terraform.backend)];
    }),
  );
}

describe("two services of one repository", () => {
  it("share no name but that of their cluster", () => {
    const [billing = [], orders = []] = SERVICES.map((environment) => textsIn(namesOf(configOf(environment))));
    expect(billing.length).toBeGreaterThan(30);
    expect(inBoth(billing, orders)).toEqual(["shared"]);
  });

  it("share no resource and no state", () => {
    const [billing = [], orders = []] = SERVICES.map(namesInStacks);
    expect(billing.length).toBeGreaterThan(20);
    expect(inBoth(billing, orders)).toEqual([]);
  });
});

describe("two releases at the same time, behind one load balancer", () => {
  it("don't meet: one is rolled back by its own alarm while the other goes on, and is released", async () => {
    const { loadBalancer, alarms, faults, billing, orders, stop } = await playBoth();
    try {
      const answers: Answer[] = [];
      const changes: ForwardChange[] = [];
      const fired: string[] = [];
      loadBalancer.answers.subscribe((answer) => answers.push(answer));
      alarms.transitions.subscribe(({ alarmName, to }) => to === "ALARM" && fired.push(alarmName));
      const shifted = new Promise<void>((resolve) => {
        loadBalancer.forwardChanges.subscribe((change) => {
          changes.push(change);
          resolve();
        });
      });
      faults.inject({ imageDigest: billing.digests.next, fault: { kind: "error" } });

      const good = orders.release();
      await Promise.race([shifted, good]);
      const bad = await billing.release();
      const released = await good;
      expect([bad, released].map(({ code, stdout }) => ({ code, stdout }))).toEqual([
        { code: 2, stdout: expect.stringContaining("rolled back") as string },
        { code: 0, stdout: expect.stringContaining("released") as string },
      ]);

      const statuses = ({ codeDeploy }: typeof billing) =>
        codeDeploy
          .deployments()
          .map(({ status, creator, errorInformation }) => [status, creator, errorInformation?.code]);
      expect(statuses(orders)).toEqual([["Succeeded", "user", undefined]]);
      expect(statuses(billing)).toEqual([
        ["Succeeded", "codeDeployRollback", undefined],
        ["Stopped", "user", "ALARM_ACTIVE"],
      ]);

      // Each moved only its own rule, between its own target groups, and in turn with the other.
      const groupsOf = ({ template }: typeof billing) => template.targetGroups.map(({ arn }) => arn);
      const rulesOf = ({ template }: typeof billing) =>
        template.listeners.flatMap(({ rules = [] }) => rules.map(({ arn }) => arn));
      const movesOf = (service: typeof billing) => changes.filter(({ ruleArn }) => rulesOf(service).includes(ruleArn));
      expect(movesOf(billing).length + movesOf(orders).length).toBe(changes.length);
      for (const service of [billing, orders]) {
        const targets = movesOf(service).flatMap(({ forward }) => forward.map(({ targetGroupArn }) => targetGroupArn));
        expect(inBoth(targets, groupsOf(service))).toEqual([...new Set(targets)].sort());
      }
      const order = changes.map((change) => (movesOf(billing).includes(change) ? "billing" : "orders"));
      expect(order[0]).toBe("orders");
      expect(order.indexOf("billing")).toBeLessThan(order.lastIndexOf("orders"));

      // Only the alarms of the bad version fired, and only its service's users got errors.
      const own = billing.template.alarms.map(({ name }) => name);
      expect(fired.length).toBeGreaterThan(0);
      expect(fired.filter((name) => !own.includes(name))).toEqual([]);
      const of = ({ digests }: typeof billing) =>
        answers.filter(({ task }) => task && Object.values(digests).includes(task.imageDigest));
      expect(of(billing).length + of(orders).length).toBe(answers.length);
      expect(of(orders).filter(({ status }) => status !== 200)).toEqual([]);
      expect(of(billing).some(({ status }) => status === 500)).toBe(true);
      const last = (service: typeof billing) => of(service).at(-1)?.task?.imageDigest;
      expect([last(billing), last(orders)]).toEqual([billing.digests.old, orders.digests.next]);
    } finally {
      await stop();
    }
  });
});

describe("two rehearsals at the same time in one checkout", () => {
  it("don't meet either", async () => {
    const both = await Promise.all([1, 2].map(() => reported(run("rehearse", "--json --speed 80 --rps 1"))));
    for (const { code, report } of both) {
      expect(code).toBe(0);
      expect(report).toMatchObject({ verdict: "released", requests: { failed: 0 }, activatedAlarms: [] });
    }
  });
});
