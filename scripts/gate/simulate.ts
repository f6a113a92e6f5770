import type { CloudSettings } from "../cloud/settings";
import { wilson } from "./distributions";
import {
  type Gate,
  minutesRead,
  prepareGate,
  type PreparedGate,
  timeEdges,
  type WatchedAlarms,
  rollsBack,
} from "./gates";
import { Clockwork, stopOf } from "./judgement";
import type { Fault, FaultModel } from "./models/fault";
import { FAULT_MODELS, type FaultName } from "./models/faults";
import { oracleStops } from "./oracle";
import { keyOf, RandomStream } from "./random";
import type { Colour, EstimatedShare } from "./report/types";
import { type ReleaseTimes, releaseTimes } from "./timeline";
import { type GroupIndex, ReleaseTraffic, type Traffic } from "./traffic";
import { type StartWindow, startMinutes } from "./traffic-profile";

/** What releases are simulated. All are independent of each other. */
export interface Cell {
  /** Absent: good releases. */
  readonly fault?: FaultName;
  /** 0 for good releases. */
  readonly severity: number;
  readonly rps: number;
  readonly colour: Colour;
  /** Releases that begin to shift their traffic in this hour of the profile's cycle. Absent: at any time. */
  readonly hour?: number;
}

/** How many releases of a cell are simulated. */
export interface Runs {
  /** Simulated at least. */
  readonly first: number;
  /** Simulated at most. */
  readonly most: number;
  /** Half of the confidence interval that is precise enough; otherwise the number of releases is doubled. */
  readonly precision: number;
  /** The same, as a part of the share. */
  readonly relativePrecision?: number;
}

/** What a simulation depends on, besides its cells. */
export interface SimulationInput {
  /** Their stacks have the same strategy, termination wait, tasks and health check. */
  readonly gates: readonly Gate[];
  readonly traffic: Omit<Traffic, "rps">;
  /** When releases begin to shift their traffic. Absent: at any time of the day. */
  readonly start?: StartWindow | undefined;
  /** A response that takes longer is slow. Seconds. */
  readonly slowSeconds: number;
  readonly watched: WatchedAlarms;
  readonly seed: number;
  readonly settings: CloudSettings;
}

/** What happened to the releases of a cell with one gate. */
export interface Tally {
  readonly releases: number;
  readonly beforeLastShift: number;
  readonly beforeOldIsGone: number;
  /** Seconds from when the fault began, of the releases that were rolled back; ascending. */
  readonly secondsToRollback: readonly number[];
  /** Requests to the new version that failed or were slow, of all releases together. */
  readonly failedRequests: number;
  /** Releases that the oracle stops before the last shift. */
  readonly oracle: number;
}

/** The result of one cell. */
export interface CellResult {
  readonly cell: Cell;
  /** By gate, in the order of the input. Each gate has as many releases as its own precision needs. */
  readonly gates: readonly Tally[];
}

/** A gate while a cell is simulated. */
interface Counting {
  readonly gate: PreparedGate;
  readonly tally: { -readonly [Key in keyof Tally]: Tally[Key] } & { readonly secondsToRollback: number[] };
}

/**
 * Simulates releases of one gate or of several. Traffic is drawn once for all of them, so their figures are comparable.
 * @throws RangeError when the stacks of the gates differ in more than their alarms, or a deployment config is not known;
 *   Error naming an alarm that can't be evaluated
 */
export class Simulation {
  private readonly times: ReleaseTimes;
  private readonly prepared: Readonly<Record<Colour, readonly PreparedGate[]>>;
  private readonly minutesBefore: Readonly<Record<Colour, number>>;

  constructor(private readonly input: SimulationInput) {
    const [first] = input.gates;
    if (!first) throw new RangeError("there is no gate to simulate");
    this.times = releaseTimes(first.template, input.settings);
    const prepare = (newGroup: GroupIndex) =>
      input.gates.map((gate) => prepareGate(gate, newGroup, input.watched, input.settings));
    this.prepared = { blue: prepare(0), green: prepare(1) };
    const minutesBefore = (gates: readonly PreparedGate[]) =>
      Math.max(...gates.map((gate) => minutesRead(gate, input.settings)));
    this.minutesBefore = { blue: minutesBefore(this.prepared.blue), green: minutesBefore(this.prepared.green) };
  }

  /** Number of gates. */
  get gateCount(): number {
    return this.input.gates.length;
  }

  /** What the figures don't show, or what is probably not intended: one line for each. */
  get notices(): readonly string[] {
    const lines = this.input.gates.flatMap(({ name, template }, index) => {
      return [
        ...(rollsBack(template) ? [] : [`${name}: the deployment group stops on an alarm, but does not roll back`]),
        ...Object.entries(this.prepared).flatMap(([colour, gates]) => noticesOf(colour, gates[index])),
      ];
    });
    return [...new Set(lines)];
  }

  /** Simulates the releases of a cell. The figures of a gate depend on the cell, the gate and the seed alone. */
  run(cell: Cell, runs: Runs): CellResult {
    const gates = this.prepared[cell.colour].map((gate): Counting => ({
      gate,
      tally: {
        releases: 0,
        beforeLastShift: 0,
        beforeOldIsGone: 0,
        secondsToRollback: [],
        failedRequests: 0,
        oracle: 0,
      },
    }));
    const model: FaultModel | undefined = cell.fault === undefined ? undefined : FAULT_MODELS[cell.fault];
    const fault = model?.of(cell.severity, this.faultSetting());
    // The hour is not part of the key: hours with the same traffic have the same figures.
    const key = keyOf(JSON.stringify([cell.fault ?? "", cell.severity, cell.rps, cell.colour]));
    let unsure = gates;
    let releases = 0;
    for (let target = runs.first; unsure.length > 0; target = Math.min(runs.most, target * 2)) {
      const traffic = this.trafficOf(cell, unsure);
      for (; releases < target; releases += 1) this.release(cell, fault, model, key, releases, traffic, unsure);
      unsure =
        releases >= runs.most
          ? []
          : unsure.filter(({ tally: { beforeLastShift, beforeOldIsGone } }) => {
              const estimate = wilson(fault ? beforeLastShift : beforeOldIsGone, releases);
              return !isPrecise(estimate, runs);
            });
    }
    for (const { tally } of gates) tally.secondsToRollback.sort((a, b) => a - b);
    return { cell, gates: gates.map(({ tally }) => tally) };
  }

  private release(
    cell: Cell,
    fault: Fault | undefined,
    model: FaultModel | undefined,
    key: number,
    index: number,
    traffic: ReleaseTraffic,
    gates: readonly Counting[],
  ): void {
    const { seed, settings } = this.input;
    const random = new RandomStream(seed, key, index);
    const phases = { tick: random.uniform(), poll: random.uniform() };
    traffic.draw(random, new RandomStream(seed, ~key, index), fault);
    const clockwork = new Clockwork(traffic, this.times, phases, settings);
    const { end, steadyTimeout, lastShift } = this.times;
    const neverShifts = fault?.neverShifts === true;
    const endMs = traffic.shiftMs + (neverShifts ? steadyTimeout : end) * 1_000;
    const oracle =
      fault !== undefined &&
      model !== undefined &&
      oracleStops({
        fault,
        signal: model.signal,
        group: groupOf(cell.colour),
        traffic,
        visible: clockwork.publishedMinutes(traffic, neverShifts ? endMs : clockwork.lastLook(traffic.shiftMs)),
        normalBad: Math.max(this.input.traffic.normalBad, model.signal === "slow" ? traffic.normalSlow : 0),
      });
    for (const { gate, tally } of gates) {
      // CodeDeploy itself fails a deployment whose tasks never become steady.
      const stop = stopOf(gate, traffic, clockwork, endMs, settings) ?? (neverShifts ? endMs : undefined);
      const second = stop === undefined ? undefined : (stop - traffic.shiftMs) / 1_000;
      tally.releases += 1;
      if (second !== undefined) {
        tally.beforeOldIsGone += 1;
        if (neverShifts || second < lastShift) tally.beforeLastShift += 1;
        tally.secondsToRollback.push(Math.max(0, second - (fault?.beginsAt ?? 0)));
      }
      tally.failedRequests += traffic.badRequestsUntil(second ?? end);
      if (oracle) tally.oracle += 1;
    }
  }

  /** The traffic of a cell, with the response times that these gates need. Its other counts don't depend on the gates. */
  private trafficOf({ rps, colour, hour }: Cell, gates: readonly Pick<Counting, "gate">[]): ReleaseTraffic {
    const { traffic, slowSeconds, start } = this.input;
    return new ReleaseTraffic({
      traffic: { ...traffic, rps },
      times: this.times,
      tasks: this.faultSetting().tasks,
      newGroup: groupOf(colour),
      starts: startMinutes(traffic.profile, start, hour),
      minutesBefore: this.minutesBefore[colour],
      edges: timeEdges(
        gates.map(({ gate }) => gate),
        slowSeconds,
      ),
      slowSeconds,
    });
  }

  private faultSetting() {
    const { gates, settings } = this.input;
    // The constructor requires a gate.
    const { service, targetGroups, deploymentGroup } = (gates[0] as Gate).template;
    const [blue] = deploymentGroup.targetGroupNames;
    const targetGroup = targetGroups.find(({ name }) => name === blue) ?? targetGroups[0];
    if (!targetGroup) throw new RangeError(`the stacks have no target group ${blue}`);
    return {
      times: this.times,
      tasks: service.desiredCount,
      healthCheck: targetGroup.healthCheck,
      gracePeriodSeconds: service.healthCheckGracePeriodSeconds ?? 0,
      settings,
    };
  }
}

function noticesOf(colour: string, gate: PreparedGate | undefined): readonly string[] {
  return gate?.alarms.length === 0 ? [`${gate.name}: a release to the ${colour} target group watches no alarm`] : [];
}

function isPrecise({ share, low, high }: EstimatedShare, { precision, relativePrecision = 0 }: Runs): boolean {
  return (high - low) / 2 <= Math.max(precision, relativePrecision * share);
}

/** The place of the target group that gets the new version. */
function groupOf(colour: Colour): GroupIndex {
  return colour === "blue" ? 0 : 1;
}
