import { ClockStopped, type Clock } from "../cloud/clock";
import { idleTimeoutMs } from "../cloud/load-balancer/load-balancer";
import type { RehearseArguments } from "./arguments";
import { responseTimeThresholdMs, slowMachineWarning } from "./slow-machine";
import { simulateValue, targetFault, type FaultPlayer } from "./faults";
import type { Interruption } from "../command/interruption";
import { baselineProblems } from "./judgement/baseline";
import { Recorder } from "./recorder";
import { startRelease } from "./release-process";
import type { VerdictReason, RehearsalFacts } from "./report/facts";
import type { Setup } from "./setup";
import { VERSIONS, type Testbed } from "./testbed";
import type { TrafficGenerator } from "./traffic/generator";
import type { OpenedTraffic } from "./traffic/open-traffic";
import { serviceTraffic } from "./traffic/service-traffic";

/** Simulated seconds of traffic before the release starts, and after it has ended. */
const BEFORE_SECONDS = 60;
const AFTER_SECONDS = 60;
/**
 * How much longer than the load balancer's idle timeout the last answers of version 1 may take before the release starts, in
 * simulated seconds. The load balancer then has answered itself when version 1 has not, and tells why.
 */
const ANSWER_SECONDS = 60;

/** What a scenario runs with. */
export interface Scenario {
  readonly setup: Setup;
  readonly testbed: Testbed;
  readonly traffic: OpenedTraffic;
  readonly arguments: RehearseArguments;
  readonly interruption: Interruption;
  /** Wall milliseconds, on the clock of `performance.now()`, when the command began. */
  readonly beganAt: number;
  /** Prints a line for the user. */
  readonly print: (line: string) => void;
}

/** The rehearsal was interrupted before the release started, or after it had ended. */
export class RehearsalInterrupted extends Error {
  constructor() {
    super("the rehearsal was interrupted");
    this.name = "Interrupted";
  }
}

/**
 * Runs one release against the testbed: traffic on the old version, the release command, traffic after it, and a check
 * of every acknowledged write. The release is not started when version 1 fails its own traffic.
 * @throws RehearsalInterrupted; ClockStopped when `interruption.leave` aborts; TrafficModuleError; an error when the cloud
 *   fails
 */
export async function runScenario(scenario: Scenario): Promise<RehearsalFacts> {
  const { testbed, traffic, interruption, beganAt, print } = scenario;
  const { fault, background, liveFault, rps, speed } = scenario.arguments;
  const { clock } = testbed.cloud;
  const recorder = new Recorder(testbed.cloud);
  const { generator, close } = serviceTraffic({
    cloud: testbed.cloud,
    traffic,
    requestsPerSecond: rps,
    versions: new Map([
      [testbed.digests.old, VERSIONS.old],
      [testbed.digests.new, VERSIONS.new],
    ]),
    // Only version 2 has the fault of --fault.
    onRequest: (record) =>
      recorder.request(
        record.played === "fault" && record.version === VERSIONS.old ? { ...record, played: "live-fault" } : record,
      ),
  });
  const broken = Promise.race([testbed.broken, generator.broken]);
  broken.catch(() => undefined); // It may break while nothing waits.
  const pause = pausing(scenario, broken);
  const factsOf = (run: Pick<RehearsalFacts, "release" | "abortReasons" | "writes">) =>
    recorder.facts({
      image: testbed.images.new,
      oldVersion: VERSIONS.old,
      newVersion: VERSIONS.new,
      fault,
      background,
      liveFault,
      faultsBy: faultPlayer(scenario),
      speed,
      interrupted: interruption.stop.aborted,
      leftOutAlarms: testbed.leftOutAlarms,
      notPlayed: testbed.notPlayed,
      wallSeconds: (performance.now() - beganAt) / 1000,
      ...run,
    });
  try {
    await generator.warmUp();
    playBesideRelease(testbed, { background, liveFault });
    recorder.start();
    generator.start();
    const speedSoFar = measureSpeed(clock);
    await pause(BEFORE_SECONDS);
    const abortReasons = await baselineProblemsOf(scenario, generator, recorder, pause);
    if (abortReasons.length > 0) {
      recorder.end();
      const writes = generator.uncheckedWrites("the rehearsal was aborted");
      return factsOf({ release: undefined, abortReasons, writes });
    }
    warnOfSlowMachine(scenario, recorder);
    for (const line of traffic.unsent?.() ?? []) print(`warning: ${line}, so it was not sent yet`);
    const from = clock.now();
    const exitCode = await release(scenario, speedSoFar(), broken);
    const until = clock.now();
    if (!interruption.stop.aborted) await pause(AFTER_SECONDS);
    recorder.end();
    await Promise.race([generator.stop(), broken]);
    // Writes are not lost because a request for them would fail.
    playBesideRelease(testbed, { background: 0, liveFault: liveFault === undefined ? undefined : 0 });
    const writes = await Promise.race([generator.checkWrites(), broken]);
    return factsOf({ release: { exitCode, from, until }, abortReasons, writes });
  } finally {
    // After an error, requests may still be in flight; closing the connections ends them.
    close();
  }
}

/** Plays the failures beside the release: of both versions, and of version 1. */
function playBesideRelease(
  { cloud, digests }: Testbed,
  { background, liveFault }: Pick<RehearseArguments, "background" | "liveFault">,
): void {
  cloud.setBackgroundErrors(background);
  if (liveFault !== undefined) {
    cloud.injectFault({ imageDigest: digests.old, fault: { kind: "error", rate: liveFault } });
  }
}

/** Returns why the answers of version 1 are no usable baseline; empty when they are. */
async function baselineProblemsOf(
  { testbed: { cloud } }: Scenario,
  traffic: TrafficGenerator,
  recorder: Recorder,
  pause: (seconds: number) => Promise<void>,
): Promise<readonly VerdictReason[]> {
  const sentBefore = cloud.clock.now();
  const seconds = idleTimeoutMs(cloud.settings, cloud.clock.speed) / 1_000 + ANSWER_SECONDS;
  const waited = pause(seconds);
  // When all requests are answered first, nothing awaits this promise, and its rejection must not be unhandled.
  waited.catch(() => undefined);
  const isAnswered = await Promise.race([traffic.answered().then(() => true), waited.then(() => false)]);
  return baselineProblems(recorder.answered(), {
    unanswered: isAnswered ? [] : traffic.unanswered(sentBefore),
    seconds,
  });
}

function warnOfSlowMachine({ testbed, print, arguments: { speed } }: Scenario, recorder: Recorder): void {
  const warning = slowMachineWarning(
    recorder.averageLatencyMs(),
    responseTimeThresholdMs(testbed.cloud.template.alarms),
    speed,
  );
  if (warning !== undefined) print(`warning: ${warning}`);
}

function faultPlayer({ setup, arguments: { faultsBy = setup.config.rehearsal.faults } }: Scenario): FaultPlayer {
  return faultsBy;
}

/**
 * Gives the new version its fault, when the local cloud plays it.
 * @param measuredSpeed simulated seconds per wall second, by which the waits of a service are converted
 * @returns the variables of the new version that play it otherwise
 */
function injectFault(scenario: Scenario, measuredSpeed: number): readonly string[] {
  const { cloud, digests } = scenario.testbed;
  const { fault, rate } = scenario.arguments;
  if (fault === undefined) return [];
  if (faultPlayer(scenario) === "service") {
    return [`SIMULATE=${simulateValue(fault, rate, measuredSpeed, cloud.settings.realResponseMs)}`];
  }
  cloud.injectFault({ imageDigest: digests.new, fault: targetFault(fault, rate) });
  return [];
}

/** Starts to measure the simulated seconds per wall second: the chosen speed, or less on a busy machine. */
function measureSpeed(clock: Clock): () => number {
  const from = { simulated: clock.now(), wall: performance.now() };
  return () => (clock.now() - from.simulated) / (performance.now() - from.wall);
}

/**
 * Runs the release command to its end.
 * @param measuredSpeed simulated seconds per wall second, by which the waits of the fault are converted
 * @param broken rejects when the rehearsal can't continue
 * @returns the exit code of the release command
 */
async function release(scenario: Scenario, measuredSpeed: number, broken: Promise<never>): Promise<number> {
  const { setup, testbed, interruption, arguments: chosen } = scenario;
  const { cloud } = testbed;
  const child = startRelease({
    root: setup.root,
    image: testbed.images.new,
    variables: injectFault(scenario, measuredSpeed),
    endpoint: cloud.endpoint,
    region: cloud.template.region,
    environment: setup.environment,
    contextJson: setup.contextJson,
    plain: chosen.verbose,
    toStandardError: chosen.json,
  });
  const interrupt = () => child.interrupt();
  interruption.stop.addEventListener("abort", interrupt, { once: true });
  try {
    return await Promise.race([child.exited, aborted(interruption.leave), broken]);
  } finally {
    interruption.stop.removeEventListener("abort", interrupt);
    child.kill();
    await child.exited;
  }
}

/** Returns a function that waits for simulated seconds; it rejects on an interruption, or as `broken` does. */
function pausing(
  { testbed: { cloud }, interruption }: Scenario,
  broken: Promise<never>,
): (seconds: number) => Promise<void> {
  const signal = AbortSignal.any([interruption.stop, interruption.leave]);
  return async (seconds) => {
    try {
      await Promise.race([cloud.clock.sleep(seconds * 1000, signal), broken]);
    } catch (error) {
      throw error instanceof ClockStopped && interruption.stop.aborted ? new RehearsalInterrupted() : error;
    }
  };
}

/** Rejects when the signal aborts; never resolves. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new ClockStopped());
    signal.addEventListener("abort", () => reject(new ClockStopped()), { once: true });
  });
}
