import { ConfigError, loadConfig } from "../../stacks/config";
import { synthesize, type Block } from "./synthesize";

/** Longest project's name that goes with an environment's. */
const LONGEST_TOGETHER = 29;
const project = (length: number) => "p".repeat(length);
const environment = (length: number) => "e".repeat(length);

/** A project's and an environment's name as long as they may be together, shared out in every way. */
const SHARES = Array.from({ length: 20 }, (_, index) => index + 1).map((length) => ({
  project: project(LONGEST_TOGETHER - length),
  environment: environment(length),
}));

describe("a project's name", () => {
  const load = ({ project: name, environment: stage }: { project: string; environment: string }) =>
    loadConfig({ environment: stage, context: { environments: { [stage]: { project: name } } } });

  it.each(SHARES)("of any length up to $project.length is taken in an environment of $environment.length", (share) => {
    expect(load(share)).toMatchObject(share);
    expect(() => load({ ...share, project: `${share.project}x` })).toThrow(ConfigError);
  });
});

/**
 * How long AWS lets names be, and what they are made of, by resource type and attribute. From the API references
 * ("Length Constraints", "Pattern").
 */
const LIMITS: Readonly<Record<string, readonly [max: number, pattern: RegExp]>> = {
  "aws_appautoscaling_policy.name": [255, /^[\w-]+$/],
  "aws_cloudwatch_dashboard.dashboard_name": [255, /^[\w-]+$/],
  "aws_cloudwatch_event_rule.name": [64, /^[.\-_A-Za-z0-9]+$/],
  "aws_cloudwatch_log_group.name": [512, /^[.\-_/#A-Za-z0-9]+$/],
  "aws_cloudwatch_metric_alarm.alarm_name": [255, /^[\w-]+$/],
  "aws_codedeploy_app.name": [100, /^[\w-]+$/],
  "aws_codedeploy_deployment_config.deployment_config_name": [100, /^[\w-]+$/],
  "aws_codedeploy_deployment_group.deployment_group_name": [100, /^[\w-]+$/],
  "aws_dynamodb_table.name": [255, /^[a-zA-Z0-9_.-]{3,}$/],
  "aws_ecr_repository.name": [256, /^[a-z0-9._/-]{2,}$/],
  "aws_ecs_cluster.name": [255, /^[\w-]+$/],
  "aws_ecs_service.name": [255, /^[\w-]+$/],
  "aws_ecs_task_definition.family": [255, /^[\w-]+$/],
  "aws_iam_policy.name": [128, /^[\w+=,.@-]+$/],
  "aws_iam_role.name": [64, /^[\w+=,.@-]+$/],
  "aws_iam_role_policy.name": [128, /^[\w+=,.@-]+$/],
  "aws_kms_alias.name": [256, /^alias\/(?!aws)[a-zA-Z0-9/_-]+$/],
  "aws_lambda_function.function_name": [64, /^[\w-]+$/],
  "aws_lb.name": [32, /^(?!internal-|-)[a-zA-Z0-9-]+(?<!-)$/],
  "aws_lb_target_group.name": [32, /^(?!-)[a-zA-Z0-9-]+(?<!-)$/],
  "aws_s3_bucket.bucket": [63, /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]+[a-z0-9]$/],
  "aws_security_group.name": [255, /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/],
  "aws_sns_topic.name": [256, /^[\w-]+$/],
  "aws_wafv2_web_acl.name": [128, /^[\w-]+$/],
};
const MAX_TAG_LENGTH = 256;
/** Names that the stacks don't choose: of a domain, of an image. */
const NOT_OURS = ["aws_route53_record", "docker_image", "docker_registry_image"];
const NAME_ATTRIBUTES = [
  "name",
  "alarm_name",
  "bucket",
  "dashboard_name",
  "deployment_config_name",
  "deployment_group_name",
  "family",
  "function_name",
];
/** Attributes that only refer to a name given elsewhere, or start one. */
const isReference = (value: string) => /^\$\{[^}]*\}$/.test(value);

/** Every name in the stacks, the account's id put in. */
function namesIn({ stacks }: ReturnType<typeof synthesize>) {
  return Object.values(stacks).flatMap(({ json }) =>
    Object.entries(json.resource ?? {})
      .filter(([type]) => !NOT_OURS.includes(type))
      .flatMap(([type, blocks]) =>
        Object.values(blocks).flatMap((block: Block) =>
          NAME_ATTRIBUTES.flatMap((attribute) => {
            const value = block[attribute];
            if (typeof value !== "string" || isReference(value)) return [];
            const name = value.replaceAll(/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/g, "123456789012");
            return [{ kind: `${type}.${attribute}`, name }];
          }),
        ),
      ),
  );
}

describe.each([
  ["the environment's is the longest", { project: project(9), environment: environment(20) }],
  ["the project's is the longest", { project: project(28), environment: "e" }],
])("every name in the stacks, when %s,", (_, share) => {
  const everything = synthesize(
    {
      project: share.project,
      encryption: { customerManagedKey: true },
      network: { interfaceEndpoints: ["ecr", "logs", "codedeploy"], zones: 3 },
      loadBalancer: {
        productionPort: 8080,
        https: { domainName: "tasks.example.com", zoneId: "Z0123456789ABCDEFGHIJ" },
        waf: { enabled: true, logs: true },
      },
      service: { scaling: { enabled: true, requestsPerMinute: 100 }, capacity: { fargateSpotWeight: 1 } },
      delivery: { strategy: { type: "canary", percentage: 99, intervalMinutes: 2880 } },
      notifications: { slackWebhookParameter: "/carts-api/slack" },
      ci: { provider: "github", repository: "octo-org/carts-api" },
    },
    share.environment,
  );
  const names = namesIn(everything);

  it("is of a kind whose limits are known here", () => {
    expect(names.filter(({ kind }) => !(kind in LIMITS))).toEqual([]);
  });

  it("is one that AWS takes", () => {
    const refused = names.filter(({ kind, name }) => {
      const [max, pattern] = LIMITS[kind] ?? [0, /$^/];
      return name.length > max || !pattern.test(name);
    });
    expect(refused).toEqual([]);
    expect(new Set(names.map(({ kind }) => kind)).size).toBeGreaterThan(15);
  });

  it("is unlike any other of its kind", () => {
    // A role's one policy is named as the role is.
    const twice = names.filter(
      ({ kind, name }, index) => names.findIndex((other) => other.kind === kind && other.name === name) !== index,
    );
    expect(twice).toEqual([]);
  });

  it("fits into a tag", () => {
    const tags = Object.values(everything.stacks)
      .flatMap(({ json }) => Object.values(json.resource ?? {}).flatMap((blocks) => Object.values(blocks)))
      .flatMap(({ tags: own }) => (typeof own === "object" && own !== null ? Object.values(own as Block) : []));
    expect(tags).not.toEqual([]);
    expect(tags.filter((tag) => String(tag).length > MAX_TAG_LENGTH)).toEqual([]);
  });
});
