import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A step of a job, as far as it is looked at. */
interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A job of its own, or a call of another workflow. */
interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": unknown; readonly queue?: string };
  readonly strategy?: {
    readonly matrix: Readonly<Record<string, unknown>>;
    readonly "max-parallel"?: number;
    readonly "fail-fast"?: boolean;
  };
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  /** Name of the file. */
  readonly file: string;
  /** The text as it is written. */
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Job["concurrency"];
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(__dirname, "..", "..", ".github", "workflows");

/** Every workflow of the project. */
export const WORKFLOWS: readonly Workflow[] = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  return { ...(parse(text) as Omit<Workflow, "file" | "text">), file, text };
});

/** The workflow of that file. */
export function workflow(file: string): Workflow {
  const found = WORKFLOWS.find((one) => one.file === file);
  if (!found) throw new Error(`no workflow ${file}`);
  return found;
}

/** Every job that has steps, with where it is. */
export const JOBS = WORKFLOWS.flatMap(({ file, jobs }) =>
  Object.entries(jobs).map(([name, job]) => ({ where: `${file}: ${name}`, job })),
);

/** Every step, with where it is. */
export const STEPS = JOBS.flatMap(({ where, job }) => (job.steps ?? []).map((step) => ({ where, step })));

/** The script of a step, as the runner would run it. */
export function scriptOf(file: string, job: string, name: string): string {
  const step = workflow(file).jobs[job]?.steps?.find((one) => one.name === name);
  if (step?.run === undefined) throw new Error(`${file} has no script ${name} in ${job}`);
  return step.run;
}
