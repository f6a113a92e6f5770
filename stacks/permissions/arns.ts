/** Partition, region and account of one environment: the common parts of its ARNs. */
export interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Builds the ARNs of one environment. */
export class Arns {
  constructor(private readonly scope: ArnScope) {}

  /** A resource in the region, such as `regional("ecs", "cluster/orders-staging")`. */
  regional(service: string, resource: string): string {
    const { partition, region, account } = this.scope;
    return `arn:${partition}:${service}:${region}:${account}:${resource}`;
  }

  /** A resource of the account without a region: IAM's, and CloudWatch's dashboards. */
  global(service: string, resource: string): string {
    return `arn:${this.scope.partition}:${service}::${this.scope.account}:${resource}`;
  }

  /** A bucket or its objects. Their ARNs contain no region and no account. */
  bucket(resource: string): string {
    return `arn:${this.scope.partition}:s3:::${resource}`;
  }

  /** All revisions of a task definition. The first ARN is for registering a new one, which has no number yet. */
  taskDefinitions(family: string): string[] {
    return ["", ":*"].map((revision) => this.regional("ecs", `task-definition/${family}${revision}`));
  }

  /** A Route 53 resource. */
  route53(resource: string): string {
    return `arn:${this.scope.partition}:route53:::${resource}`;
  }
}

/** Names of actions with the prefix of their service: `actions("ecs", "CreateService")` gives `["ecs:CreateService"]`. */
export function actions(service: string, ...names: readonly string[]): string[] {
  return names.map((name) => `${service}:${name}`);
}
