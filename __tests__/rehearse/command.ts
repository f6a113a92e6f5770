import { spawn, type ChildProcess } from "node:child_process";
import { LAUNCHER } from "../../scripts/command/launcher";
import { reportSchema, type RehearsalReport } from "../../scripts/rehearse/report/schema";

/** The configuration's `context`, as far as these tests change it. */
export type Context = Readonly<Record<"defaults", Readonly<Record<string, unknown>>>>;

/**
 * The service of __tests__/fixtures/orders: Python, without a table, a version header or a traffic module. No alarm on slow
 * answers stops its short rehearsals: on a fast clock each real millisecond counts, and other tests run at the same time.
 */
export const ORDERS: Context = {
  defaults: {
    project: "orders",
    region: "eu-west-1",
    healthCheck: { path: "/ready" },
    service: {
      source: "__tests__/fixtures/orders",
      container: "web",
      table: false,
      containerPort: 3000,
      environment: { STORE: "cloud" },
    },
    gate: { slowSeconds: 600 },
    rehearsal: {
      command: ["python3", "-u", "server.py"],
      environment: { STORE: "local" },
      requests: [
        { name: "create", method: "POST", path: "/orders", body: { id: "${uuid}", n: "${counter}" }, expect: 201 },
        // The tasks share no orders.
        { name: "read", method: "GET", path: "/orders/${create.id}", expect: [200, 404], weight: 2 },
      ],
    },
    delivery: { terminationWaitMinutes: 0 },
  },
};

/** A context with more keys in its `defaults`. */
export function withDefaults(
  { defaults }: Context,
  more: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Context {
  const changed = Object.entries(more).map(([key, value]) => [key, { ...(defaults[key] as object), ...value }]);
  return { defaults: { ...defaults, ...(Object.fromEntries(changed) as object) } };
}

/** A running command. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Resolves with the exit code or signal, and all output. */
  readonly ended: Promise<{ code: number | string | null; stdout: string; stderr: string }>;
  /** Resolves with the match when the output of both streams matches; rejects when the command ends before. */
  untilOutput(pattern: RegExp): Promise<RegExpExecArray>;
}

/** The configuration's context as JSON, with the environment staging. */
export function contextJson(context: Context): string {
  return JSON.stringify({ ...context, environments: { staging: {} } });
}

/**
 * Runs an entry of scripts/ as `npm run` does.
 * @param variables of its environment, over this process's
 */
export function run(
  script: "rehearse" | "cloud",
  line: string,
  context: Context = ORDERS,
  variables: NodeJS.ProcessEnv = {},
): RunningCommand {
  const child = spawn(process.execPath, [LAUNCHER, `scripts/${script}.ts`, ...line.split(" ")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ENVIRONMENT: "staging",
      CDKTF_CONTEXT_JSON: contextJson(context),
      ...variables,
    },
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
