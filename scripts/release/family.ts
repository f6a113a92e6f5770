import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Tag } from "@aws-sdk/client-ecs";
import type { AwsPort, RawTaskDefinition } from "./aws-port";
import { allDeployments, PAGE_LIMIT } from "./deployment-list";
import { differences } from "./differences";
import type { GroupName } from "./identity";
import { deploymentsByRevision, lineageOf, revisionNumber, type Lineage } from "./lineage";
import { registerInput } from "./task-definition";

/** A registered revision with its tags. */
export interface Revision {
  readonly definition: RawTaskDefinition;
  readonly tags: readonly Tag[];
  /** Paths of the fields that the SDK doesn't know. */
  readonly unknown?: readonly string[];
}

/** A family of task definitions. Caches each response of AWS. */
export class Family {
  private readonly revisions = new Map<number, Promise<Revision>>();
  private history: Promise<ReadonlyMap<number, DeploymentInfo>> | undefined;

  constructor(
    private readonly aws: AwsPort,
    readonly name: string,
    private readonly group: GroupName,
  ) {}

  /** `family:7`. */
  reference(number: number): string {
    return `${this.name}:${number}`;
  }

  /** Caches a revision that was already read. */
  remember(revision: Revision): void {
    const number = revisionNumber(revision.definition.taskDefinitionArn);
    if (number !== undefined && revision.definition.family === this.name)
      this.revisions.set(number, Promise.resolve(revision));
  }

  /**
   * Describes a revision, active or not.
   *
   * @throws FamilyError when the response has no revision; what DescribeTaskDefinition throws
   */
  describe(number: number): Promise<Revision> {
    const reference = this.reference(number);
    const known =
      this.revisions.get(number) ??
      readRevision(this.aws, reference).then((revision) => {
        if (revision) return revision;
        throw new FamilyError(`AWS doesn't describe ${reference}`);
      });
    this.revisions.set(number, known);
    return known;
  }

  /**
   * Numbers of the active revisions, newest first, read page by page.
   *
   * @throws FamilyError when the list never ends; what ListTaskDefinitions throws
   */
  async *active(): AsyncGenerator<number> {
    let nextToken: string | undefined;
    let pages = 0;
    do {
      pages += 1;
      if (pages > PAGE_LIMIT)
        throw new FamilyError(`ListTaskDefinitions answered ${PAGE_LIMIT} pages, and no last one`);
      const page = await this.aws.listTaskDefinitions({
        familyPrefix: this.name,
        status: "ACTIVE",
        sort: "DESC",
        ...(nextToken !== undefined && { nextToken }),
      });
      for (const arn of page.taskDefinitionArns ?? []) {
        const number = revisionNumber(arn);
        if (number !== undefined) yield number;
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }

  /**
   * The newest deployment of each revision that a release deployed, by the revision's number.
   *
   * @throws what ListDeployments and BatchGetDeployments throw
   */
  deployments(): Promise<ReadonlyMap<number, DeploymentInfo>> {
    this.history ??= allDeployments(this.aws, this.group).then((all) => deploymentsByRevision(all, this.name));
    return this.history;
  }
}

/** The family can't be read: too many revisions of unknown origin, or a response about another revision. */
class FamilyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FamilyError";
  }
}

/**
 * Reads a revision with its tags; undefined when the response has none.
 *
 * @param reference with its number
 * @throws FamilyError when the response is about another revision; what DescribeTaskDefinition throws
 */
export async function readRevision(aws: AwsPort, reference: string): Promise<Revision | undefined> {
  const answer = await aws.describeTaskDefinition({ taskDefinition: reference, include: ["TAGS"] });
  const { taskDefinition: definition, tags = [], unknown = [] } = answer;
  const number = revisionNumber(definition?.taskDefinitionArn);
  if (number !== undefined && number !== revisionNumber(reference)) {
    throw new FamilyError(`AWS was asked for ${reference} and answered with ${definition?.taskDefinitionArn ?? "?"}`);
  }
  return definition && { definition, tags, unknown };
}

/** Largest number of revisions that are described to find the newest one of the stacks. */
const MAX_DESCRIBED = 50;

/**
 * Finds the stacks' revision that the live one comes from (`base`), and the newest of the stacks' revisions.
 *
 * A revision is the stacks' when no release registered it. A release tags its revisions with their lineage; for releases
 * from before that tag, the descriptions of CodeDeploy's deployments name the revisions. Revisions that an earlier release
 * has searched are not searched again.
 *
 * @throws FamilyError when too many revisions are of unknown origin; what AWS's calls throw
 */
export async function findLineage(family: Family, live: Revision): Promise<Lineage> {
  // The tags of a live revision of another family say nothing about this family.
  const isOfFamily = live.definition.family === family.name;
  const liveNumber = isOfFamily ? (revisionNumber(live.definition.taskDefinitionArn) ?? 0) : 0;
  const base = await baseOf(family, live);
  let known = isOfFamily ? lineageOf(live.tags, liveNumber) : undefined;
  let seen = Math.max(liveNumber, known?.seen ?? 0);
  let described = 0;
  for await (const number of family.active()) {
    seen = Math.max(seen, number);
    if (known !== undefined && number <= known.seen) break;
    described += 1;
    if (described > MAX_DESCRIBED) {
      throw new FamilyError(`none of the newest ${MAX_DESCRIBED} revisions of ${family.name} says where it comes from`);
    }
    const lineage = lineageOf((await family.describe(number)).tags, number);
    if (lineage !== undefined) {
      if (known === undefined || lineage.seen > known.seen) known = lineage;
      continue;
    }
    if (!(await family.deployments()).has(number)) return { base, newest: number, seen };
  }
  return { base, newest: known?.newest, seen };
}

/**
 * Number of the stacks' revision that a revision was made from; undefined when it is not known.
 *
 * @throws what AWS's calls throw
 */
export async function baseOf(family: Family, { definition, tags }: Revision): Promise<number | undefined> {
  const number = revisionNumber(definition.taskDefinitionArn);
  if (definition.family !== family.name || number === undefined) return undefined;
  const lineage = lineageOf(tags, number);
  if (lineage !== undefined) return lineage.base;
  const deployments = await family.deployments();
  if (!deployments.has(number)) return number;
  // Registered by a release from before the tag: its base is the only older revision of the stacks, if the differences fit.
  const older: number[] = [];
  for await (const each of family.active()) {
    if (each < number && !deployments.has(each)) older.push(each);
  }
  const [only, ...others] = older;
  const found = only === undefined || others.length > 0 ? undefined : await family.describe(only);
  if (!found || lineageOf(found.tags, only) !== undefined) return undefined;
  const changes = differences(registerInput(found.definition, found.tags), registerInput(definition, tags));
  return changes.every(({ path, to }) => to !== undefined && RELEASE_CHANGES.test(path)) ? only : undefined;
}

/** Paths of the fields that a release changes. */
const RELEASE_CHANGES = /^containerDefinitions\[[^\]]*\]\.(image|environment(\[[^\]]*\](\.value)?)?)$/;
