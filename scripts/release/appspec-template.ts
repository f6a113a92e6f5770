import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A template of appspecs. */
export interface AppSpecTemplate {
  /** Its file, for messages. */
  readonly file: string;
  readonly text: string;
}

/** Name of the file in the service's folder that replaces the built-in template. */
const OWN = "appspec.yaml";

/**
 * Reads the service's own template, else the built-in one.
 * @param source folder of the service
 * @throws what reading the file throws
 */
export function readAppSpecTemplate(source: string): AppSpecTemplate {
  const own = ownTemplate(source);
  const path = existsSync(own) ? own : join(__dirname, OWN);
  return { file: path === own ? own : "scripts/release/appspec.yaml", text: readFileSync(path, "utf8") };
}

/** Where the service's own template is, if there is one. */
export function ownTemplate(source: string): string {
  return join(source, OWN);
}
