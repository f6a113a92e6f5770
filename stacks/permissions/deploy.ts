import type { Config } from "../config";
import { CI_PROVIDERS } from "../config/ci-schema";
import { managedPolicies } from "../config/task-policies-schema";
import type { Statement } from "../constructs/policy";
import { ciRolesOf, namesOf } from "../names";
import { actions, type Arns } from "./arns";
import { deliveryWrites } from "./deploy-delivery";
import { networkWrites } from "./deploy-network";
import { serviceWrites } from "./deploy-service";
import { readStatements } from "./reads";
import { stateWrites } from "./state";

/** AWS services that assume the roles of the stacks. Roles can be passed only to these. */
const ROLE_SERVICES = ["ecs-tasks", "codedeploy", "lambda", "vpc-flow-logs"].map((name) => `${name}.amazonaws.com`);
/** AWS services whose service-linked roles the stacks may create, in an account that has none yet. */
const LINKED_SERVICES = ["ecs", "elasticloadbalancing", "ecs.application-autoscaling", "wafv2"].map(
  (name) => `${name}.amazonaws.com`,
);

/**
 * Permissions to apply the stacks, by subject. Each subject becomes a separate policy, because a single one would be too long.
 * Names limit them to this environment. For resources without names, tags or the region limit them.
 */
export function deployStatements(config: Config, arns: Arns): Readonly<Record<string, readonly Statement[]>> {
  const names = namesOf(config);
  return {
    state: stateWrites(config, arns),
    reads: readStatements(config, arns, [names.repository]),
    ...(config.network.vpc === undefined
      ? { network: networkWrites(config) }
      : { network: securityGroupWrites(config) }),
    service: serviceWrites(config, arns),
    delivery: deliveryWrites(config, arns),
    roles: roleWrites(config, arns),
  };
}

/** Permissions to change security groups, which the stacks also create in an existing VPC. */
function securityGroupWrites(config: Config): Statement[] {
  return networkWrites(config).map((statement) => ({
    ...statement,
    actions: statement.actions.filter((action) => /SecurityGroup|Tags$|NetworkInterface/.test(action)),
  }));
}

/** Permissions to attach only the configuration's managed policies to the task role, and to detach any policy. */
function attachmentWrites(config: Config, arns: Arns): Statement[] {
  const managed = managedPolicies(config.service.taskPolicies);
  const taskRole = [arns.global("iam", `role/${namesOf(config).prefix}-task`)];
  return managed.length === 0
    ? []
    : [
        {
          actions: ["iam:AttachRolePolicy"],
          resources: taskRole,
          conditions: { ArnEquals: { "iam:PolicyARN": managed } },
        },
        { actions: ["iam:DetachRolePolicy"], resources: taskRole },
      ];
}

/**
 * Permissions to change the roles of the environment, except those of the CI: no job may extend its own permissions.
 * Without a permissions boundary, the created roles can still have more permissions than this one.
 */
function roleWrites(config: Config, arns: Arns): Statement[] {
  const names = namesOf(config);
  // Of all environments, because the name of another one may start with this prefix, and of every CI that it may trust.
  const ofCi = CI_PROVIDERS.flatMap((provider) => Object.values(ciRolesOf(`${config.project}-*`, provider))).map(
    (role) => arns.global("iam", `role/${role}`),
  );
  const roles = [arns.global("iam", `role/${names.prefix}-*`)];
  const boundary = config.ci?.permissionsBoundaryArn;
  const withBoundary =
    boundary === undefined ? {} : { conditions: { StringEquals: { "iam:PermissionsBoundary": boundary } } };
  return [
    {
      actions: actions("iam", "CreateRole", "PutRolePolicy", "DeleteRolePolicy", "PutRolePermissionsBoundary"),
      resources: roles,
      ...withBoundary,
    },
    ...attachmentWrites(config, arns),
    {
      actions: actions("iam", "DeleteRole", "TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole"),
      resources: roles,
    },
    {
      actions: ["iam:PassRole"],
      resources: roles,
      conditions: { StringEquals: { "iam:PassedToService": ROLE_SERVICES } },
    },
    {
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [arns.global("iam", "role/aws-service-role/*")],
      conditions: { StringEquals: { "iam:AWSServiceName": LINKED_SERVICES } },
    },
    {
      effect: "Deny",
      actions: actions(
        "iam",
        ...["AttachRolePolicy", "CreateRole", "DeleteRole", "DeleteRolePermissionsBoundary", "DeleteRolePolicy"],
        ...["DetachRolePolicy", "PassRole", "PutRolePermissionsBoundary", "PutRolePolicy", "TagRole", "UntagRole"],
        ...["UpdateAssumeRolePolicy", "UpdateRole"],
      ),
      resources: ofCi,
    },
  ];
}
