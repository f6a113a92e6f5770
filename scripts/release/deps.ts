import type { AppSpecTemplate } from "./appspec-template";
import type { Config } from "../../stacks/config";
import type { Interruption } from "../command/interruption";
import type { AwsPort } from "./aws-port";
import type { Clock } from "./clock";
import type { CommandRunner } from "./docker";
import type { ReleaseEvent } from "./events";
import type { SendProbe } from "./probe-request";
import type { ReleaseTarget } from "./target";

/** Dependencies of a release; tests provide their own. */
export interface ReleaseDeps {
  readonly aws: AwsPort;
  readonly config: Config;
  /** The service to release. */
  readonly target: ReleaseTarget;
  readonly clock: Clock;
  readonly random: () => number;
  readonly interruption: Interruption;
  readonly runner: CommandRunner;
  /** Sends the requests of `gate.lowTraffic: "probe"`. */
  readonly sendProbe: SendProbe;
  /** Folder of the service, with its Dockerfile: `service.source`. */
  readonly source: string;
  /** Whether the configuration names that folder. False: it is the built-in default, which holds the example. */
  readonly isSourceGiven: boolean;
  /** Reads the appspec template. */
  readonly readTemplate: () => AppSpecTemplate;
  readonly emit: (event: ReleaseEvent) => void;
}
