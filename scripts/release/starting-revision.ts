import type { AwsPort } from "./aws-port";
import { differences } from "./differences";
import { explain } from "./failure";
import { baseOf, Family, readRevision, findLineage, type Revision } from "./family";
import { startFromLatest } from "./start-from-latest";
import { lineageOf, revisionNumber, withLineage, type Lineage } from "./lineage";
import { problemOf, type Problems } from "./problem";
import { revisionWarnings } from "./revision-warnings";
import { comparable } from "./revision-merge";
import { isLineage, type StartingPoint, type StartingPointInput, type LineageOrProblem } from "./starting-point";

const LINEAGE_OPERATIONS = "ecs:ListTaskDefinitions, ecs:DescribeTaskDefinition, codedeploy:ListDeployments";

/**
 * Reads the live revision and the one to start from. With `latest`, the changes of the newest revision that no release
 * registered are merged into the live one. What can't be read is a problem, or only a warning when the release doesn't need it.
 *
 * @returns undefined after a problem
 */
export async function startingRevision(
  aws: AwsPort,
  input: StartingPointInput,
  problems: Problems,
): Promise<StartingPoint | undefined> {
  const { taskDefinition, family: name } = input;
  const live = await askRevision(aws, input.liveArn, input.owner.correct("service"), problems);
  if (!live) return undefined;
  const family = new Family(aws, name, input.group);
  family.remember(live);
  const isLatest = taskDefinition === "latest";
  const found = await findLineage(family, live).catch((error: unknown) => problemOf(LINEAGE_OPERATIONS, error));
  let start: StartingPoint | undefined;
  if (taskDefinition !== undefined && !isLatest)
    start = await startFromNamed(aws, input, family, live, found, problems);
  else if (isLatest) start = await startFromLatest(input, family, live, found, problems);
  else start = await startFromLive(input, family, live, found);
  if (start && withLineage(start.base.tags, start.lineage) === undefined) {
    problems.add({
      what: "the revision already has 50 tags, and a release adds one for the origin of the revision",
      where: start.base.definition.taskDefinitionArn ?? input.liveArn,
      next: `remove one of the tags: ${input.owner.correct("service")}`,
    });
  }
  return start;
}

/** The lineage when the family can't be searched: only what the live revision shows. */
async function lineageOfLive(family: Family, live: Revision): Promise<Lineage> {
  const lineage = lineageOf(live.tags, revisionNumber(live.definition.taskDefinitionArn));
  if (lineage !== undefined) return lineage;
  return { base: await baseOf(family, live).catch(() => undefined), seen: 0 };
}

async function startFromLive(
  input: StartingPointInput,
  family: Family,
  live: Revision,
  found: LineageOrProblem,
): Promise<StartingPoint> {
  const start = { live, base: live, notes: [] };
  if (!isLineage(found)) {
    const warning = `not checked whether ${input.owner.name} has registered a newer revision: ${found.what} (${found.where})`;
    return { ...start, lineage: await lineageOfLive(family, live), warnings: [warning] };
  }
  const { base, newest } = found;
  const isNewer = newest !== undefined && newest > (base ?? revisionNumber(input.liveArn) ?? 0);
  const changes = isNewer ? await changedByStacks(input, family, live, base, newest) : [];
  if (newest === undefined || changes.length === 0) return { ...start, lineage: found, warnings: [] };
  const pending = family.reference(newest);
  const paths = changes.length > 5 ? [...changes.slice(0, 5), `${changes.length - 5} more`] : changes;
  const warnings = [
    `this release leaves out what ${input.owner.name} has since registered as ${pending} (${paths.join(", ")}): ` +
      "--task-definition latest includes it",
  ];
  return { ...start, lineage: found, pending, warnings };
}

/** Paths of the fields that the owner changed between two of its revisions, without the service's images. */
async function changedByStacks(
  input: StartingPointInput,
  family: Family,
  live: Revision,
  base: number | undefined,
  newest: number,
): Promise<readonly string[]> {
  try {
    const [from, to] = await Promise.all([base === undefined ? live : family.describe(base), family.describe(newest)]);
    const [before, after] = [from, to].map((each) => comparable(each, live, input.container));
    return differences(before, after).map(({ path }) => path);
  } catch (error) {
    return [`not compared: ${explain(error).message}`];
  }
}

async function startFromNamed(
  aws: AwsPort,
  input: StartingPointInput,
  family: Family,
  live: Revision,
  found: LineageOrProblem,
  problems: Problems,
): Promise<StartingPoint | undefined> {
  const { taskDefinition: reference = "" } = input;
  const next = `choose a revision of ${family.name}, or latest`;
  if (revisionNumber(reference) === undefined) {
    problems.add({ what: `${reference} does not name a revision`, where: "--task-definition", next });
    return undefined;
  }
  const base = await askRevision(aws, reference, next, problems);
  if (!base) return undefined;
  if (base.definition.family !== family.name) {
    const whose = base.definition.family ?? "?";
    const what = `${reference} is of the family ${whose}, the service's is ${family.name}`;
    problems.add({ what, where: "--task-definition", next });
    return undefined;
  }
  const number = revisionNumber(base.definition.taskDefinitionArn) ?? revisionNumber(reference) ?? 0;
  family.remember(base);
  const deployments = await problems.ask(
    "codedeploy:ListDeployments, codedeploy:BatchGetDeployments",
    family.deployments(),
  );
  if (!deployments) return undefined;
  const lineage = lineageOf(base.tags, number);
  const isByRelease = lineage !== undefined || deployments.has(number);
  const known = isLineage(found) ? found : await lineageOfLive(family, live);
  return {
    live,
    base,
    lineage: { ...known, base: isByRelease ? lineage?.base : number },
    notes: [],
    warnings: await revisionWarnings(family, number, base, problems),
  };
}

async function askRevision(
  aws: AwsPort,
  reference: string,
  next: string,
  problems: Problems,
): Promise<Revision | undefined> {
  const unknown = { what: "AWS doesn't describe it", where: `task definition ${reference}`, next };
  const answer = await problems.ask(
    "ecs:DescribeTaskDefinition",
    readRevision(aws, reference).then((it) => it ?? null),
    { ClientException: unknown },
  );
  if (answer === null) problems.add(unknown);
  return answer ?? undefined;
}
