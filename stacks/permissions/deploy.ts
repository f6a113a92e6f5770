import type { Config } from "../config";
import { managedPolicies } from "../config/task-policies-schema";
import type { Statement } from "../constructs/policy";
import { GITHUB_ROLES, namesOf } from "../names";
import { actions, type Arns } from "./arns";
import { deliveryWrites } from "./deploy-delivery";
import { networkWrites } from "./deploy-network";
import { serviceWrites } from "./deploy-service";
import { readStatements } from "./reads";
import { stateWrites } from "./state";

/** Services that the stacks' roles are for: they alone may be given one. */
const ROLE_SERVICES = ["ecs-tasks", "codedeploy", "lambda", "vpc-flow-logs"].map((name) => `${name}.amazonaws.com`);
/** Roles that AWS's services make for themselves in an account that has none yet. */
const LINKED_SERVICES = ["ecs", "elasticloadbalancing", "ecs.application-autoscaling", "wafv2"].map(
  (name) => `${name}.amazonaws.com`,
);

/**
 * What applying the four stacks takes, by subject: each becomes a policy of its own, since one alone would be too long.
 * Names bound it to this environment; where AWS knows no names before it makes something, tags or the region do.
 */
export function deployStatements(config: Config, arns: Arns): Readonly<Record<string, readonly Statement[]>> {
  const names = namesOf(config);
  return {
    state: stateWrites(config, arns),
    reads: readStatements(arns, `${config.project}-`, [names.repository]),
    ...(config.network.vpc === undefined
      ? { network: networkWrites(config) }
      : { network: securityGroupWrites(config) }),
    service: serviceWrites(config, arns),
    delivery: deliveryWrites(config, arns),
    roles: roleWrites(config, arns),
  };
}

/** Security groups are made in a VPC of somebody else's, too. */
function securityGroupWrites(config: Config): Statement[] {
  return networkWrites(config).map((statement) => ({
    ...statement,
    actions: statement.actions.filter((action) => /SecurityGroup|Tags$|NetworkInterface/.test(action)),
  }));
}

/** The task role may be given the managed policies of the configuration, and no others; any may be taken away. */
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
 * The roles of the environment, but not those of the workflows: nobody widens what he may do himself. The roles that are
 * made can still do more than this one can, unless a boundary keeps them in.
 */
function roleWrites(config: Config, arns: Arns): Statement[] {
  const names = namesOf(config);
  // Also those of others, whose names may begin as these do.
  const ofWorkflows = GITHUB_ROLES.map((role) => arns.global("iam", `role/${config.project}-*-github-${role}`));
  const roles = [arns.global("iam", `role/${names.prefix}-*`)];
  const { permissionsBoundaryArn: boundary } = config.github;
  const bounded =
    boundary === undefined ? {} : { conditions: { StringEquals: { "iam:PermissionsBoundary": boundary } } };
  return [
    {
      actions: actions("iam", "CreateRole", "PutRolePolicy", "DeleteRolePolicy", "PutRolePermissionsBoundary"),
      resources: roles,
      ...bounded,
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
      resources: ofWorkflows,
    },
  ];
}
