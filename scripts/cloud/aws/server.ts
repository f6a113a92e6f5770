import type { Clock } from "../clock";
import { type CloudSettings, DEFAULT_SETTINGS } from "../settings";
import type { Template } from "../template";
import { registryOf } from "./codedeploy/from-template";
import { groupTemplateOf } from "./codedeploy/group-template";
import type { AwsBackend, CloudParts } from "./operation";
import { SERVICES } from "./services";
import { WireServer } from "./wire-server";

/** Dependencies and settings of the AWS endpoint. */
export interface AwsServerOptions {
  readonly template: Template;
  readonly clock: Clock;
  readonly parts: CloudParts;
  /** Default: DEFAULT_SETTINGS. */
  readonly settings?: CloudSettings;
  /** Creation time of everything in the template, in simulated milliseconds since the Unix epoch. Default: now. */
  readonly startedAt?: number;
  /** Base URL of the embedded database. Without it, DynamoDB is not served. */
  readonly dynamoEndpoint?: string;
}

/** The AWS endpoint of a local cloud. It serves all services of SERVICES. */
export class AwsServer extends WireServer<AwsBackend> {
  constructor({
    template,
    clock,
    parts,
    settings = DEFAULT_SETTINGS,
    startedAt = clock.now(),
    dynamoEndpoint,
  }: AwsServerOptions) {
    const registry = registryOf(template, startedAt);
    const applyGroup: AwsBackend["applyGroup"] = (group) =>
      parts.codeDeploy.updateGroup(groupTemplateOf(group, template));
    super({
      services: SERVICES,
      context: { template, clock, parts, settings, registry, applyGroup, startedAt, requests: new Map() },
      dynamoEndpoint,
    });
  }
}
