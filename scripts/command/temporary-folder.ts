import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity";

/** The system's folder for temporary files can't be used. */
export class TemporaryFolderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TemporaryFolderError";
  }
}

/** The name of a folder holds the identity of its owner, so a folder without an owner never exists. */
const NAME = /^canary-release-([0-9a-f]{8})-([1-9]\d{0,9})-([0-9a-f]{12})-/;

/**
 * Creates a folder for this process, and removes the folders that killed processes left behind.
 * @param purpose lower-case word that is part of the folder's name
 * @param parent default: the system's folder for temporary files
 * @returns absolute path; the caller removes the folder
 * @throws TemporaryFolderError when the system's folder for temporary files (TMPDIR) does not exist or can't be written
 */
export function makeTemporaryFolder(purpose: string, parent = path.resolve(tmpdir())): string {
  removeAbandoned(parent);
  const { host, pid, start } = ownIdentity();
  try {
    return mkdtempSync(path.join(parent, `canary-release-${host}-${pid}-${start}-${purpose}-`));
  } catch (error) {
    throw new TemporaryFolderError(
      `The folder for temporary files, ${parent}, cannot be used: ` +
        `${reasonOf(parent, error as NodeJS.ErrnoException)}. Set TMPDIR to a folder that exists and can be written.`,
    );
  }
}

/** The owner of a folder, read from its name; undefined when `makeTemporaryFolder` did not create it. */
export function ownerOf(name: string): ProcessIdentity | undefined {
  const [, host, pid, start] = NAME.exec(name) ?? [];
  return host !== undefined && start !== undefined ? { host, pid: Number(pid), start } : undefined;
}

/** Removes the folders whose owner was a process of this user and has ended. Safe when two processes do it at once. */
function removeAbandoned(parent: string): void {
  for (const name of quietly(() => readdirSync(parent)) ?? []) {
    const owner = ownerOf(name);
    // undefined: the owner may run in another container.
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
  // Linux returns ENOENT also for a folder that takes no new entries, such as /proc.
  if (code === "ENOENT" && existsSync(parent)) return "no folder can be created there";
  return REASONS[code] ?? message;
}

/** Returns undefined on an error: the next process tries again. */
function quietly<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
