import { PARTITIONS, type Partition } from "../../stacks/config/regions";
import { synthesize, type Synthesized } from "./synthesize";

const ACCOUNT = "123456789012";

/** What AWS's policies call services by in every partition (stacks/constructs/role.ts has the source). */
const SAME_EVERYWHERE = [
  ...["application-autoscaling", "cloudwatch", "codedeploy", "ecs", "ecs-tasks", "elasticloadbalancing", "events"],
  ...["lambda", "sns", "vpc-flow-logs", "wafv2"],
  ...["ecs.application-autoscaling", "logdelivery.elasticloadbalancing"],
  // Not AWS's, but the audience of GitHub's tokens, which is what both sides have agreed on.
  "sts",
].map((service) => `${service}.amazonaws.com`);

/** Everything on that names a service, an ARN or an address. */
function everything({ name, regions: [region = ""] }: Partition) {
  const arn = (service: string, resource: string, account = ACCOUNT) =>
    `arn:${name}:${service}:${region}:${account}:${resource}`;
  return {
    region,
    account: ACCOUNT,
    encryption: { customerManagedKey: true },
    loadBalancer: {
      https: { domainName: "tasks.example.com", zoneId: "Z0123456789ABCDEFGHIJ" },
      waf: { enabled: true, logs: true },
    },
    network: { flowLogs: { traffic: "all" } },
    service: {
      secrets: { TOKEN: arn("ssm", "parameter/tasks/token"), PASSWORD: arn("secretsmanager", "secret:tasks-AbCdEf") },
      secretsKeyArns: [arn("kms", "key/00000000-0000-4000-8000-000000000000")],
      taskPolicies: [`arn:${name}:iam::aws:policy/AmazonS3ReadOnlyAccess`],
      scaling: { enabled: true },
      exec: true,
      readOnlyRootFileSystem: false,
    },
    notifications: { emails: ["ops@example.com"], slackWebhookParameter: "/carts-api/slack-webhook" },
    ci: { provider: "github", repository: "octo-org/carts-api" },
  };
}

/** Every text in what was synthesized, keys of objects included. */
function textOf({ stacks }: Synthesized): string {
  return Object.values(stacks)
    .map(({ json }) => JSON.stringify(json))
    .join("\n");
}

/** Host names that end as AWS's do, in whichever partition. */
function hostsIn(text: string): string[] {
  const suffixes = [...PARTITIONS.map(({ dnsSuffix }) => dnsSuffix), "amazonaws.cn", "amazonaws-us-gov.com"];
  const ends = [...suffixes, "amazonaws-eusc.eu", "aws.amazon.com"].map((suffix) => suffix.replaceAll(".", "\\."));
  const longestFirst = ends.sort((a, b) => b.length - a.length).join("|");
  return [...new Set(text.match(new RegExp(`[\\w<>.-]*(?:${longestFirst})(?![\\w.-])`, "g")) ?? [])];
}

describe.each(PARTITIONS.map((partition) => [partition.name, partition] as const))(
  "in the partition %s",
  (_, partition) => {
    const [region = ""] = partition.regions;
    const text = () => textOf(synthesize(everything(partition)));

    it("every AWS host is in the partition's domain", () => {
      const own = [
        ...["dynamodb", "ecr", "logs", "secretsmanager", "ssm"].map(
          (service) => `${service}.${region}.${partition.dnsSuffix}`,
        ),
        ...(partition.console === undefined ? [] : [`<region>.${partition.console}`]),
      ];
      const hosts = hostsIn(text());
      expect(hosts.filter((host) => !SAME_EVERYWHERE.includes(host) && !own.includes(host))).toEqual([]);
      expect(hosts).toEqual(expect.arrayContaining(own));
    });

    it("every ARN names the partition", () => {
      const partitions = [...text().matchAll(/arn:([^:"\\]*):/g)].map(([, name]) => name);
      const others = partitions.filter(
        (name) => name !== partition.name && !/^\$\{data\.aws_partition\.[\w-]+\.partition\}$/.test(name ?? ""),
      );
      expect([...new Set(others)]).toEqual([]);
      expect(partitions.length).toBeGreaterThan(50);
    });

    it("no other region is named", () => {
      const others = PARTITIONS.flatMap(({ regions }) => regions).filter((other) => other !== region);
      const found = others.filter((other) => new RegExp(`(?<![\\w-])${other}(?![\\w-])`).test(text()));
      expect(found).toEqual([]);
    });
  },
);

describe("a region that is newer than the list", () => {
  const settings = { region: "eu-central-9", newRegion: true };

  it("is not validated by provider and backend", () => {
    const { provider, terraform } = synthesize(settings).stacks.network.json;
    expect(provider["aws"]).toEqual([
      expect.objectContaining({ region: "eu-central-9", skip_region_validation: true }),
    ]);
    expect(terraform.backend["s3"]).toMatchObject({ region: "eu-central-9", skip_region_validation: true });
  });

  it("is the only kind", () => {
    const { provider, terraform } = synthesize({}).stacks.network.json;
    expect(provider["aws"]?.[0]).not.toHaveProperty("skip_region_validation");
    expect(terraform.backend["s3"]).not.toHaveProperty("skip_region_validation");
  });
});
