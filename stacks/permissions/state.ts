import type { Config } from "../config";
import type { Statement } from "../constructs/policy";
import { namesOf, STACKS } from "../names";
import type { Arns } from "./arns";

/** Reading the state of every environment of the project; none where it isn't in S3. */
export function stateReads(config: Config, arns: Arns): Statement[] {
  if (config.state.backend !== "s3") return [];
  const { stateBucket } = namesOf(config);
  return [
    { actions: ["s3:ListBucket"], resources: [arns.bucket(stateBucket)] },
    { actions: ["s3:GetObject"], resources: [arns.bucket(`${stateBucket}/${config.project}/*`)] },
  ];
}

/** Writing the state of the four stacks, and their locks. The access stack's is not among them. */
export function stateWrites(config: Config, arns: Arns): Statement[] {
  if (config.state.backend !== "s3") return [];
  const { stateBucket, stateKeys } = namesOf(config);
  const files = STACKS.map((stack) => arns.bucket(`${stateBucket}/${stateKeys[stack]}`));
  const locks = files.map((file) => `${file}.tflock`);
  return [
    ...stateReads(config, arns),
    { actions: ["s3:PutObject"], resources: [...files, ...locks] },
    { actions: ["s3:DeleteObject"], resources: locks },
  ];
}
