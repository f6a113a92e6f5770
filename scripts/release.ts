import { createColors } from "picocolors";
import { ConfigError, isGiven, loadConfig, type Config } from "../stacks/config";
import { targetOf } from "./release/target";
import { EXIT_CODES } from "./command/exit-codes";
import { Interruption, onEndSignal } from "./command/interruption";
import { processLines, processOutput, runCommand } from "./command/run-command";
import { isInteractive, wantsColor } from "./command/terminal";
import { readAppSpecTemplate } from "./release/appspec-template";
import { parseReleaseArguments, type ReleaseArguments } from "./release/arguments";
import type { AwsPort } from "./release/aws-port";
import { connectToAws } from "./release/aws-sdk";
import { wallClock } from "./release/clock";
import { programRunner } from "./release/docker";
import type { Renderer, ReleaseReport } from "./release/events";
import { explain } from "./release/failure";
import { sendProbe } from "./release/probe-request";
import { someProblems } from "./release/problem";
import { jsonRenderer } from "./release/render/json";
import { liveRenderer } from "./release/render/live";
import { plainRenderer } from "./release/render/plain";
import { Screen } from "./release/render/screen";
import { fallbackRenderer } from "./release/render/fallback";
import { refusal } from "./release/report";
import { runRelease } from "./release/run";

const { stdout } = process;

/**
 * Runs the command and gives its exit code. Until a deployment is requested, an unexpected error ends it as refused; from
 * then on as lost sight.
 */
async function main(argv: readonly string[], setFaultExitCode: (code: number) => void): Promise<number> {
  const parsed = parseReleaseArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  const args = parsed.arguments;

  const renderer = fallbackRenderer(rendererFor(args), plainRenderer(processLines.out, wallClock));
  const interruption = new Interruption(wallClock);
  onEndSignal(() => interruption.request());
  const deploymentRequested = () => setFaultExitCode(EXIT_CODES.release["lost-sight"].code);
  const refuse = (report: ReleaseReport) => {
    renderer.show({ type: "outcome", report });
    return report.exitCode;
  };
  try {
    const config = readConfig(args);
    if (!("environment" in config)) return refuse(config);
    const aws = await connect(config.region);
    if (!("region" in aws)) return refuse(aws);
    if ((args.attach ?? args.continue) !== undefined) deploymentRequested();
    const report = await runRelease(args, {
      aws: {
        ...aws,
        createDeployment: (input) => {
          deploymentRequested();
          return aws.createDeployment(input);
        },
      },
      config,
      target: targetOf(config),
      clock: wallClock,
      random: Math.random,
      interruption,
      runner: programRunner(),
      sendProbe,
      source: config.service.source,
      isSourceGiven: isGiven(["service", "source"], { environment: config.environment }),
      readTemplate: () => readAppSpecTemplate(config.service.source),
      emit: (event) => renderer.show(event),
    });
    return report.exitCode;
  } finally {
    renderer.close();
  }
}

/** Loads the configuration, or returns a report of what is wrong with it. */
function readConfig(args: ReleaseArguments): Config | ReleaseReport {
  try {
    return loadConfig(args.environment === undefined ? {} : { environment: args.environment });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const where = process.env["CDKTF_CONTEXT_JSON"] ? "CDKTF_CONTEXT_JSON" : "cdktf.json";
    return refusal(someProblems(error.problems.map((what) => ({ what, where, next: "correct the configuration" }))));
  }
}

/** Connects to AWS, or returns a report of why that is not possible. */
async function connect(fallbackRegion: string): Promise<AwsPort | ReleaseReport> {
  try {
    return await connectToAws(fallbackRegion);
  } catch (error) {
    const where = "AWS_REGION, AWS_ENDPOINT_URL, AWS_PROFILE and the profile's settings";
    return refusal([{ what: explain(error).message, where, next: "correct what AWS's own tools read" }]);
  }
}

function rendererFor(args: ReleaseArguments): Renderer {
  const mode = args.output ?? (isInteractive(stdout.isTTY, process.env) ? "live" : "plain");
  if (mode === "json") return jsonRenderer(processLines.out, wallClock);
  if (mode === "plain") return plainRenderer(processLines.out, wallClock);
  const screen = new Screen(stdout);
  // The screen hides the cursor, so every way of ending must show it again.
  process.once("exit", () => screen.keep());
  return liveRenderer(
    {
      draw: (lines) => screen.draw(lines),
      keep: () => screen.keep(),
      write: processLines.out,
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

// A call to AWS that timed out may still be open, and must not keep the process alive.
runCommand({ name: "release", faultExitCode: EXIT_CODES.release.refused.code, exitWhenDone: true, main });
