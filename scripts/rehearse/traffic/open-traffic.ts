import { ConfigError, type Config } from "../../../stacks/config";
import type { Traffic } from "../traffic-module";
import { configuredTraffic } from "./configured-traffic";
import { loadTrafficModule } from "./load-module";
import { seededRandom } from "./random";

/** The traffic of a rehearsal. */
export interface OpenedTraffic extends Traffic {
  /** The requests that could not be sent so far, because no good answer had a field that they need: one line each. */
  unsent?(): readonly string[];
}

/**
 * Creates the traffic that the configuration describes, by a list of requests or by a module.
 * @param root folder of cdktf.json
 * @param seed of the random numbers: with the same one, two rehearsals send the same requests
 * @throws ConfigError when it describes none, or the module can't be used
 */
export async function openTraffic(
  root: string,
  { rehearsal }: Pick<Config, "rehearsal">,
  seed = 1,
): Promise<OpenedTraffic> {
  const random = seededRandom(seed);
  if (rehearsal.module !== undefined) return loadTrafficModule(root, rehearsal.module, { random });
  if (rehearsal.requests !== undefined) return configuredTraffic(rehearsal.requests, random);
  throw new ConfigError([
    "rehearsal.requests: there are none, and no rehearsal.module: say which requests the service gets, for example " +
      '"requests": [{ "method": "GET", "path": "/orders" }]; the health check alone proves nothing about a new version',
  ]);
}
