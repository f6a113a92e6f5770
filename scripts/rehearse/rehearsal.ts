import path from "node:path";
import type { RuntimeName } from "../cloud/tasks/part";
import { messageOf } from "../command/error-message";
import { EXIT_CODES } from "../command/exit-codes";
import type { Interruption } from "../command/interruption";
import { makeFolder, openOutputFile, type OutputFile, OutputFileError } from "../command/output-file";
import type { RehearseArguments } from "./arguments";
import { exitCodeOfError, type LineOutput } from "./command-error";
import { watchInterruption } from "./interruption";
import { ignoredLines, logCloudEvents, processLoggers } from "./event-log";
import { writeLiveTemplate } from "./live/from-live";
import type { RehearsalFacts } from "./report/facts";
import { buildReport } from "./report/report";
import { summaryLines } from "./report/summary";
import { runScenario } from "./scenario";
import { readSetup, type Setup } from "./setup";
import { openTestbed, type Testbed } from "./testbed";
import { seededRandom } from "./traffic/random";
import { openTraffic } from "./traffic/open-traffic";

/**
 * Runs a rehearsal from the synthesis to the report.
 * @param beganAt wall milliseconds, on the clock of `performance.now()`, when the command began
 * @returns the exit code. All processes and containers that it started have ended by then.
 */
export async function rehearse(chosen: RehearseArguments, output: LineOutput, beganAt: number): Promise<number> {
  let reportFile: OutputFile | undefined;
  try {
    reportFile = chosen.report === undefined ? undefined : openReport(chosen.report);
  } catch (error) {
    if (!(error instanceof OutputFileError)) throw error;
    output.err(error.message);
    return EXIT_CODES.rehearse.usage.code;
  }
  const { interruption, dispose } = watchInterruption();
  const print = (line: string) => (chosen.json ? output.err(line) : output.out(line));
  try {
    const setup = readSetup(overridesDelivery(chosen) ? { strategy: chosen.strategy, hook: chosen.hook } : undefined);
    const traffic = await openTraffic(setup.root, setup.config, chosen.seed);
    const facts = await withTestbed(setup, chosen, interruption, print, (testbed) =>
      runScenario({ setup, testbed, traffic, arguments: chosen, interruption, beganAt, print }),
    );
    return conclude(facts, chosen, reportFile, output, print);
  } catch (error) {
    return exitCodeOfError(error, { interruption, verbose: chosen.verbose, print: (line) => output.err(line) });
  } finally {
    reportFile?.discard();
    dispose();
  }
}

async function withTestbed<Result>(
  setup: Setup,
  chosen: RehearseArguments,
  interruption: Interruption,
  print: (line: string) => void,
  use: (testbed: Testbed) => Promise<Result>,
): Promise<Result> {
  const signal = AbortSignal.any([interruption.stop, interruption.leave]);
  const templateFile = await templateFileOf(setup, chosen, signal, print);
  print(
    `Rehearsing a release${chosen.fault ? ` with the fault ${chosen.fault}` : ""}: ${firstSteps(chosen.runtime)} …`,
  );
  const testbed = await openTestbed(setup, {
    runtime: chosen.runtime,
    ...(templateFile !== undefined && { templateFile }),
    onNotice: print,
    secrets: chosen.secrets,
    speed: chosen.speed,
    // Other numbers than those that choose the requests, so that the two choices are independent.
    random: seededRandom(chosen.seed + 1_000_003),
    port: 0,
    ...(chosen.verbose && processLoggers(print)),
    signal,
  });
  try {
    const { cloud } = testbed;
    print(`Version 1 serves ${setup.environment} at ${cloud.productionUrl}; the AWS endpoint is ${cloud.endpoint}.`);
    print(
      `Traffic: ${chosen.rps} ${chosen.rps === 1 ? "request" : "requests"} per simulated second, ` +
        `${chosen.speed} simulated seconds per real second.`,
    );
    if (chosen.fault && chosen.hook === false && templateFile === undefined) {
      print(
        "The hook after test traffic is off, so that the alarms must catch the fault in production traffic (--hook turns it on).",
      );
    }
    if (chosen.verbose) {
      for (const line of ignoredLines(testbed.ignored)) print(line);
      logCloudEvents(cloud, print);
    }
    return await use(testbed);
  } finally {
    await testbed.close();
  }
}

/** The template file to play; undefined: the stacks are played. */
async function templateFileOf(
  setup: Setup,
  { template, fromLive }: RehearseArguments,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<string | undefined> {
  if (!fromLive) return template;
  print("Reading the live service (AWS is only read) …");
  const file = await writeLiveTemplate(setup, fromLive, signal);
  print(`Wrote ${file}; npm run rehearse -- --template ${file} plays it again without AWS.`);
  return file;
}

/**
 * Creates the report's folder, and opens the report there, before the rehearsal starts.
 * @throws OutputFileError for a folder that can't be written, and while another rehearsal writes its report there
 */
function openReport(folder: string): OutputFile {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new OutputFileError("--report", folder, messageOf(error), "choose a folder that can be written to");
  }
  return openOutputFile("--report", reportIn(folder), { alone: true });
}

function reportIn(folder: string): string {
  return path.join(folder, "report.json");
}

/** Names the first steps, so that the user knows why a build of an image takes long. */
function firstSteps(runtime: RuntimeName): string {
  return runtime === "docker" ? "building the image, starting the local cloud" : "starting the local cloud";
}

/** Whether an option replaces the configured delivery. */
function overridesDelivery({ strategy, hook }: RehearseArguments): boolean {
  return strategy !== undefined || hook !== undefined;
}

function conclude(
  facts: RehearsalFacts,
  chosen: RehearseArguments,
  reportFile: OutputFile | undefined,
  output: LineOutput,
  print: (line: string) => void,
): number {
  const report = buildReport(facts);
  print("");
  for (const line of summaryLines(facts, report)) print(line);
  if (chosen.report !== undefined) {
    reportFile?.write(`${JSON.stringify(report, null, 2)}\n`);
    print(`  ${"report".padEnd(11)} ${reportIn(chosen.report)}`);
  }
  if (chosen.json) output.out(JSON.stringify(report, null, 2));
  return report.exitCode;
}
