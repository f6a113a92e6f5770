import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Files and folders that are generated, or are not part of an image. */
const SKIPPED = new Set(["node_modules", "dist", "coverage", ".git", ".DS_Store"]);

/**
 * A hash of the names and the contents of a folder's files.
 * @returns 16 hex digits
 */
export function contentHash(folder: string): string {
  const hash = createHash("sha256");
  for (const name of filesIn(folder, "")) {
    const content = readFileSync(join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

function filesIn(folder: string, below: string): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      // Forward slashes on every operating system, because the name is part of the hash.
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return filesIn(folder, path);
      return entry.isFile() ? [path] : [];
    });
}
