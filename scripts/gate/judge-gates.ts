import type { Config } from "../../stacks/config";
import type { CloudSettings } from "../cloud/settings";
import { DEFAULT_RPS, type GateArguments } from "./arguments";
import { DEFAULT_LATENCY } from "./option-values";
import { historyOf, pastProfile, trafficOf } from "./history/run";
import type { OpenedHistory } from "./history/subject";
import type { OwnAlarms } from "./own-alarms";
import type { PerformAll } from "./pool";
import type { Progress } from "./progress";
import { checkRecommendable, recommendationFor } from "./recommendation";
import { factsOf } from "./report/facts";
import { HISTORY_PROFILE, type TrafficProfile } from "./traffic-profile";
import type { PageInput } from "./report/page";
import { simulateGates } from "./run";
import { gatesOf, SubjectError, type SubjectSource } from "./subjects";

/** What the figures of gates depend on, besides the command line. */
export interface JudgeInput {
  readonly config: Config;
  readonly source: Omit<SubjectSource, "compare">;
  /** The traffic of the past, if it is asked for. */
  readonly past: OpenedHistory | undefined;
  /** The alarms that the service has, if they are judged. */
  readonly own: OwnAlarms | undefined;
  /** How the traffic changes; undefined: not at all, or as in the past. */
  readonly profile: TrafficProfile | undefined;
  readonly settings: CloudSettings;
  readonly perform: PerformAll;
  readonly progress: Progress;
}

const MEAN_DIGITS = 3;
const NOT_ITS_OWN =
  "the traffic is that of the service in `existing`; the gate is the one that these stacks would make, not its own alarms: " +
  "--template judges those";

/**
 * Says what gates catch: replays the traffic of the past, simulates faults with traffic like it, and searches a better gate;
 * the first and the last when they are asked for.
 * @returns the report, what it depends on, and what was not judged
 * @throws as `OwnAlarms.read`, `gatesOf`, `historyOf`, `simulateGates` and `recommendationFor` do
 */
export async function judgeGates(args: GateArguments, input: JudgeInput): Promise<PageInput> {
  const { config, source, settings, perform, progress } = input;
  const ownAlarms = await input.own?.read();
  if (ownAlarms && args.compare.includes(ownAlarms.gate.name))
    throw new SubjectError(
      `--compare ${ownAlarms.gate.name}: the alarms of the service are called so; rename the file`,
    );
  const isStacksAsked = !ownAlarms || args.compare.length > 0;
  if (isStacksAsked) progress.show("synthesizing the stacks");
  const stacks = isStacksAsked ? await gatesOf({ ...source, compare: args.compare }) : [];
  const gates = [...(ownAlarms ? [ownAlarms.gate] : []), ...stacks];

  const history = await input.past?.read(config.gate.slowSeconds);
  const replayed =
    history && historyOf(gates, { ...args, history, settings }, (name) => progress.show(`replaying ${name}`));
  const own = replayed && trafficOf(replayed.figures);

  const profile = replayed && args.profile === HISTORY_PROFILE ? pastProfile(replayed.figures) : input.profile;
  const asked = {
    ...args,
    trafficProfile: profile,
    rps: args.rps ?? meanOf(profile) ?? own?.rps ?? DEFAULT_RPS,
    normalBad: args.normalBad ?? own?.normalBad,
    latency: args.latency ?? own?.latency ?? DEFAULT_LATENCY,
  };
  const search = args.recommend && {
    ...asked,
    source,
    config,
    wanted: args.recommend,
    rps: args.rps?.[0] ?? own?.usualRps,
    settings,
    perform,
    progress,
  };
  if (search) checkRecommendable(search);

  const onProgress = (done: number, all: number) => progress.show(`simulating: ${Math.floor((100 * done) / all)} %`);
  const simulated = await simulateGates(gates, asked, config.gate, perform, onProgress, source.signal);
  const recommendation = search && (await recommendationFor(search));
  return {
    report: {
      ...simulated.report,
      ...(replayed && { history: replayed.figures }),
      ...(recommendation && { recommendation }),
    },
    environment: config.environment,
    facts: factsOf({ ...asked, ownAlarms: ownAlarms?.source }, config.environment),
    notices: [
      ...(replayed && config.existing && !ownAlarms ? [NOT_ITS_OWN] : []),
      ...(ownAlarms?.notices ?? []),
      ...(replayed?.notices ?? []),
      ...simulated.notices,
    ],
  };
}

/** The mean traffic of a profile in few digits, as a traffic of the table. */
function meanOf(profile: TrafficProfile | undefined): readonly number[] | undefined {
  return profile?.rps === undefined ? undefined : [Number(profile.rps.toPrecision(MEAN_DIGITS))];
}
