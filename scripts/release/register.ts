import type { RawRegistration, TaskDefinitionAnswer } from "./aws-port";
import type { ReleaseDeps } from "./deps";
import type { Difference } from "./differences";
import { registrationFailed, StepFailed, type Progress } from "./abort";
import { readRevision } from "./family";
import { withLineage } from "./lineage";
import { shortRevision, type ReleasePlan } from "./plan";
import type { Facts } from "./preflight";
import { lostFields } from "./lost-fields";

/**
 * Registers the revision, verifies that ECS registered all of its fields, and returns its ARN.
 *
 * @throws StepFailed when the revision can't be registered, or lacks fields
 */
export async function register(
  { aws, emit }: Pick<ReleaseDeps, "aws" | "emit">,
  { revision }: ReleasePlan,
  { lineage }: Pick<Facts, "lineage">,
  progress: Progress,
): Promise<string> {
  const tags = withLineage(revision.tags ?? [], lineage);
  const sent: RawRegistration = { ...revision, ...(tags && { tags }) };
  const answer = await aws.registerTaskDefinition(sent).catch((error: unknown) => {
    throw registrationFailed(error);
  });
  const arn = answer.taskDefinition?.taskDefinitionArn;
  if (arn === undefined) {
    const what = "ECS didn't name the revision it registered";
    throw new StepFailed(
      { what, where: "ecs:RegisterTaskDefinition", next: "try again" },
      "that revision is still there",
    );
  }
  progress.registered = arn;
  const lost = await readLostFields(aws, sent, answer, arn);
  if (lost === undefined) {
    emit({
      type: "warning",
      text: `not checked whether ECS registered all fields of ${shortRevision(arn)}: its answer is incomplete`,
    });
  } else if (lost.length > 0) {
    throw new StepFailed(lostProblem(arn, lost));
  }
  return arn;
}

/** Fields that are missing in the registered revision; undefined when the responses don't show it. */
async function readLostFields(
  aws: ReleaseDeps["aws"],
  sent: RawRegistration,
  answer: TaskDefinitionAnswer,
  arn: string,
): Promise<readonly Difference[] | undefined> {
  const lost = lostIn(sent, answer);
  if (lost?.length === 0) return [];
  // Read the revision itself before the release fails: the response may be incomplete.
  try {
    const read = await readRevision(aws, arn);
    return (read && lostIn(sent, { taskDefinition: read.definition, tags: read.tags })) ?? lost;
  } catch {
    return lost;
  }
}

function lostIn(sent: RawRegistration, { taskDefinition, tags }: TaskDefinitionAnswer) {
  if (taskDefinition?.containerDefinitions === undefined) return undefined;
  return lostFields(sent, { ...taskDefinition, tags });
}

function lostProblem(arn: string, lost: readonly Difference[]) {
  const fields = lost.map(
    ({ path, from = "", to }) => `${path} (${to === undefined ? `${from} was dropped` : `${from} became ${to}`})`,
  );
  const [first] = lost;
  return {
    what: `ECS did not register ${fields.join(", ")}`,
    where: `ecs:RegisterTaskDefinition, ${shortRevision(arn)}`,
    next:
      "check whether the field is still supported; if the new version can do without it, " +
      `release with ${lost.length === 1 && first ? `--leave-out '${first.path}'` : "--leave-out and each of these fields"}`,
  };
}
