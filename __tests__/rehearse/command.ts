import { spawn, type ChildProcess } from "node:child_process";
import { LAUNCHER } from "../../scripts/command/launcher";
import { reportSchema, type RehearsalReport } from "../../scripts/rehearse/report/schema";

/** What a test changes in the configuration of staging. */
export interface StagingSettings {
  readonly target5xx?: number;
  /** Variables of the service, whatever its version. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * A context for short rehearsals that no response-time alarm stops: on a fast clock each real millisecond counts, and
 * other tests run at the same time.
 */
function contextOf({ target5xx = 2, variables = {} }: StagingSettings): string {
  const neverFiring = { threshold: 600, evaluationPeriods: 1, datapointsToAlarm: 1 };
  return JSON.stringify({
    defaults: {},
    environments: {
      staging: {
        alarms: { responseTime: neverFiring, target5xx: { threshold: target5xx } },
        service: { environment: variables },
        delivery: { terminationWaitMinutes: 0 },
      },
    },
  });
}

/** A running command. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Resolves with the exit code or signal, and all output. */
  readonly ended: Promise<{ code: number | string | null; stdout: string; stderr: string }>;
  /** Resolves with the match when the output of both streams matches; rejects when the command ends before. */
  untilOutput(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Runs an entry of scripts/ as `npm run` does. */
export function run(script: "rehearse" | "cloud", line: string, settings: StagingSettings = {}): RunningCommand {
  const child = spawn(process.execPath, [LAUNCHER, `scripts/${script}.ts`, ...line.split(" ")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ENVIRONMENT: "staging", CDKTF_CONTEXT_JSON: contextOf(settings) },
  });
  const output = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (chunk: string) => {
      output[stream] += chunk;
      for (const watcher of watchers) watcher();
    });
  }
  const ended = new Promise<{ code: number | string | null; stdout: string; stderr: string }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code: code ?? signal, ...output }));
  });
  return {
    child,
    ended,
    untilOutput: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          const match = pattern.exec(`${output.stdout}\n${output.stderr}`);
          if (!match) return;
          watchers.delete(watch);
          resolve(match);
        };
        watchers.add(watch);
        watch();
        void ended.then(() => reject(new Error(`ended without ${pattern}:\n${output.stdout}\n${output.stderr}`)));
      }),
  };
}

/**
 * How a rehearsal with `--json` ended, and its report.
 * @throws Error with the output when the command printed no report
 */
export async function reported({ ended }: RunningCommand): Promise<{ code: unknown; report: RehearsalReport }> {
  const { code, stdout, stderr } = await ended;
  if (stdout === "") throw new Error(`no report (exit code ${code}):\n${stderr}`);
  return { code, report: reportSchema.parse(JSON.parse(stdout)) };
}
