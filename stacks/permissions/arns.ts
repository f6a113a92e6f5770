/** Where the resources of one environment are: what an ARN is made of. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Makes the ARNs of one place. */
export class Arns {
  constructor(private readonly place: Place) {}

  /** A resource of the region, e.g. `arn("ecs", "cluster/tasks-api-staging")`. */
  regional(service: string, resource: string): string {
    const { partition, region, account } = this.place;
    return `arn:${partition}:${service}:${region}:${account}:${resource}`;
  }

  /** A resource of the account without a region: IAM's, CloudWatch's dashboards. */
  global(service: string, resource: string): string {
    return `arn:${this.place.partition}:${service}::${this.place.account}:${resource}`;
  }

  /** A bucket, or objects in it: they name neither region nor account. */
  bucket(resource: string): string {
    return `arn:${this.place.partition}:s3:::${resource}`;
  }

  /** The revisions of a task definition, also the one that is being registered and has no number yet. */
  taskDefinitions(family: string): string[] {
    return ["", ":*"].map((revision) => this.regional("ecs", `task-definition/${family}${revision}`));
  }

  /** A Route 53 resource. */
  route53(resource: string): string {
    return `arn:${this.place.partition}:route53:::${resource}`;
  }
}

/** `actions("ecs", "CreateService", …)`: each with its service before it. */
export function actions(service: string, ...names: readonly string[]): string[] {
  return names.map((name) => `${service}:${name}`);
}
