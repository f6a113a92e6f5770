import { z } from "zod";
import { CONTAINER_NAME } from "./container-name";
import { egressSchema, securityGroupIdsSchema } from "./egress-schema";
import { relativePath } from "./paths";
import { taskPoliciesSchema } from "./task-policies-schema";
import { flag, integer, kmsKeyArn, listOfUnique, number, object, oneOf, port, retentionDays, text } from "./rules";
import { secretSource } from "./secret-source";

/** Terraform evaluates `${` and `%{` in any string. */
const withoutTemplates = (value: string) => !/[$%]\{/.test(value);

/**
 * `service` in the configuration: size, number and settings of the tasks. Keys of the task definition (size, port, variables,
 * secrets, file system) reach a running service with `npm run release -- --task-definition latest`. Any other release starts from
 * the live revision.
 */
export const serviceSchema = object({
  /**
   * Folder of the service, with its Dockerfile. An `appspec.yaml` in it replaces the built-in one. Another folder doesn't rename
   * the running container: set `container` to the old name, or create the service anew.
   */
  source: relativePath("a folder such as api"),
  /**
   * Name of the container that gets the requests; default: the last part of `source`. Choose it once: releases look for it in the
   * live task definition.
   */
  container: text(CONTAINER_NAME.allowed, (value) => CONTAINER_NAME.pattern.test(value)).optional(),
  /**
   * Number of tasks of a new service: two for two zones. Every task costs. Later, autoscaling or an operator sets the number, and
   * Terraform ignores it. With `scaling`, it is also the smallest number.
   */
  desiredCount: integer(1, 5000),
  /** CPU units: 256, 512, 1024, … A vCPU (1024) costs about 30 USD per month and task, with ARM64 a fifth less. */
  cpu: number("Fargate's CPU units", Number.isInteger),
  /** MiB. A GiB costs about 3.20 USD per month and task. Each `cpu` allows only certain values. */
  memory: number("MiB", Number.isInteger),
  /** The processor that images must be built for. The first image and every release are. */
  architecture: oneOf("X86_64", "ARM64"),
  /**
   * Port that the container listens on. Choose it once: releases start from the live task definition, so a later change has no
   * effect on what runs. Target groups and security group rules also keep the old port, because the running tasks need it.
   */
  containerPort: port,
  /**
   * A DynamoDB table for the service, with its name in the variable TABLE_NAME and the permissions to use it. False: none of it,
   * and `table` and the `table` in `encryption.use` have no effect. Turning it off deletes the table with its data. Apply the stack `access` after that, because it takes the permission to delete
   * the table from the role `deploy`.
   */
  table: flag,
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeoutSeconds: integer(2, 120, "seconds; 120 is Fargate's limit"),
  /** Days that CloudWatch Logs keeps the service's logs. */
  logRetentionDays: retentionDays,
  /** Additional environment variables of the container. Not for secrets: everybody who can describe the task definition reads them. */
  environment: z.record(
    z.string(),
    text("a string without ${ and %{, which Terraform would evaluate", withoutTemplates),
    {
      error: "an object of variable names and strings",
    },
  ),
  /**
   * Environment variables whose values ECS reads when a task starts: `{ "DB_PASSWORD": "<ARN>" }`. The ARN is that of a secret
   * of Secrets Manager (followed by `:<JSON key>::` for one key of it) or of an SSM parameter. The values are never in the
   * configuration, the state or the plan. No task can start while a secret is missing or can't be read.
   */
  secrets: z.record(
    z.string(),
    text(
      "the full ARN of a secret (ending in a hyphen and six characters; then nothing, or :<JSON key>:<stage>:<version>) or of an SSM parameter",
      (value) => secretSource(value) !== undefined,
    ),
    { error: "an object of variable names and ARNs" },
  ),
  /** Customer-managed keys that encrypt the `secrets`; ECS may then decrypt with them. Default: none, for AWS's own keys. */
  secretsKeyArns: listOfUnique(kmsKeyArn, 0, "a list of KMS key ARNs"),
  /**
   * Egress rules of the tasks, such as for a database, a cache or a broker: `{ "port": 5432, "to": "10.20.0.0/16" }`. A range of
   * ports stands in quotes. `to` may also be an IPv6 range, a security group or a prefix list. TCP 443 to everywhere is always
   * allowed: ECR, CloudWatch Logs and DynamoDB need it. A change takes effect with the next deploy, also for running tasks. The
   * other side must let the tasks in; their security group is the output `tasks_security_group_id`. Amazon's DNS server needs no
   * rule, your own DNS server does (port 53, udp and tcp). A rehearsal ignores these rules.
   */
  egress: egressSchema,
  /**
   * Additional security groups of the tasks, in the same VPC: for example one that a database already lets in. Choose them at the
   * start: a running service keeps its groups through every release.
   */
  securityGroupIds: securityGroupIdsSchema,
  /**
   * Permissions of the service's code, in addition to its table: ARNs of managed policies, and statements such as
   * `{ "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::my-bucket/*"] }`, with `conditions` as in IAM.
   */
  taskPolicies: taskPoliciesSchema,
  /**
   * Distribution of the tasks over Fargate and Fargate Spot. Spot costs up to 70 % less. AWS can stop Spot tasks two minutes
   * after a warning. When AWS has no Spot capacity, a release waits for its new tasks, fails after an hour, and keeps the old
   * ones. Choose it at the start: Terraform ignores later changes, because it would have to replace the service. To change it,
   * copy scripts/release/appspec.yaml into `source`, write the new strategy into it, in place of `<CAPACITY_PROVIDER_STRATEGY>`, and release. The cluster has both
   * capacity providers.
   */
  capacity: object({
    /** Share of the tasks on Fargate. */
    fargateWeight: integer(0, 1000),
    /** Share of the tasks on Fargate Spot. 0: none, and the service uses no capacity providers. */
    fargateSpotWeight: integer(0, 1000),
    /** Number of tasks on Fargate before the weights apply. */
    fargateBase: integer(0, 5000),
  }),
  /**
   * Autoscaling by target tracking; `desiredCount` is the smallest number of tasks. It costs what the tasks cost, and about 1 USD
   * a month for its alarms. It counts the tasks of the target group that has more healthy ones. So the result is right although
   * target groups swap, and while a release runs two task sets. (AWS's metric ALBRequestCountPerTarget names one target group,
   * which is idle after every second release.) Limits: during a release, ECS adds tasks but removes none. A release fails when
   * tasks are added during its traffic shift and don't run within five minutes. With `requestsPerMinute`, the number doesn't
   * change while there are no requests at all.
   */
  scaling: object({
    enabled: flag,
    /** Largest number of tasks. A release runs twice as many for some time: check the account's quota of vCPUs. */
    maxCount: integer(1, 5000),
    /** Target for the tasks' CPU, in percent. */
    cpuPercent: integer(10, 90, "percent"),
    /** Target for the requests per minute and task: measure how many a task can serve. Default: only CPU decides. */
    requestsPerMinute: integer(1, 10_000_000).optional(),
    /** Seconds to wait after removing tasks, before removing more. */
    scaleInCooldownSeconds: integer(0, 3600),
    /** Seconds to wait after adding tasks, before adding more. */
    scaleOutCooldownSeconds: integer(0, 3600),
  }),
  /**
   * Allows `aws ecs execute-command`: a shell in a running task, with the permissions of the task, for everybody whose IAM
   * permissions allow it. It needs a writable root file system. When it is off, the tasks have no permission for it.
   */
  exec: flag,
  /** The container can't write to its root file system, so an intruder can't store a program there. */
  readOnlyRootFileSystem: flag,
});
