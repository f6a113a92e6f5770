import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "../../scripts/command/synthesized-stacks";

type Block = Record<string, unknown>;
type Resources = Record<string, Record<string, Block>>;
/** Changes a stack's resources, which are its own copy. */
type Edit = (resources: Resources) => void;

/**
 * What no configuration turns off, changed in the JSON as a change of the sources would come out there. By the stack's name.
 */
export const DANGEROUS_EDITS: Readonly<Record<string, Edit>> = {
  service: (resources) => {
    Object.assign(one(resources, "aws_lb"), {
      name: "another",
      drop_invalid_header_fields: false,
      access_logs: { ...(one(resources, "aws_lb")["access_logs"] as Block), enabled: false },
    });
    Object.assign(one(resources, "aws_ecs_service"), { name: "another" });
    Object.assign(one(resources, "aws_dynamodb_table"), {
      name: "another",
      point_in_time_recovery: { enabled: false },
      server_side_encryption: { enabled: false },
    });
    const toTasks = one(resources, "aws_vpc_security_group_ingress_rule", "from-load-balancer");
    Reflect.deleteProperty(toTasks, "referenced_security_group_id");
    toTasks["cidr_ipv4"] = "0.0.0.0/0";
    one(resources, "aws_s3_bucket_public_access_block")["restrict_public_buckets"] = false;
    one(resources, "aws_s3_bucket_versioning")["versioning_configuration"] = { status: "Suspended" };
    Reflect.deleteProperty(resources, "aws_s3_bucket_server_side_encryption_configuration");
    const role = one(resources, "aws_iam_role", "execution-role");
    allow(role, "assume_role_policy", { Principal: { AWS: "*" }, Action: "sts:AssumeRole" });
    const rights = one(resources, "aws_iam_role_policy", "execution-role");
    allow(rights, "policy", { Action: "s3:*", Resource: "*" });
  },
  delivery: (resources) => {
    const group = one(resources, "aws_codedeploy_deployment_group");
    const alarms = group["alarm_configuration"] as { readonly alarms: readonly string[] };
    group["alarm_configuration"] = { ...alarms, alarms: alarms.alarms.slice(1), ignore_poll_alarm_failure: true };
    group["auto_rollback_configuration"] = { enabled: true, events: ["DEPLOYMENT_FAILURE"] };
    one(resources, "aws_cloudwatch_metric_alarm", "unhealthyHosts")["treat_missing_data"] = "ignore";
    one(resources, "aws_kms_key")["enable_key_rotation"] = false;
    const topic = one(resources, "aws_sns_topic_policy");
    allow(topic, "policy", { Principal: "*", Action: "sns:Publish", Resource: "*" });
  },
};

/** Makes the changes in the stacks' JSON, where they lie. */
export function editStacks(stacks: readonly SynthesizedStack[], edits: Readonly<Record<string, Edit>>): void {
  for (const { name, directory } of stacks) {
    const edit = edits[name];
    if (!edit) continue;
    const file = join(directory, "cdk.tf.json");
    const stack = JSON.parse(readFileSync(file, "utf8")) as { resource: Resources };
    edit(stack.resource);
    writeFileSync(file, JSON.stringify(stack));
  }
}

/** The first resource of a type whose address has `part` in it. */
function one(resources: Resources, type: string, part = ""): Block {
  const found = Object.entries(resources[type] ?? {}).find(([name]) => name.includes(part));
  if (!found) throw new Error(`no ${type} ${part}: edit what is there`);
  return found[1];
}

/** Adds a statement that allows something to a policy. */
function allow(block: Block, attribute: string, statement: Block): void {
  const policy = JSON.parse(String(block[attribute])) as { Statement: Block[] };
  policy.Statement.push({ Effect: "Allow", ...statement });
  block[attribute] = JSON.stringify(policy);
}
