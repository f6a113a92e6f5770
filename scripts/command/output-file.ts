import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { messageOf } from "./error-message";

/** A file that an option names can't be written. */
export class OutputFileError extends Error {
  constructor(option: string, file: string, why: string) {
    super(`${option} ${file}: ${why}; choose a file that can be written`);
    this.name = "OutputFileError";
  }
}

/** A file that is written as a whole, or not at all. */
export interface OutputFile {
  /** Writes the file, in place of one that is there. @throws OutputFileError when it can't be written */
  write(text: string): void;
  /** Leaves everything as it was, unless the file is written. */
  discard(): void;
}

/**
 * Makes sure that a file can be written, before the work for it begins: makes an empty file beside it, which is renamed
 * when its text is there.
 * @param option the option that names the file, for errors
 * @throws OutputFileError for a folder, for what is no regular file, and where no file can be made
 */
export function openOutputFile(option: string, file: string): OutputFile {
  const target = realPath(file);
  const unfinished = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
  guarded(option, file, () => {
    const existing = statSync(target, { throwIfNoEntry: false });
    if (existing?.isDirectory()) throw new Error("it is a folder");
    if (existing && !existing.isFile()) throw new Error("it is no regular file");
    // A file without the right to write is left as it is, although a rename could replace it.
    if (existing) closeSync(openSync(target, "r+"));
    closeSync(openSync(unfinished, "wx"));
  });
  return {
    write: (text) => {
      try {
        writeFileSync(unfinished, text);
        renameSync(unfinished, target);
      } catch (error) {
        rmSync(unfinished, { force: true });
        throw new OutputFileError(option, file, messageOf(error));
      }
    },
    discard: () => rmSync(unfinished, { force: true }),
  };
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
