import { START_SECONDS, STEADY_CHECK_SECONDS } from "../cloud/codedeploy/deployment-run";
import { routingOf, stepsOf } from "../cloud/codedeploy/routing";
import type { CloudSettings } from "../cloud/settings";
import type { Template } from "../cloud/template";

/** One shift of traffic. */
interface Shift {
  /** Seconds after the first shift. */
  readonly at: number;
  /** Percent of the traffic on the new version from then on. */
  readonly percent: number;
}

/** When the phases of a release begin. Seconds after the first shift of traffic, so what comes before it is negative. */
export interface ReleaseTimes {
  /** CreateDeployment; CodeDeploy watches the alarms from then on. */
  readonly start: number;
  /** The new tasks listen, and are registered with their target group. */
  readonly listens: number;
  readonly shifts: readonly Shift[];
  /** All traffic goes to the new version. */
  readonly lastShift: number;
  /** The old version is gone: no rollback is possible any more. */
  readonly end: number;
  /** CodeDeploy fails a deployment whose new tasks are not steady by then. */
  readonly steadyTimeout: number;
}

/** The settings of the local cloud that the times follow from. */
export type TimingSettings = Pick<
  CloudSettings,
  "provisioningSeconds" | "lifecycleEventSeconds" | "steadyNoticeSeconds" | "steadyTimeoutSeconds"
>;

/** From when a target is registered until its first health check. As in the local cloud (load-balancer/target-group.ts). */
const FIRST_CHECK_SECONDS = 1;
/** Lifecycle events before Install, and between Install and the first shift. */
const EVENTS_BEFORE_INSTALL = 1;
const EVENTS_AFTER_INSTALL = 4;

/**
 * The times of a release of these stacks, as the local cloud plays them.
 * @throws RangeError when the deployment config of the group is not known
 */
export function releaseTimes(
  { deploymentGroup, deploymentConfigs }: Pick<Template, "deploymentGroup" | "deploymentConfigs">,
  settings: TimingSettings,
): ReleaseTimes {
  const { deploymentConfigName, terminationWaitMinutes } = deploymentGroup;
  const routing = routingOf(deploymentConfigName, deploymentConfigs);
  if (!routing) {
    throw new RangeError(
      `the deployment config ${deploymentConfigName} of the deployment group ${deploymentGroup.name} is not known`,
    );
  }
  let at = 0;
  const shifts = stepsOf(routing).map(({ percent, waitMs }) => {
    const shift = { at, percent };
    at += waitMs / 1_000;
    return shift;
  });
  const lastShift = shifts.at(-1)?.at ?? 0;
  const { lifecycleEventSeconds, provisioningSeconds, steadyNoticeSeconds, steadyTimeoutSeconds } = settings;
  // Until CodeDeploy's next look: half of the interval, on average.
  const untilLook = STEADY_CHECK_SECONDS / 2;
  const install = FIRST_CHECK_SECONDS + untilLook + steadyNoticeSeconds;
  const listens = -(install + EVENTS_AFTER_INSTALL * lifecycleEventSeconds);
  const start = listens - provisioningSeconds - EVENTS_BEFORE_INSTALL * lifecycleEventSeconds - START_SECONDS;
  return {
    start,
    listens,
    shifts,
    lastShift,
    end: lastShift + terminationWaitMinutes * 60,
    steadyTimeout: start + steadyTimeoutSeconds,
  };
}
