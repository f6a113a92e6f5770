import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../stacks/config";
import { SHARED } from "../shared-load-balancer";
import { fixtureWithSections } from "../fixtures/configuration";
import { synthesizeInto } from "../synthesis";
import { Estate, type StackJson } from "./estate";

type Context = Readonly<Record<string, unknown>>;

/** One environment in one configuration. */
export interface Configuration {
  readonly environment: string;
  /** Name as in cdktf.json. */
  readonly context: Context;
}

const ACCOUNT = "123456789012";

/** All options turned on, except those that weaken the service: a shell in the tasks, a writable file system. */
const EVERYTHING_ON = {
  account: ACCOUNT,
  network: {
    zones: 3,
    natGateways: "one-per-zone",
    interfaceEndpoints: ["ecr", "logs", "codedeploy"],
    flowLogs: { traffic: "all", retentionDays: 365 },
  },
  encryption: { customerManagedKey: true },
  loadBalancer: {
    deletionProtection: true,
    testAllowedCidrs: ["203.0.113.0/24"],
    https: { domainName: "tasks.example.com", zoneId: "Z0123456789ABCDEFGHIJ" },
    waf: { enabled: true, logs: true, logRetentionDays: 365 },
  },
  service: {
    desiredCount: 3,
    architecture: "ARM64",
    logRetentionDays: 365,
    environment: { GREETING: "hello" },
    secrets: { DATABASE_PASSWORD: `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:tasks-AbCdEf` },
    secretsKeyArns: [`arn:aws:kms:eu-central-1:${ACCOUNT}:key/00000000-0000-4000-8000-000000000000`],
    egress: [{ port: 5432, to: "10.0.128.0/20" }],
    securityGroupIds: ["sg-0123456789abcdef0"],
    taskPolicies: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/*"] }],
    capacity: { fargateWeight: 1, fargateSpotWeight: 1, fargateBase: 2 },
    scaling: { enabled: true, requestsPerMinute: 1000 },
  },
  table: { deletionProtection: true },
  delivery: { strategy: { type: "linear", percentage: 20, intervalMinutes: 3 } },
  notifications: { emails: ["ops@example.com"], slackWebhookParameter: "/carts-api/slack-webhook" },
  ci: {
    provider: "github",
    repository: "octo-org/carts-api",
    ownerId: 123456,
    repositoryId: 456789,
    environment: "production",
  },
};

/** An existing VPC. */
const OWN_VPC = {
  network: {
    vpc: {
      id: "vpc-0123456789abcdef0",
      cidr: "10.1.0.0/16",
      publicSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
      natAddresses: ["203.0.113.7"],
    },
  },
};

/** The other kinds of CI whose jobs can assume the roles, by name. */
const OTHER_CIS: Readonly<Record<string, object>> = {
  "GitLab.com": { provider: "gitlab", project: "octo-group/carts-api", projectId: 42 },
  "a GitLab of one's own": { provider: "gitlab", project: "octo-group/carts-api", issuer: "https://git.example.com" },
  "another CI": {
    provider: "oidc",
    issuer: "https://ci.example.com/org/1",
    audience: "sts.amazonaws.com",
    subjects: {
      plan: ["org:1:pipeline:tasks:ref:refs/heads/*"],
      deploy: ["org:1:pipeline:tasks:ref:refs/heads/main"],
      release: ["org:1:pipeline:tasks:ref:refs/heads/main", "org:1:pipeline:tasks:ref:refs/tags/v*"],
    },
  },
};

/** The configurations for every rule: the environments of the fixture, and the extremes. */
export const CONFIGURATIONS: Readonly<Record<string, Configuration>> = {
  ...Object.fromEntries(
    ["staging", "production"].map((environment) => [
      environment,
      { environment, context: fixtureWithSections(environment) },
    ]),
  ),
  "everything on": { environment: "production", context: fixtureWithSections("production", EVERYTHING_ON) },
  "the alarms of the article": {
    environment: "production",
    context: fixtureWithSections("production", { ...EVERYTHING_ON, gate: { preset: "article" } }),
  },
  "a VPC of one's own": { environment: "production", context: fixtureWithSections("production", OWN_VPC) },
  "no table": {
    environment: "production",
    context: fixtureWithSections("production", {
      ...EVERYTHING_ON,
      service: { ...EVERYTHING_ON.service, table: false },
      table: {},
    }),
  },
  "a shared load balancer": { environment: "production", context: fixtureWithSections("production", SHARED) },
  ...Object.fromEntries(
    Object.entries(OTHER_CIS).map(([name, ci]) => [
      name,
      { environment: "production", context: fixtureWithSections("production", { ...EVERYTHING_ON, ci }) },
    ]),
  ),
};

/** Synthesizes a configuration. */
export function synthesize({ environment, context }: Configuration): Estate {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  try {
    const outdir = synthesizeInto(folder, loadConfig({ environment, context }));
    const read = (id: string) =>
      JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8")) as StackJson;
    const stacks = readdirSync(join(outdir, "stacks"));
    return new Estate(Object.fromEntries(stacks.map((id) => [id.slice(environment.length + 1), read(id)])));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
