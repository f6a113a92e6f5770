import { shortList, matches, type Statement } from "./policy";
import { isNegated, isSimple } from "./policy-difference";
import { isWorld } from "./rules/ranges";

const READING = /^[\w-]+:(Get|List|Describe|BatchGet|BatchCheck|Lookup|View|Search|Test|Simulate)\w*\*?$/i;
/** They read what is stored, or what opens something else, and not merely how things are set up. */
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
 * IAM allows these on every resource or not at all (Service Authorization Reference; Lambda's guide for the interfaces), or,
 * as with aliases, another resource in the same statement bounds them.
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
/** Conditions that leave few of the resources that a wildcard stands for. */
const NARROWS_RESOURCES = /^aws:(resource|request)tag\/|^kms:viaservice$|^ecs:cluster$/;
/** Resources whose ids AWS makes up: nobody can name his own beforehand, and nothing is kept in them. */
const NAMELESS = /:(?:certificate|scalable-target)\/\*$/;
/** Conditions by which S3 calls a policy not public, and their like in other services. */
const NARROWS_WHO =
  /^aws:(sourcearn|sourceaccount|sourceowner|sourceorgid|sourcevpc|sourcevpce|sourceip|userid|principal(arn|account|orgid|orgpaths))$|^kms:calleraccount$|^s3:dataaccesspoint(arn|account)$/;

/** Whether an action only reads how things are set up, however many it stands for. */
export function onlyReads(action: string): boolean {
  return READING.test(action) && !REVEALING.some((name) => matches(action, name, true));
}

/** What is too wide in a statement that allows; empty: nothing. */
export function wildcardsIn(statement: Statement): readonly string[] {
  const { actions, resources, negated } = statement;
  if (negated.length > 0) {
    return negated.map((name) => `${name}: everything but ${shortList(name === "NotAction" ? actions : resources)}`);
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

/** `*`, or every resource of a kind: `arn:aws:iam::123456789012:role/*`. What S3's begin with is a name, and no kind. */
function isEverything(resource: string): boolean {
  const [, service = "", name = resource] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.*)$/.exec(resource) ?? [];
  const rest = service === "s3" ? name : name.replace(/^[\w-]+[:/]/, "");
  return /^\*[*:/]*$/.test(rest) && !NAMELESS.test(resource);
}

/** Resources of a grant that a wildcard has widened beyond what was named before: `<pattern> instead of <name>`. */
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

/** Whether anybody at all is meant: no principal is named, and no condition says whose. */
export function allowsAnybody(statement: Statement): boolean {
  if (statement.negated.includes("NotPrincipal")) return true;
  return statement.principals.includes("*") && !hasCondition(statement, NARROWS_WHO);
}

/** A condition on such a key that a request must meet, with values of which none stands for everything. */
function hasCondition({ conditions }: Statement, names: RegExp): boolean {
  return Object.entries(conditions).some(
    ([key, values]) =>
      !isNegated(key) &&
      isSimple(key) &&
      names.test(key.slice(key.indexOf("/") + 1).toLowerCase()) &&
      values.every((value) => !/^[*?]/.test(value) && !isWorld(value)),
  );
}
