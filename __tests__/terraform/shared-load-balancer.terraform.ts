import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeRulesCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../stacks/config";
import { namesOf } from "../../stacks/names";
import type { Settings } from "../fixtures/configuration";
import { changesBut, EMULATOR_DRIFT } from "./drift";
import { REGION, startEmulatedAccount, type EmulatedAccount } from "./emulated-account";
import { swapColours } from "./release";
import { applyStacks } from "./stand-in";
import { PROVIDER_IN_WORDS, PROVIDER_VERSION, synthesizeEnvironment, type Synthesized } from "./synthesized";
import { Terraform } from "./terraform";

/** Needs Terraform and moto_server on PATH; `npm run test:terraform` runs it, `npm test` does not. */

const listener = (port: number) => ({
  load_balancer_arn: "${aws_lb.shared.arn}",
  port,
  protocol: "HTTP",
  default_action: [{ type: "fixed-response", fixed_response: { content_type: "text/plain", status_code: "404" } }],
});
const subnet = (index: number) => ({
  vpc_id: "${aws_vpc.shared.id}",
  cidr_block: `10.1.${index}.0/24`,
  availability_zone: `${REGION}${index % 2 === 0 ? "a" : "b"}`,
});
const SUBNETS = [0, 1, 2, 3];

/** What another owner has made with plain Terraform: a network, a cluster, and a load balancer with another service's rule. */
const OWNER = {
  terraform: { required_providers: { aws: { source: "aws", version: PROVIDER_VERSION } } },
  provider: { aws: { region: REGION } },
  resource: {
    aws_vpc: { shared: { cidr_block: "10.1.0.0/16", enable_dns_hostnames: true } },
    aws_subnet: Object.fromEntries(SUBNETS.map((index) => [`subnet${index}`, subnet(index)])),
    aws_security_group: { shared: { name: "shared", vpc_id: "${aws_vpc.shared.id}" } },
    aws_ecs_cluster: { shared: { name: "shared" } },
    aws_lb: {
      shared: {
        name: "shared",
        subnets: ["${aws_subnet.subnet0.id}", "${aws_subnet.subnet1.id}"],
        security_groups: ["${aws_security_group.shared.id}"],
      },
    },
    aws_lb_listener: { production: listener(80), test: listener(9090) },
    aws_lb_target_group: {
      other: { name: "other", port: 80, protocol: "HTTP", target_type: "ip", vpc_id: "${aws_vpc.shared.id}" },
    },
    aws_lb_listener_rule: {
      other: {
        listener_arn: "${aws_lb_listener.production.arn}",
        priority: 1,
        condition: [{ host_header: { values: ["other.example.com"] } }],
        action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.other.arn}" }],
      },
    },
  },
  output: {
    vpc: { value: "${aws_vpc.shared.id}" },
    subnets: { value: ["${aws_subnet.subnet2.id}", "${aws_subnet.subnet3.id}"] },
    group: { value: "${aws_security_group.shared.id}" },
    arn: { value: "${aws_lb.shared.arn}" },
    production: { value: "${aws_lb_listener.production.arn}" },
    test: { value: "${aws_lb_listener.test.arn}" },
    rule: { value: "${aws_lb_listener_rule.other.arn}" },
  },
};

/** Milliseconds after which a step has hung: a load balancer alone takes a minute, and a busy machine several times as long. */
const HUNG = 8 * 60_000;

let account: EmulatedAccount;
let s3: S3Client;
let elb: ElasticLoadBalancingV2Client;
let terraform: Terraform;
let owner: string;
let context: Settings;
let synthesized: Synthesized;
let productionListenerArn: string;

beforeAll(async () => {
  account = await startEmulatedAccount();
  s3 = new S3Client({ ...account.client, forcePathStyle: true });
  elb = new ElasticLoadBalancingV2Client(account.client);
  terraform = new Terraform(account.variables);
  owner = mkdtempSync(join(tmpdir(), "terraform-owner-"));
  writeFileSync(join(owner, "main.tf.json"), JSON.stringify(OWNER));
  await terraform.init(owner);
  await terraform.apply(owner);
  const outputs = await terraform.outputs(owner);
  const value = (name: string) => outputs[name]?.value;
  productionListenerArn = String(value("production"));
  context = contextOf({
    vpc: { id: value("vpc"), cidr: "10.1.0.0/16", privateSubnetIds: value("subnets") },
    existing: {
      ...{ arn: value("arn"), productionListenerArn, testListenerArn: value("test") },
      ...{ securityGroupId: value("group"), rule: { hosts: ["tasks.example.com"], priority: 100 } },
    },
  });
  synthesized = await synthesizeEnvironment(context);
  await s3.send(
    new CreateBucketCommand({
      Bucket: names().stateBucket,
      CreateBucketConfiguration: { LocationConstraint: REGION },
    }),
  );
}, HUNG);

afterAll(async () => {
  await account.stop();
  s3.destroy();
  elb.destroy();
  rmSync(owner, { recursive: true, force: true });
  synthesized.remove();
});

const contextOf = ({ vpc, existing }: { readonly vpc: object; readonly existing: object }): Settings => ({
  defaults: { project: "carts-api" },
  environments: {
    staging: { network: { vpc }, cluster: { existing: "shared" }, loadBalancer: { existing } },
  },
});
const names = () => namesOf(loadConfig({ environment: "staging", context }));
const applied = () => synthesized.stacks.filter(({ needsDocker }) => !needsDocker);

/** What is still to be changed, but for what the emulator drifts. */
async function pending(): Promise<string[]> {
  const found: string[] = [];
  for (const { directory } of applied()) {
    found.push(...changesBut(EMULATOR_DRIFT, await terraform.plan(directory)));
  }
  return found;
}

/** The weights of the target groups in each rule of the production listener, by priority and by the groups' names. */
async function weights(): Promise<Readonly<Record<string, Readonly<Record<string, number | undefined>>>>> {
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: productionListenerArn }));
  const byRule: Record<string, Readonly<Record<string, number | undefined>>> = {};
  for (const { Priority = "", Actions: [action] = [] } of Rules) {
    const groups = action?.ForwardConfig?.TargetGroups ?? [];
    byRule[Priority] = Object.fromEntries<number | undefined>(
      groups.map(({ TargetGroupArn = "", Weight }) => [TargetGroupArn.split("/")[1] ?? "", Weight]),
    );
  }
  return byRule;
}

// The tests build on each other, in order.
describe(`a load balancer and a cluster of another owner, with ${PROVIDER_IN_WORDS}`, () => {
  it(
    "take the stacks, which have no network of their own",
    async () => {
      expect(synthesized.stacks.map(({ name }) => name)).toEqual(["registry", "service", "delivery"]);
      await applyStacks(synthesized, terraform, s3);
      expect((await weights())["100"]).toEqual({ "carts-api-staging-1": 100, "carts-api-staging-2": 0 });
    },
    HUNG,
  );

  it("show an empty plan after that", async () => expect(await pending()).toEqual([]), HUNG);

  it(
    "show an empty plan after a release, which has left the other service's rule alone",
    async () => {
      const before = await weights();
      await swapColours(names(), account);
      const after = await weights();
      expect(after["100"]).toEqual({ "carts-api-staging-1": 0, "carts-api-staging-2": 100 });
      expect(after["1"]).toEqual(before["1"]);
      expect(await pending()).toEqual([]);
      expect(changesBut(EMULATOR_DRIFT, await terraform.plan(owner))).toEqual([]);
    },
    HUNG,
  );

  it(
    "refuse a plan when the load balancer is in another network than the configuration says",
    async () => {
      const { network, loadBalancer } = (context["environments"] as { staging: Settings }).staging as {
        network: { vpc: object };
        loadBalancer: { existing: object };
      };
      const vpc = { ...network.vpc, id: "vpc-0123456789abcdef0" };
      const wrong = await synthesizeEnvironment(contextOf({ vpc, existing: loadBalancer.existing }));
      try {
        const directory = wrong.stacks.find(({ name }) => name === "service")?.directory ?? "";
        await terraform.init(directory);
        await expect(terraform.plan(directory)).rejects.toThrow(/is not in network\.vpc\.id/);
      } finally {
        wrong.remove();
      }
    },
    HUNG,
  );

  it(
    "are as they were after the stacks are destroyed",
    async () => {
      for (const { directory } of applied().toReversed()) {
        await terraform.destroy(directory);
        expect(await terraform.addresses(directory)).toEqual([]);
      }
      expect(Object.keys(await weights()).toSorted()).toEqual(["1", "default"]);
      expect(changesBut(EMULATOR_DRIFT, await terraform.plan(owner))).toEqual([]);
      await terraform.destroy(owner);
    },
    HUNG,
  );
});
