import { z } from "zod";
import { egressSchema, securityGroupIdsSchema } from "./egress-schema";
import { taskPoliciesSchema } from "./task-policies-schema";
import { flag, integer, listOfUnique, number, object, oneOf, port, retentionDays, text } from "./rules";

/** Terraform would evaluate these in any string it is given. */
const withoutTemplates = (value: string) => !/[$%]\{/.test(value);

const PARAMETER = /^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter(\/[\w.-]+)+$/;
/** A secret, or of its JSON one key, of which version (`secret:name-AbCdEf:password::`). */
const SECRET = /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6})(:[^:${}%]*){0,3}$/;
const KMS_KEY = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;

/** An ARN of a KMS key (not of an alias: policies say keys). */
export const kmsKeyArn = text("a KMS key's ARN such as arn:aws:kms:eu-central-1:123456789012:key/…", (value) =>
  KMS_KEY.test(value),
);

/** Where a secret's value is kept. */
export interface SecretSource {
  readonly service: "ssm" | "secretsmanager";
  /** Of the parameter or of the whole secret: what a policy names. */
  readonly arn: string;
  readonly region: string;
}

/** Reads the reference of `service.secrets`; undefined when it is none that ECS takes. */
export function secretSource(reference: string): SecretSource | undefined {
  const region = reference.split(":")[3] ?? "";
  if (PARAMETER.test(reference)) return { service: "ssm", arn: reference, region };
  const [, arn] = SECRET.exec(reference) ?? [];
  const parts = reference.split(":").length;
  // The whole secret has seven parts; JSON key, stage and version come all three, or none.
  return arn !== undefined && (parts === 7 || parts === 10) ? { service: "secretsmanager", arn, region } : undefined;
}

/**
 * `service` in the configuration: what runs, how large, how many, and what it is told. What stands in the task definition
 * (size, port, variables, secrets, file system) reaches a service that runs with `npm run release -- --task-definition latest`:
 * any other release starts from the revision that is live.
 */
export const serviceSchema = object({
  /**
   * Tasks at first, two for two zones; every one costs. Later the count is autoscaling's, or whose hand sets it: Terraform
   * looks away. With `scaling` the count never falls below it.
   */
  desiredCount: integer(1, 5000),
  /** CPU units: 256, 512, 1024, … A vCPU (1024) costs about 30 USD a month and task, ARM64 a fifth less. */
  cpu: number("Fargate's CPU units", Number.isInteger),
  /** MiB; a GiB costs about 3.20 USD a month and task. Fargate has only certain ones for each `cpu`. */
  memory: number("MiB", Number.isInteger),
  /** The image has to be built for it: the first one and every release is. */
  architecture: oneOf("X86_64", "ARM64"),
  /**
   * Port that the container listens on. Chosen once: a port changed later changes nothing that runs, since releases start
   * from the live task definition. Target groups and rules stay as they are, for others would cut off the running tasks.
   */
  containerPort: port,
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeoutSeconds: integer(2, 120, "seconds; 120 is Fargate's limit"),
  /** Days that CloudWatch Logs keeps the service's logs. */
  logRetentionDays: retentionDays,
  /** Extra environment variables of the container; no place for secrets: whoever may describe a task definition reads them. */
  environment: z.record(
    z.string(),
    text("a string without ${ and %{, which Terraform would evaluate", withoutTemplates),
    {
      error: "an object of variable names and strings",
    },
  ),
  /**
   * Variables whose values ECS reads when a task starts: `{ "DB_PASSWORD": "<ARN>" }` of a secret of Secrets Manager
   * (with `:<JSON key>::` for one key of it) or of an SSM parameter. The values are never in the configuration, the state
   * or the plan. A secret that is gone or out of reach keeps every new task from starting.
   */
  secrets: z.record(
    z.string(),
    text(
      "the full ARN of a secret (ending in a hyphen and six characters; then nothing, or :<JSON key>:<stage>:<version>) or of an SSM parameter",
      (value) => secretSource(value) !== undefined,
    ),
    { error: "an object of variable names and ARNs" },
  ),
  /** Customer-managed keys that `secrets` are encrypted with; tasks may then decrypt with them. Default: none, AWS's own keys. */
  secretsKeyArns: listOfUnique(kmsKeyArn, 0, "a list of KMS key ARNs"),
  /**
   * Where the tasks may go beside TCP 443 to anywhere, which ECR, CloudWatch Logs and DynamoDB need: a database, a cache, a
   * broker. `{ "port": 5432, "to": "10.20.0.0/16" }`; a range of ports in quotes; `to` may also be an IPv6 range, a security
   * group or a prefix list. It takes effect at the next deploy, for tasks that run as well. What answers there has to let the
   * tasks in: the output `tasks_security_group_id` names their group. Amazon's DNS server needs no rule, one of your own
   * does (port 53, udp and tcp). A rehearsal doesn't play it: on your machine the tasks reach everything.
   */
  egress: egressSchema,
  /**
   * Security groups of the tasks beside their own, in the same VPC: such as one that a database lets in already. Chosen at
   * the start, as the subnets are: a service that runs keeps its groups through every release.
   */
  securityGroupIds: securityGroupIdsSchema,
  /**
   * What the service's own code may do beside reading and writing its table: ARNs of managed policies, and statements such as
   * `{ "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::my-bucket/*"] }`, with `conditions` as IAM has them.
   */
  taskPolicies: taskPoliciesSchema,
  /**
   * How tasks are spread over Fargate and Fargate Spot. Spot costs up to 70 % less; AWS takes its tasks back at two
   * minutes' notice, and when it has none to give, a release waits for the new tasks, fails after an hour and leaves the
   * old ones where they are. Chosen at the start: Terraform could change it only with a new service, so it looks away, and
   * a service that runs keeps its own through every release. To change it, write the new one into api/appspec.yaml, in
   * place of `<CAPACITY_PROVIDER_STRATEGY>`, and release: the cluster has both capacity providers.
   */
  capacity: object({
    /** Share of the tasks on Fargate. */
    fargateWeight: integer(0, 1000),
    /** Share of the tasks on Fargate Spot; 0: none, and no capacity providers at all. */
    fargateSpotWeight: integer(0, 1000),
    /** So many tasks are on Fargate before the weights count. */
    fargateBase: integer(0, 5000),
  }),
  /**
   * Adds and takes away tasks (target tracking), `desiredCount` the fewest. Costs what the tasks cost, and about 1 USD a
   * month for its alarms. Tasks are counted in whichever target group has more healthy ones, so that neither the colours'
   * swap nor the second task set of a release misleads it; ALBRequestCountPerTarget, which names one target group, would
   * watch the idle one after every other release. Limits: while a release runs ECS adds tasks but takes none away; a
   * release fails when tasks are added during its shift and don't run within five minutes; without any request the count
   * stays where it is as long as `requestsPerMinute` is set.
   */
  scaling: object({
    enabled: flag,
    /** Most tasks; a release runs twice as many for a while: mind the account's quota of vCPUs. */
    maxCount: integer(1, 5000),
    /** Percent of the tasks' CPU that is aimed at. */
    cpuPercent: integer(10, 90, "percent"),
    /** Requests a minute and task that are aimed at: measure what a task bears. Default: CPU alone decides. */
    requestsPerMinute: integer(1, 10_000_000).optional(),
    /** Seconds after tasks were taken away until more are. */
    scaleInCooldownSeconds: integer(0, 3600),
    /** Seconds after tasks were added until more are. */
    scaleOutCooldownSeconds: integer(0, 3600),
  }),
  /**
   * `aws ecs execute-command`: a shell in a running task, for whoever's IAM rights allow it, with all the task may do. Needs a
   * root file system that can be written. Off, the tasks have no rights to the channel.
   */
  exec: flag,
  /** The container can't write to its image: whoever breaks in can't leave a program there. */
  readOnlyRootFileSystem: flag,
});
