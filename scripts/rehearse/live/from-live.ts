import { rmSync } from "node:fs";
import path from "node:path";
import { makeTemporaryFolder } from "../../command/temporary-folder";
import type { TableTemplate } from "../../cloud/template";
import type { Setup } from "../setup";
import { templateOfStacks } from "../template-source";
import { connectToLiveAws } from "./aws";
import { readLive } from "./read-live";
import { checkReplaceable, writeTemplateFile } from "./template-file";

/** What the command line says about reading a live service. */
export interface FromLive {
  /** The file to write; undefined: `rehearsal/live-<environment>.json`. */
  readonly templateOut: string | undefined;
  /** Whether the values of the tasks' variables are written too. */
  readonly withValues: boolean;
}

/**
 * Reads the live service of the environment and writes it as a template file.
 * @param signal ends the calls of AWS
 * @returns the file
 * @throws LiveReadError, NotPlayable, TemplateFileError; SynthesisError for the table of our stacks
 */
export async function writeLiveTemplate(
  setup: Setup,
  { templateOut, withValues }: FromLive,
  signal: AbortSignal,
): Promise<string> {
  const { config, environment } = setup;
  const file = templateOut ?? path.join(setup.root, "rehearsal", `live-${environment}.json`);
  checkReplaceable(file);
  const region = process.env["AWS_REGION"] || process.env["AWS_DEFAULT_REGION"] || config.region;
  const tables = await tablesOf(setup, signal);
  const { aws, close } = await connectToLiveAws(region, signal);
  try {
    writeTemplateFile(file, await readLive(aws, { config, region, tables, withValues, now: new Date() }));
  } finally {
    close();
  }
  return path.relative(process.cwd(), file) || file;
}

/** The table that our stacks make for the service: the local cloud starts an empty one. Other tools' tables are unknown. */
async function tablesOf(setup: Setup, signal: AbortSignal): Promise<readonly TableTemplate[]> {
  const { existing, service } = setup.config;
  if (existing || !service.table) return [];
  const directory = makeTemporaryFolder("tables");
  try {
    return (await templateOfStacks(setup, directory, { runtime: "process", signal })).template.tables;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
