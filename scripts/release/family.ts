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
  /** Paths of what the SDK doesn't know. */
  readonly unknown?: readonly string[];
}

/** A family of task definitions, as far as it is looked at: each answer of AWS is kept. */
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

  /** Keeps a revision that is known already. */
  remember(revision: Revision): void {
    const number = revisionNumber(revision.definition.taskDefinitionArn);
    if (number !== undefined && revision.definition.family === this.name)
      this.revisions.set(number, Promise.resolve(revision));
  }

  /** Describes a revision, also an inactive one. @throws FamilyError when AWS doesn't; what DescribeTaskDefinition throws */
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

  /** Numbers of the active revisions, newest first, read page by page. @throws FamilyError; what ListTaskDefinitions throws */
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

  /** The newest deployment of each revision that releases deployed. @throws what ListDeployments and the like throw */
  deployments(): Promise<ReadonlyMap<number, DeploymentInfo>> {
    this.history ??= allDeployments(this.aws, this.group).then((all) => deploymentsByRevision(all, this.name));
    return this.history;
  }
}

/** The revisions can't be told: too many of which nobody knows who registered them, or an answer about another one. */
class FamilyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FamilyError";
  }
}

/**
 * Reads a revision with its tags; undefined when AWS answers without one.
 *
 * @param reference with its number
 * @throws FamilyError when AWS answers with another one; what DescribeTaskDefinition throws
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

/** So many revisions are described at most to find the stacks' newest. */
const MAX_DESCRIBED = 50;

/**
 * Finds out which of the stacks' revisions the live one comes from (`base`) and which is their newest. The stacks'
 * revisions are those that no release registered: a release leaves its lineage on what it registers, and CodeDeploy's
 * deployments name the revisions of releases from before there was one. What an earlier release has looked through isn't
 * looked through again.
 *
 * @throws FamilyError when it can't be found in reasonable time; what AWS's calls throw
 */
export async function findLineage(family: Family, live: Revision): Promise<Lineage> {
  // A live revision of another family tells nothing of this one.
  const isOfFamily = live.definition.family === family.name;
  const liveNumber = isOfFamily ? (revisionNumber(live.definition.taskDefinitionArn) ?? 0) : 0;
  const base = await baseOf(family, live);
  let known = isOfFamily ? lineageOf(live.tags, liveNumber) : undefined;
  let seen = Math.max(liveNumber, known?.seen ?? 0);
  let looks = 0;
  for await (const number of family.active()) {
    seen = Math.max(seen, number);
    if (known !== undefined && number <= known.seen) break;
    looks += 1;
    if (looks > MAX_DESCRIBED) {
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
 * The stacks' revision that a revision holds the settings of; undefined when that can't be told.
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
  // A release from before there were lineages: it comes from the only one there was, if that fits.
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

/** Paths of what releases change by themselves. */
const RELEASE_CHANGES = /^containerDefinitions\[[^\]]*\]\.(image|environment(\[[^\]]*\](\.value)?)?)$/;
