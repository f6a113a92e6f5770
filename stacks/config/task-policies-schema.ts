import { z } from "zod";
import { list, listOfUnique, object, text } from "./rules";

/** A managed policy of a customer or of AWS (account `aws`). Its path may have several parts. */
const POLICY = /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/;
const ACTION = /^[a-z0-9-]+:[A-Za-z0-9*?]+$/;
/**
 * An ARN with the characters that IAM allows in policies
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html).
 */
const RESOURCE = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9*-]*:(\d{12}|aws|\*|):[\u0020-\u00FF]+$/;
/** Terraform evaluates `${` and `%{` in any string. */
const withoutTemplates = (value: string) => !/[$%]\{/.test(value);
const CONDITION = "a text without ${ and %{, which Terraform would evaluate, or a list of such texts";

/** Longest list. It is larger than the largest quota of managed policies, plus as many statements. */
const MAX_POLICIES = 100;

const conditionValue = text(CONDITION, (value) => withoutTemplates(value) && /^[\u0020-\u00FF]*$/.test(value));

const statement = object({
  actions: listOfUnique(
    text("an action such as s3:GetObject", (value) => ACTION.test(value)),
    1,
    "a list of at least one action",
  ),
  resources: listOfUnique(
    text(
      'an ARN such as arn:aws:s3:::my-bucket/*, or "*"',
      (value) => value === "*" || (RESOURCE.test(value) && withoutTemplates(value)),
    ),
    1,
    "a list of at least one resource",
  ),
  /** Conditions as in IAM: operator, then key, then values. */
  conditions: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.union([conditionValue, z.array(conditionValue, { error: CONDITION })], { error: CONDITION }),
        {
          error: "an object of condition keys and their values",
        },
      ),
      { error: "an object of operators such as StringEquals" },
    )
    .optional(),
});

/** `service.taskPolicies` in the configuration. */
export const taskPoliciesSchema = list(
  z.union([text("a managed policy's ARN", (value) => POLICY.test(value)), statement], {
    error: "the ARN of a managed policy (arn:aws:iam::123456789012:policy/…), or an object of actions and resources",
  }),
  MAX_POLICIES,
  "a list of ARNs of managed policies, and of objects of actions and resources",
);

type TaskPolicies = z.infer<typeof taskPoliciesSchema>;

/** The ARNs of managed policies in the list, in its order. */
export function managedPolicies(policies: TaskPolicies): string[] {
  return policies.filter((policy) => typeof policy === "string");
}

/** The statements in the list, in its order. */
export function inlineStatements(policies: TaskPolicies): Exclude<TaskPolicies[number], string>[] {
  return policies.filter((policy) => typeof policy !== "string");
}
