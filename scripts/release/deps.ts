import type { AppSpecTemplate } from "./appspec-template";
import type { Config } from "../../stacks/config";
import type { Interruption } from "../command/interruption";
import type { Names } from "../../stacks/names";
import type { AwsPort } from "./aws-port";
import type { Clock } from "./clock";
import type { CommandRunner } from "./docker";
import type { ReleaseEvent } from "./events";

/** Dependencies of a release; tests provide their own. */
export interface ReleaseDeps {
  readonly aws: AwsPort;
  readonly config: Config;
  readonly names: Names;
  readonly clock: Clock;
  readonly random: () => number;
  readonly interruption: Interruption;
  readonly runner: CommandRunner;
  /** Folder of the service, with its Dockerfile: `service.source`. */
  readonly source: string;
  /** Reads the appspec template. */
  readonly readTemplate: () => AppSpecTemplate;
  readonly emit: (event: ReleaseEvent) => void;
}
