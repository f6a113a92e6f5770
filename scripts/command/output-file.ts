import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { messageOf } from "./error-message";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity";

/** A file that an option names can't be written. */
export class OutputFileError extends Error {
  constructor(option: string, file: string, why: string, next = "choose a file that can be written") {
    super(`${option} ${file}: ${why}; ${next}`);
    this.name = "OutputFileError";
  }
}

/**
 * Makes a folder, and those above it, where there is none. Node's own recursion doesn't end below a folder that takes no
 * entries, such as /proc.
 * @throws Error of the file system
 */
export function makeFolder(folder: string): void {
  const existing = statSync(folder, { throwIfNoEntry: false });
  if (existing?.isDirectory()) return;
  if (existing) throw new Error(`${folder} is no folder`);
  makeFolder(path.dirname(path.resolve(folder)));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!existsSync(folder)) throw error;
  }
}

/** A file that is written as a whole, or not at all. */
export interface OutputFile {
  /** Writes the file, in place of one that is there. @throws OutputFileError when it can't be written */
  write(text: string): void;
  /** Leaves everything as it was, unless the file is written. */
  discard(): void;
}

/** How often the process that writes a file alone touches its unfinished file. Milliseconds. */
const TOUCH_MS = 15_000;
/**
 * The age at which an unfinished file is abandoned whose process can't be looked up, because another machine or container
 * shares the folder. Milliseconds.
 */
const ABANDONED_MS = 120_000;

/**
 * Makes sure that a file can be written, before the work for it begins: makes an empty file beside it, which is renamed
 * when its text is there. Removes the empty files of processes that were killed.
 * @param option the option that names the file, for errors
 * @param settings.alone refuse a file that another process has opened like this and not written yet
 * @param settings.now milliseconds since 1970
 * @throws OutputFileError for a folder, for what is no regular file, where no file can be made, and for a file that another
 *   process writes
 */
export function openOutputFile(
  option: string,
  file: string,
  { alone = false, now = Date.now }: { readonly alone?: boolean; readonly now?: () => number } = {},
): OutputFile {
  const target = realPath(file);
  const own = unfinishedOf(target, ownIdentity());
  guarded(option, file, () => {
    const existing = statSync(target, { throwIfNoEntry: false });
    if (existing?.isDirectory()) throw new Error("it is a folder");
    if (existing && !existing.isFile()) throw new Error("it is no regular file");
    // A file without the right to write is left as it is, although a rename could replace it.
    if (existing) closeSync(openSync(target, "r+"));
    const folder = path.dirname(target);
    if (!existsSync(folder)) throw new Error(`the folder ${folder} does not exist`);
    try {
      closeSync(openSync(own, "wx"));
    } catch (error) {
      // The name of the unfinished file says nothing to people.
      throw new Error(messageOf(error).replace(own, target), { cause: error });
    }
  });
  // The own file is there first. So of two processes that begin together, no more than one continues.
  const other = othersOf(target).find(
    (one) => one.file !== own && (one.isRunning ?? now() - one.touchedAt < ABANDONED_MS),
  );
  if (alone && other) {
    rmSync(own, { force: true });
    const who = other.isRunning ? `process ${other.owner.pid}` : "a process of another machine or container";
    const next = other.isRunning ? "" : `, delete ${other.file} if that process has ended`;
    throw new OutputFileError(
      option,
      file,
      `${who} writes it at the moment`,
      `wait until it has ended${next}, or choose another place`,
    );
  }
  const touching = alone ? setInterval(() => touch(own), TOUCH_MS).unref() : undefined;
  const discard = () => {
    clearInterval(touching);
    rmSync(own, { force: true });
  };
  return {
    write: (text) => {
      try {
        writeFileSync(own, text);
        renameSync(own, target);
        clearInterval(touching);
      } catch (error) {
        discard();
        throw new OutputFileError(option, file, messageOf(error));
      }
    },
    discard,
  };
}

/** The empty file beside a file. Its name is that of no other process, also when process ids repeat. */
function unfinishedOf(target: string, { host, pid, start }: ProcessIdentity): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.${host}-${pid}-${start}.tmp`);
}

/** An empty file of another process. */
interface Unfinished {
  readonly file: string;
  readonly owner: ProcessIdentity;
  /** Undefined when that can't be known from here. */
  readonly isRunning: boolean | undefined;
  /** Milliseconds since 1970. */
  readonly touchedAt: number;
}

const OWNER = /\.([0-9a-f]{8})-([1-9]\d{0,9})-([0-9a-f]{12})\.tmp$/;

/** The unfinished files of a file. Removes those whose process has ended. */
function othersOf(target: string): readonly Unfinished[] {
  const folder = path.dirname(target);
  return readdirSync(folder).flatMap((name): readonly Unfinished[] => {
    const [, host, pid, start] = OWNER.exec(name) ?? [];
    if (host === undefined || start === undefined) return [];
    const owner = { host, pid: Number(pid), start };
    const file = path.join(folder, name);
    if (unfinishedOf(target, owner) !== file) return [];
    const running = isRunning(owner);
    if (running === false) {
      quietly(() => rmSync(file, { force: true }));
      return [];
    }
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats ? [{ file, owner, isRunning: running, touchedAt: stats.mtimeMs }] : [];
  });
}

function touch(file: string): void {
  const now = new Date();
  quietly(() => utimesSync(file, now, now));
}

/** Does something that may fail: the file may be gone, or another user's. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // Nothing depends on it.
  }
}

/** The file that a path leads to, through symbolic links; the path itself where there is none yet. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

/**
 * Checks, without a change, that a file can be written, before the work for it begins. Unlike `openOutputFile` it takes
 * devices, such as /dev/stdout.
 * @param option that names the file
 * @throws OutputFileError
 */
export function checkOutputFile(option: string, file: string): void {
  guarded(option, file, () => {
    if (!existsSync(file)) accessSync(path.dirname(file), constants.W_OK);
    else if (statSync(file).isDirectory()) throw new Error("it is a folder");
    else accessSync(file, constants.W_OK);
  });
}

/** @throws OutputFileError */
export function writeOutputFile(option: string, file: string, text: string): void {
  guarded(option, file, () => writeFileSync(file, text));
}

function guarded(option: string, file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new OutputFileError(option, file, messageOf(error));
  }
}
