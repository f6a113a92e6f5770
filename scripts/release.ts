import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createColors } from "picocolors";
import { ConfigError, loadConfig, type Config } from "../stacks/config";
import { namesOf } from "../stacks/names";
import { parseArguments, type Arguments } from "./release/arguments";
import type { AwsPort } from "./release/aws-port";
import { connectToAws } from "./release/aws-sdk";
import { wallClock } from "./release/clock";
import { programRunner } from "./release/docker";
import type { Renderer, ReleaseReport } from "./release/events";
import { explain } from "./release/failure";
import { Interruption } from "./release/interruption";
import { EXIT_CODES } from "./release/outcome";
import { someProblems } from "./release/problem";
import { jsonRenderer } from "./release/render/json";
import { liveRenderer } from "./release/render/live";
import { plainRenderer } from "./release/render/plain";
import { chooseOutput, wantsColor } from "./release/render/choice";
import { Screen } from "./release/render/screen";
import { fallbackRenderer } from "./release/render/fallback";
import { refusal } from "./release/report";
import { runRelease } from "./release/run";

const { stdout, stderr } = process;

/** Exit code of a fault nobody foresaw: 4 as long as no deployment was asked for, 5 from then on. */
let faultExitCode = EXIT_CODES.refused;

/** Runs the command and gives its exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseArguments(argv, { out: (text) => stdout.write(text), err: (text) => stderr.write(text) });
  if ("exitCode" in parsed) return parsed.exitCode;
  const args = parsed.arguments;

  const renderer = fallbackRenderer(rendererFor(args), plainRenderer(writeLine, wallClock));
  const interruption = new Interruption(wallClock);
  // A terminal that was closed (SIGHUP) is a person who left: nobody watches any more.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interruption.request());
  const refuse = (report: ReleaseReport) => {
    renderer.show({ type: "outcome", report });
    return report.exitCode;
  };
  try {
    const config = readConfig(args);
    if (!("environment" in config)) return refuse(config);
    const aws = await connect(config.region);
    if (!("region" in aws)) return refuse(aws);
    if ((args.attach ?? args.continue) !== undefined) faultExitCode = EXIT_CODES["lost-sight"];
    const report = await runRelease(args, {
      aws: {
        ...aws,
        createDeployment: (input) => {
          faultExitCode = EXIT_CODES["lost-sight"];
          return aws.createDeployment(input);
        },
      },
      config,
      names: namesOf(config),
      clock: wallClock,
      random: Math.random,
      interruption,
      runner: programRunner(),
      apiDirectory: "api",
      readTemplate: () => readFileSync(join("api", "appspec.yaml"), "utf8"),
      emit: (event) => renderer.show(event),
    });
    return report.exitCode;
  } finally {
    renderer.close();
  }
}

/** The configuration, or the report of what is wrong with it. */
function readConfig(args: Arguments): Config | ReleaseReport {
  try {
    return loadConfig(args.environment === undefined ? {} : { environment: args.environment });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const where = process.env["CDKTF_CONTEXT_JSON"] ? "CDKTF_CONTEXT_JSON" : "cdktf.json";
    return refusal(someProblems(error.problems.map((what) => ({ what, where, next: "correct the configuration" }))));
  }
}

/** The way to AWS, or the report of why there is none. */
async function connect(fallbackRegion: string): Promise<AwsPort | ReleaseReport> {
  try {
    return await connectToAws(fallbackRegion);
  } catch (error) {
    const where = "AWS_REGION, AWS_ENDPOINT_URL, AWS_PROFILE and the profile's settings";
    return refusal([{ what: explain(error).message, where, next: "correct what AWS's own tools read" }]);
  }
}

function rendererFor(args: Arguments): Renderer {
  const mode = args.output ?? chooseOutput(stdout.isTTY, process.env);
  if (mode === "json") return jsonRenderer(writeLine, wallClock);
  if (mode === "plain") return plainRenderer(writeLine, wallClock);
  const screen = new Screen(stdout);
  // However it ends, the terminal has its cursor back.
  process.once("exit", () => screen.keep());
  return liveRenderer(
    {
      draw: (lines) => screen.draw(lines),
      keep: () => screen.keep(),
      write: writeLine,
      size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
      palette: createColors(wantsColor(stdout.isTTY, process.env)),
      every: (milliseconds, action) => {
        const timer = setInterval(action, milliseconds);
        return () => clearInterval(timer);
      },
    },
    wallClock,
  );
}

function writeLine(line: string): void {
  stdout.write(`${line}\n`);
}

/** Everything foreseen ends in a report. */
function endUnforeseen(error: unknown): void {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`release: ${words}\n`, () => process.exit(faultExitCode));
}

/** Whoever read our output may have gone (`| head`); the release goes on, and its exit code still tells. */
for (const stream of [stdout, stderr]) stream.on("error", () => undefined);
process.on("uncaughtException", endUnforeseen);

main(process.argv.slice(2)).then((code) => stdout.write("", () => process.exit(code)), endUnforeseen);
