import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Made from the rest, or not part of an image. */
const SKIPPED = new Set(["node_modules", "dist", "coverage", ".git", ".DS_Store"]);

/**
 * A hash of a folder's files, their names and contents, that changes exactly when one of them does.
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
      // Forward slashes on every system: the name is part of the hash.
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return filesIn(folder, path);
      return entry.isFile() ? [path] : [];
    });
}
