import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ConfigError } from "../../stacks/config";
import { InitialVersionError } from "../cloud/ecs/ecs";
import { DockerError } from "../cloud/tasks/docker-client";
import { PortError } from "../cloud/port";
import type { RuntimeName } from "../cloud/tasks/runtimes";
import { TemporaryFolderError } from "../command/temporary-folder";
import type { RehearseArguments } from "./arguments";
import { BROKEN_EXIT_CODE, USAGE_EXIT_CODE } from "./exit-codes";
import { LEAVE_EXIT_CODES, watchInterruption, type Interruption } from "./interruption";
import { leftAloneLines, narrate, processLines } from "./narration";
import type { RehearsalFacts } from "./report/facts";
import { buildReport } from "./report/report";
import { summaryLines } from "./report/summary";
import { Interrupted, play } from "./scenario";
import { openStage, type Stage } from "./stage";
import { SecretsError } from "./secrets";
import { SynthesisError } from "./synthesis";

/** Where the rehearsal writes; one line each. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}

/**
 * Runs a rehearsal from the synthesis to the report.
 * @param beganAt wall milliseconds, on the clock of `performance.now()`, when the command began
 * @returns an exit code of exit-codes.ts. Nothing it started runs any more then.
 */
export async function rehearse(chosen: RehearseArguments, output: Output, beganAt: number): Promise<number> {
  const unwritable = chosen.report === undefined ? undefined : problemOfFolder(chosen.report);
  if (unwritable !== undefined) {
    output.err(unwritable);
    return USAGE_EXIT_CODE;
  }
  const interruption = watchInterruption();
  const say = (line: string) => (chosen.json ? output.err(line) : output.out(line));
  try {
    const facts = await withStage(chosen, interruption, say, (stage) =>
      play({ stage, arguments: chosen, interruption, beganAt, say }),
    );
    return conclude(facts, chosen, output, say);
  } catch (error) {
    return exitCodeOf(error, { interruption, verbose: chosen.verbose, complain: (line) => output.err(line) });
  } finally {
    interruption.dispose();
  }
}

async function withStage<Result>(
  chosen: RehearseArguments,
  interruption: Interruption,
  say: (line: string) => void,
  use: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  say(
    `Rehearsing a release${chosen.fault ? ` with the fault ${chosen.fault}` : ""}: ${startingWords(chosen.runtime)} …`,
  );
  const stage = await openStage({
    ...(differs(chosen) && { delivery: { strategy: chosen.strategy, hook: chosen.hook } }),
    runtime: chosen.runtime,
    onNotice: say,
    secrets: chosen.secrets,
    speed: chosen.speed,
    port: 0,
    ...(chosen.verbose && processLines(say)),
    signal: AbortSignal.any([interruption.finish, interruption.leave]),
  });
  try {
    const { cloud, environment } = stage;
    say(
      `Version 1 serves ${environment} at ${cloud.productionUrl}; AWS is at ${cloud.endpoint}. ` +
        `${chosen.rps} ${chosen.rps === 1 ? "request" : "requests"} a second, ${chosen.speed} simulated seconds in one.`,
    );
    if (chosen.fault && chosen.hook === false) {
      say(
        "The hook after test traffic is left out, for the alarms are to catch the fault in traffic (--hook leaves it in).",
      );
    }
    if (chosen.verbose) {
      for (const line of leftAloneLines(stage.leftAlone)) say(line);
      narrate(cloud, say);
    }
    return await use(stage);
  } finally {
    await stage.close();
  }
}

/** Makes the folder of the report; gives what to say when it cannot be written to: better before a rehearsal than after. */
function problemOfFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `--report ${folder}: ${why}; choose a folder that can be written to`;
  }
}

/** What comes first, in words; building an image can take its time. */
function startingWords(runtime: RuntimeName): string {
  return runtime === "docker" ? "building the image of api/, starting the local cloud" : "starting the local cloud";
}

/** Is anything to be otherwise than configured? */
function differs({ strategy, hook }: RehearseArguments): boolean {
  return strategy !== undefined || hook !== undefined;
}

function conclude(
  facts: RehearsalFacts,
  chosen: RehearseArguments,
  output: Output,
  say: (line: string) => void,
): number {
  const report = buildReport(facts);
  say("");
  for (const line of summaryLines(facts, report)) say(line);
  if (chosen.report !== undefined) {
    const file = path.join(chosen.report, "report.json");
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
    say(`  ${"report".padEnd(11)} ${file}`);
  }
  if (chosen.json) output.out(JSON.stringify(report, null, 2));
  return report.exitCode;
}

/**
 * What an error that ended a command means for its exit code; says what there is to say.
 * @param context.verbose also show where a breakdown came from
 */
export function exitCodeOf(
  error: unknown,
  context: {
    readonly interruption: Interruption;
    readonly verbose: boolean;
    readonly complain: (line: string) => void;
  },
): number {
  const { interruption, verbose, complain } = context;
  if (interruption.leave.aborted) return interruption.leave.reason as number;
  if (error instanceof Interrupted || interruption.finish.aborted) {
    complain("Stopped; nothing is left running.");
    return LEAVE_EXIT_CODES.SIGINT;
  }
  const refusal = [ConfigError, SynthesisError, SecretsError, PortError, TemporaryFolderError].some(
    (kind) => error instanceof kind,
  );
  if (refusal && error instanceof Error) {
    complain(error.message);
    return USAGE_EXIT_CODE;
  }
  if (error instanceof DockerError || error instanceof InitialVersionError) {
    complain(error.message);
    return BROKEN_EXIT_CODE;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  complain(`The local cloud broke down: ${(verbose && stack) || `${message}\n(--verbose shows where)`}`);
  return BROKEN_EXIT_CODE;
}
