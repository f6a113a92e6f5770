import type { Clock } from "../clock";
import { type CloudSettings, DEFAULT_SETTINGS } from "../settings";
import type { Template } from "../template";
import { registryOf } from "./codedeploy/from-template";
import { groupTemplateOf } from "./codedeploy/group-template";
import type { AwsBackend, CloudParts } from "./operation";
import { SERVICES } from "./services";
import { WireServer } from "./wire-server";

/** What the wire is made of. */
export interface AwsServerOptions {
  readonly template: Template;
  readonly clock: Clock;
  readonly parts: CloudParts;
  /** Default: DEFAULT_SETTINGS. */
  readonly settings?: CloudSettings;
  /** Simulated milliseconds since the Unix epoch: when everything in the template came to be. Default: now. */
  readonly startedAt?: number;
  /** Base URL of the embedded database; without it, DynamoDB is not served. */
  readonly dynamoEndpoint?: string;
}

/** The local cloud's wire: all the services of a whole cloud. */
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
    const adoptGroup: AwsBackend["adoptGroup"] = (group) =>
      parts.codeDeploy.updateGroup(groupTemplateOf(group, template));
    super({
      services: SERVICES,
      context: { template, clock, parts, settings, registry, adoptGroup, startedAt, requests: new Map() },
      dynamoEndpoint,
    });
  }
}
