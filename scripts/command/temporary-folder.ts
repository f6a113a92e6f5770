import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity";

/** The folder for temporary files cannot be used. */
export class TemporaryFolderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TemporaryFolderError";
  }
}

/** A folder's name says from the first moment whose it is: nobody can find one that is not yet signed. */
const NAME = /^canary-release-([0-9a-f]{8})-([1-9]\d{0,9})-([0-9a-f]{12})-/;

/**
 * Makes a folder for this process. What processes that were killed have left of theirs is removed on the way.
 * @param purpose lower-case word, for people who look at the folder's name
 * @param parent default: the system's folder for temporary files
 * @returns absolute path; who asks removes it
 * @throws TemporaryFolderError when the system's folder for temporary files (TMPDIR) is not there or cannot be written
 */
export function makeTemporaryFolder(purpose: string, parent = path.resolve(tmpdir())): string {
  removeAbandoned(parent);
  const { place, pid, birth } = ownIdentity();
  try {
    return mkdtempSync(path.join(parent, `canary-release-${place}-${pid}-${birth}-${purpose}-`));
  } catch (error) {
    throw new TemporaryFolderError(
      `The folder for temporary files, ${parent}, cannot be used: ` +
        `${reasonOf(parent, error as NodeJS.ErrnoException)}. Set TMPDIR to a folder that exists and can be written.`,
    );
  }
}

/** Whose folder this is, by its name; undefined: it is not one of ours. */
export function ownerOf(name: string): ProcessIdentity | undefined {
  const [, place, pid, birth] = NAME.exec(name) ?? [];
  return place !== undefined && birth !== undefined ? { place, pid: Number(pid), birth } : undefined;
}

/**
 * Removes the folders whose owner was a process of this user and machine that runs no more. Two who do so at once do
 * each other no harm.
 */
function removeAbandoned(parent: string): void {
  for (const name of quietly(() => readdirSync(parent)) ?? []) {
    const owner = ownerOf(name);
    // Only what is known to be over: undefined is a process that may run where it is not seen.
    if (!owner || isRunning(owner) !== false) continue;
    const folder = path.join(parent, name);
    quietly(() => {
      const { uid } = lstatSync(folder);
      if (uid === process.getuid?.()) rmSync(folder, { recursive: true, force: true });
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "it is not a folder",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "it is read-only",
  ENOSPC: "the disk is full",
};

function reasonOf(parent: string, { code = "", message }: NodeJS.ErrnoException): string {
  // Linux says ENOENT of what takes no new entries as well, e.g. /proc.
  if (code === "ENOENT" && existsSync(parent)) return "no folder can be made there";
  return REASONS[code] ?? message;
}

/** What cannot be read or removed is left to the next one. */
function quietly<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
