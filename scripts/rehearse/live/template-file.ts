import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Template } from "../../cloud/template";
import { jsonOrUndefined, parseJson } from "../../command/json-text";
import { makeFolder } from "../../command/output-file";
import { templateProblems } from "./template-checks";
import { templateSchema } from "./template-schema";

/** Format 1 didn't name the alarms that are left out. A change that an older reader would misunderstand gets the next number. */
const FORMAT = 2;

/** A file that says what is to be rehearsed, in place of the stacks. */
export interface TemplateFile {
  readonly format: typeof FORMAT;
  /** When AWS was read, in ISO 8601. */
  readonly readAt: string;
  /** What was read. */
  readonly from: {
    readonly account: string;
    readonly region: string;
    readonly cluster: string;
    readonly service: string;
    readonly application: string;
    readonly deploymentGroup: string;
  };
  /** What AWS has and a rehearsal doesn't play, one sentence each. */
  readonly notPlayed: readonly string[];
  /** Names of the alarms of the deployment group that are not in the template. `notPlayed` says why. */
  readonly leftOutAlarms: readonly string[];
  /**
   * Members of containers whose values are not in the file, because they may be secret: `<container>: <variable or member>`.
   */
  readonly withheld: readonly string[];
  readonly template: Template;
}

const text = z.string().min(1);
const fileSchema: z.ZodType<TemplateFile> = z.strictObject({
  format: z.literal(FORMAT),
  readAt: z.iso.datetime("must be a time such as 2026-01-31T12:00:00Z"),
  from: z.strictObject({
    account: text,
    region: text,
    cluster: text,
    service: text,
    application: text,
    deploymentGroup: text,
  }),
  notPlayed: z.array(text),
  leftOutAlarms: z.array(text),
  withheld: z.array(text),
  template: templateSchema,
});

/** A template file can't be used, or not be written. The message says what is wrong, where, and what to do. */
export class TemplateFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TemplateFileError";
  }
}

/**
 * Checks a template file's content.
 * @throws TemplateFileError with a line for each problem, by path
 */
export function parseTemplateFile(content: unknown, source: string): TemplateFile {
  const { format } = z.looseObject({ format: z.unknown() }).safeParse(content).data ?? {};
  if (format !== FORMAT) {
    const what =
      format === undefined ? "is no template file: it has no format" : `has the format ${JSON.stringify(format)}`;
    throw new TemplateFileError(
      `${source} ${what}; this version reads the format ${FORMAT}. Write it again with npm run rehearse -- --from-live.`,
    );
  }
  const parsed = fileSchema.safeParse(content);
  const problems = parsed.success
    ? templateProblems(parsed.data.template).map((problem) => `template.${problem}`)
    : parsed.error.issues.map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new TemplateFileError([`${source} can't be rehearsed:`, ...problems.map((line) => `  ${line}`)].join("\n"));
}

/** Reads and checks a template file. @throws TemplateFileError */
export function readTemplateFile(file: string): TemplateFile {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new TemplateFileError(
      `--template ${file}: ${(error as Error).message}; npm run rehearse -- --from-live writes such a file`,
    );
  }
  return parseTemplateFile(jsonOf(content, file), file);
}

function jsonOf(content: string, file: string): unknown {
  try {
    return parseJson(content);
  } catch (error) {
    throw new TemplateFileError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

/**
 * Checks, before AWS is read, that a template file can be written there: a file that is no template file is not replaced.
 * @throws TemplateFileError
 */
export function checkReplaceable(file: string): void {
  let existing: string;
  try {
    existing = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw unwritable(file, error);
  }
  if (z.object({ format: z.number(), template: z.unknown() }).safeParse(jsonOrUndefined(existing)).success) return;
  throw new TemplateFileError(
    `--template-out ${file}: it exists and is no template file, so it is not replaced; choose another file`,
  );
}

/**
 * Writes a template file that only this user can read. An existing one is replaced as a whole.
 * @throws TemplateFileError when it can't be written
 */
export function writeTemplateFile(file: string, content: TemplateFile): void {
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    makeFolder(path.dirname(file));
  } catch (error) {
    throw unwritable(file, error);
  }
  try {
    writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    // The user's umask may take rights away from the mode, but the user has to read it.
    chmodSync(unfinished, 0o600);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): TemplateFileError {
  return new TemplateFileError(`--template-out ${file}: ${(error as Error).message}; choose another file`);
}
