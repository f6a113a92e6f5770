import { matches, shortList, type Statement } from "./policy";
import { isNegated, isSimple } from "./policy-difference";
import { isWorld } from "./rules/ranges";

const READING = /^[\w-]+:(Get|List|Describe|BatchGet|BatchCheck|Lookup|View|Search|Test|Simulate)\w*\*?$/i;
/** Reading actions that give access to stored data or credentials, not only to settings. */
const REVEALING = [
  "dynamodb:BatchGetItem",
  "dynamodb:GetItem",
  "dynamodb:GetRecords",
  "ec2:GetPasswordData",
  "kinesis:GetRecords",
  "lambda:GetFunction",
  "s3:GetObject",
  "s3:GetObjectVersion",
  "secretsmanager:BatchGetSecretValue",
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParameterHistory",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
];
/**
 * Actions that IAM can't restrict to a resource, as
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 * lists them (for network interfaces: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html); and actions on
 * aliases, which the key in the same statement restricts.
 */
const UNNARROWABLE = [
  "acm:RequestCertificate",
  "cloudwatch:PutMetricData",
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:UnassignPrivateIpAddresses",
  "ecs:DeregisterTaskDefinition",
  "ecs:RegisterTaskDefinition",
  "kms:CreateAlias",
  "kms:CreateKey",
  "kms:DeleteAlias",
  "kms:UpdateAlias",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:PutResourcePolicy",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];
/** Condition keys that restrict the resources that a wildcard stands for. */
const NARROWS_RESOURCES = /^aws:(resource|request)tag\/|^kms:viaservice$|^ecs:cluster$/;
/** Resources whose ids AWS generates, so that a policy can't name them beforehand, and which store no data. */
const NAMELESS = /:(?:certificate|scalable-target)\/\*$/;
/**
 * Condition keys that make a policy not public for S3 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html),
 * and similar keys of other services.
 */
const NARROWS_WHO =
  /^aws:(sourcearn|sourceaccount|sourceowner|sourceorgid|sourcevpc|sourcevpce|sourceip|userid|principal(arn|account|orgid|orgpaths))$|^kms:calleraccount$|^s3:dataaccesspoint(arn|account)$/;

/** Whether an action only reads settings, also when it has a wildcard. */
export function onlyReads(action: string): boolean {
  return READING.test(action) && !REVEALING.some((name) => matches(action, name, true));
}

/** What is too wide in a statement that allows, in words that follow "allows"; empty: nothing. */
export function wildcardsIn(statement: Statement): readonly string[] {
  const { actions, resources, negated } = statement;
  if (negated.length > 0) {
    return negated.map((name) => `${name}: everything except ${shortList(name === "NotAction" ? actions : resources)}`);
  }
  const wide = actions.filter((action) => action.includes("*") && !READING.test(action));
  const powerful = actions.filter((action) => !onlyReads(action) && !UNNARROWABLE.includes(action));
  const everywhere = resources.filter(isEverything);
  return [
    ...(wide.length > 0 ? [`any action like ${shortList(wide)}`] : []),
    ...(everywhere.length > 0 && powerful.length > 0 && !hasCondition(statement, NARROWS_RESOURCES)
      ? [`${shortList(powerful)} on ${everywhere.includes("*") ? "every resource" : shortList(everywhere)}`]
      : []),
  ];
}

/**
 * Whether a resource is `*`, or every resource of a kind, e.g. `arn:aws:iam::123456789012:role/*`. An ARN of S3 has no kind: it
 * begins with the bucket's name.
 */
function isEverything(resource: string): boolean {
  const [, service = "", name = resource] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.*)$/.exec(resource) ?? [];
  const rest = service === "s3" ? name : name.replace(/^[\w-]+[:/]/, "");
  return /^\*[*:/]*$/.test(rest) && !NAMELESS.test(resource);
}

/** Resources of a grant in which a wildcard replaces a former name, as `<pattern> instead of <name>`. */
export function widenedResources(before: readonly Statement[], grant: Statement): readonly string[] {
  const old = before.filter(
    ({ effect, actions }) =>
      effect === "Allow" && grant.actions.some((action) => actions.some((one) => matches(one, action, true))),
  );
  return grant.resources.flatMap((resource) => {
    const named = old.flatMap(({ resources }) => resources).find((one) => one !== resource && matches(resource, one));
    return named === undefined ? [] : [`${resource} instead of ${named}`];
  });
}

/** Whether a statement applies to anybody: it names no principal, and no condition restricts the caller. */
export function allowsAnybody(statement: Statement): boolean {
  if (statement.negated.includes("NotPrincipal")) return true;
  return statement.principals.includes("*") && !hasCondition(statement, NARROWS_WHO);
}

/** Whether a statement has a condition on one of these keys that every request must meet, and whose values are not wildcards. */
function hasCondition({ conditions }: Statement, names: RegExp): boolean {
  return Object.entries(conditions).some(
    ([key, values]) =>
      !isNegated(key) &&
      isSimple(key) &&
      names.test(key.slice(key.indexOf("/") + 1).toLowerCase()) &&
      values.every((value) => !/^[*?]/.test(value) && !isWorld(value)),
  );
}
