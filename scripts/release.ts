import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createColors } from "picocolors";
import { ConfigError, loadConfig, type Config } from "../stacks/config";
import { namesOf } from "../stacks/names";
import { parseArguments, type Arguments } from "./release/arguments";
import { connectToAws } from "./release/aws-sdk";
import { wallClock } from "./release/clock";
import { localRunner } from "./release/docker";
import type { Renderer } from "./release/events";
import { Interruption } from "./release/interruption";
import { EXIT_CODES } from "./release/outcome";
import { jsonRenderer } from "./release/render/json";
import { liveRenderer } from "./release/render/live";
import { plainRenderer } from "./release/render/plain";
import { chooseOutput, wantsColor } from "./release/render/choice";
import { refusal } from "./release/report";
import { runRelease } from "./release/run";

const { stdout, stderr } = process;

/** Runs the command and gives its exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseArguments(argv, { out: (text) => stdout.write(text), err: (text) => stderr.write(text) });
  if ("exitCode" in parsed) return parsed.exitCode;
  const args = parsed.arguments;

  const renderer = await rendererFor(args);
  const interruption = new Interruption(wallClock);
  const interrupt = () => interruption.request();
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const config = readConfig(args);
    if (!("environment" in config)) {
      renderer.show({ type: "outcome", report: config });
      return config.exitCode;
    }
    const report = await runRelease(args, {
      aws: await connectToAws(config.region),
      config,
      names: namesOf(config),
      clock: wallClock,
      random: Math.random,
      interruption,
      runner: localRunner,
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
function readConfig(args: Arguments): Config | ReturnType<typeof refusal> {
  try {
    return loadConfig(args.environment === undefined ? {} : { environment: args.environment });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refusal(error.problems.map((what) => ({ what, where: "cdktf.json", next: "correct the configuration" })));
  }
}

async function rendererFor(args: Arguments): Promise<Renderer> {
  const mode = args.output ?? chooseOutput(stdout.isTTY, process.env);
  const write = (line: string) => void stdout.write(`${line}\n`);
  if (mode === "json") return jsonRenderer(write, wallClock);
  if (mode === "plain") return plainRenderer(write, wallClock);
  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(stdout, { showCursor: false });
  return liveRenderer(
    {
      draw: (text) => update(text),
      keep: () => update.done(),
      write,
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

/** Whoever read our output may have gone (`| head`); the release goes on, and its exit code still tells. */
for (const stream of [stdout, stderr]) stream.on("error", () => undefined);

main(process.argv.slice(2)).then(
  (code) => stdout.write("", () => process.exit(code)),
  (error: unknown) => {
    // Everything foreseen ends in a report; nothing was deployed before the first one.
    stderr.write(`release: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`, () =>
      process.exit(EXIT_CODES.refused),
    );
  },
);
