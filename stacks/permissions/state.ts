import type { Config } from "../config";
import type { Statement } from "../constructs/policy";
import { namesOf, STACKS } from "../names";
import type { Arns } from "./arns";

/** Permissions to read the states of all environments of the project; empty when they are not in S3. */
export function stateReads(config: Config, arns: Arns): Statement[] {
  if (config.state.backend !== "s3") return [];
  const { stateBucket } = namesOf(config);
  return [
    { actions: ["s3:ListBucket"], resources: [arns.bucket(stateBucket)] },
    { actions: ["s3:GetObject"], resources: [arns.bucket(`${stateBucket}/${config.project}/*`)] },
  ];
}

/** Permissions to write the states and the locks of the stacks, except those of the access stack. */
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
