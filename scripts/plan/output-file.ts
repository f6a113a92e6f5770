import { accessSync, constants, existsSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../command/error-message";

/** A file that an option names can't be written. */
export class OutputFileError extends Error {
  constructor(option: string, file: string, why: string) {
    super(`${option} ${file}: ${why}; choose a file that can be written`);
    this.name = "OutputFileError";
  }
}

/**
 * Checks, without a change, that a file can be written: a plan takes minutes, and its result would be lost.
 * @param option that names the file
 * @throws OutputFileError
 */
export function checkOutputFile(option: string, file: string): void {
  guarded(option, file, () => {
    if (!existsSync(file)) accessSync(dirname(file), constants.W_OK);
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
