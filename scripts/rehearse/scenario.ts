import { ClockStopped, type Clock } from "../cloud/clock";
import type { RehearseArguments } from "./arguments";
import { responseTimeThresholdMs, slowMachineWarning } from "./slow-machine";
import { simulateValue } from "./faults";
import type { Interruption } from "./interruption";
import { baselineProblems } from "./judgement/baseline";
import { Recorder } from "./recorder";
import { startRelease } from "./release-process";
import type { VerdictReason, RehearsalFacts } from "./report/facts";
import { VERSIONS, type Testbed } from "./testbed";
import { ServiceClient } from "./traffic/client";
import { Traffic, type RequestRecord } from "./traffic/traffic";

/** Simulated seconds of traffic before the release begins, and after it has ended. */
const BEFORE_SECONDS = 60;
const AFTER_SECONDS = 60;
/** Simulated seconds that version 1 is given, after the time before the release, to answer what it was asked in it. */
const ANSWER_SECONDS = 60;

/** What a scenario is played with. */
export interface Scenario {
  readonly testbed: Testbed;
  readonly arguments: RehearseArguments;
  readonly interruption: Interruption;
  /** Wall milliseconds, on the clock of `performance.now()`, when the command began. */
  readonly beganAt: number;
  /** Shows people a line. */
  readonly print: (line: string) => void;
}

/** The release's end was not waited for: it was interrupted before it began, or after it had ended. */
export class RehearsalInterrupted extends Error {
  constructor() {
    super("the rehearsal was interrupted");
    this.name = "Interrupted";
  }
}

/**
 * Plays one release against the testbed: traffic on the old version, the release command, traffic afterwards, every
 * acknowledged write looked for. Where version 1 answers its own traffic badly, the release is not started.
 * @throws Interrupted, ClockStopped when `interruption.leave` aborts, or an error when the cloud breaks down
 */
export async function runScenario(scenario: Scenario): Promise<RehearsalFacts> {
  const { testbed, interruption, beganAt } = scenario;
  const { fault, rps, speed } = scenario.arguments;
  const { clock, productionUrl, settings } = testbed.cloud;
  const recorder = new Recorder(testbed.cloud);
  // Well before the load balancer, which closes an unused connection after its idle timeout of wall time.
  const client = new ServiceClient(productionUrl, (settings.idleTimeoutSeconds * 1000) / 3);
  const onRequest = (record: RequestRecord) => recorder.request(record);
  const { realResponseMs } = settings;
  const traffic = new Traffic({ clock, client, requestsPerSecond: rps, realResponseMs, onRequest });
  const pause = pausing(scenario);
  const factsOf = (run: Pick<RehearsalFacts, "release" | "abortReasons" | "writes">) =>
    recorder.facts({
      image: testbed.images.new,
      oldVersion: VERSIONS.old,
      newVersion: VERSIONS.new,
      fault,
      speed,
      interrupted: interruption.finish.aborted,
      wallSeconds: (performance.now() - beganAt) / 1000,
      ...run,
    });
  try {
    await traffic.warmUp();
    recorder.start();
    traffic.start();
    const pace = paceOf(clock);
    await pause(BEFORE_SECONDS);
    const abortReasons = await problemsOfVersion1(traffic, recorder, pause);
    if (abortReasons.length > 0) {
      recorder.end();
      const writes = { acknowledged: traffic.acknowledged, lost: null, unreadable: "the rehearsal was broken off" };
      return factsOf({ release: undefined, abortReasons, writes });
    }
    warnOfSlowMachine(scenario, recorder);
    const from = clock.now();
    const exitCode = await release(scenario, pace());
    const until = clock.now();
    if (!interruption.finish.aborted) await pause(AFTER_SECONDS);
    recorder.end();
    await traffic.stop();
    const writes = await traffic.check();
    return factsOf({ release: { exitCode, from, until }, abortReasons, writes });
  } finally {
    // After a failure nobody waits for what is still under way: closing the connections ends it.
    void traffic.stop();
    client.close();
  }
}

/** Why no release can be judged against what version 1 answers; empty when it can. */
async function problemsOfVersion1(
  traffic: Traffic,
  recorder: Recorder,
  pause: (seconds: number) => Promise<void>,
): Promise<readonly VerdictReason[]> {
  const waited = pause(ANSWER_SECONDS);
  // When all is answered, nobody waits for it any more.
  waited.catch(() => undefined);
  const isAnswered = await Promise.race([traffic.answered().then(() => true), waited.then(() => false)]);
  return baselineProblems(recorder.answered(), isAnswered ? 0 : traffic.unanswered, VERSIONS.old);
}

function warnOfSlowMachine({ testbed, print, arguments: { speed } }: Scenario, recorder: Recorder): void {
  const warning = slowMachineWarning(
    recorder.averageLatencyMs(),
    responseTimeThresholdMs(testbed.cloud.template.alarms),
    speed,
  );
  if (warning !== undefined) print(`warning: ${warning}`);
}

/** Measures how many simulated seconds pass in one of the wall from now on: the speed, or less on a busy machine. */
function paceOf(clock: Clock): () => number {
  const from = { simulated: clock.now(), wall: performance.now() };
  return () => (clock.now() - from.simulated) / (performance.now() - from.wall);
}

/**
 * Runs the release command to its end; gives its exit code.
 * @param pace simulated seconds that really pass in one of the wall, by which the new version's fault waits
 */
async function release({ testbed, interruption, arguments: chosen }: Scenario, pace: number): Promise<number> {
  const { cloud } = testbed;
  const child = startRelease({
    root: testbed.root,
    image: testbed.images.new,
    variables: chosen.fault
      ? [`SIMULATE=${simulateValue(chosen.fault, chosen.rate, pace, cloud.settings.realResponseMs)}`]
      : [],
    endpoint: cloud.endpoint,
    region: cloud.template.region,
    environment: testbed.environment,
    contextJson: testbed.contextJson,
    plain: chosen.verbose,
    toStandardError: chosen.json,
  });
  const interrupt = () => child.interrupt();
  interruption.finish.addEventListener("abort", interrupt, { once: true });
  try {
    return await Promise.race([child.exited, aborted(interruption.leave), cloud.broken]);
  } finally {
    interruption.finish.removeEventListener("abort", interrupt);
    child.kill();
    await child.exited;
  }
}

/** Gives a function that lets simulated seconds pass, unless the rehearsal is interrupted or the cloud breaks. */
function pausing({ testbed: { cloud }, interruption }: Scenario): (seconds: number) => Promise<void> {
  const signal = AbortSignal.any([interruption.finish, interruption.leave]);
  return async (seconds) => {
    try {
      await Promise.race([cloud.clock.sleep(seconds * 1000, signal), cloud.broken]);
    } catch (error) {
      throw error instanceof ClockStopped && interruption.finish.aborted ? new RehearsalInterrupted() : error;
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
