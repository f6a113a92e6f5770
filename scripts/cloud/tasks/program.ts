import path from "node:path";
import { inheritedVariables, startChild, type Child } from "./child";

/** A program of any language. */
export interface Program {
  /** Program (a path, or a name that is looked up in PATH) and arguments. */
  readonly command: readonly string[];
  /** The folder in which it runs. */
  readonly directory: string;
  /** All of its variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The process between the cloud and the program, which ends the program with the cloud. */
const KEEPER = path.join(__dirname, "program-keeper.cjs");

/**
 * Starts a program. It ends with this process, even when this process is killed and even when it ignores SIGTERM. What it
 * starts ends too, unless it moves to a process group of its own, as daemons do. `listening` of the result never resolves.
 * @param onLine called with every line of its output
 */
export function startProgram(
  { command, directory, environment }: Program,
  onLine?: (line: string) => void,
): Omit<Child, "listening" | "send"> {
  const child = startChild([KEEPER], {}, onLine, { preload: false, directory });
  // Not by arguments, which every user of the machine can read.
  child.send({ command, environment });
  return child;
}

/** The variables of a task's program: its own, and those of this machine that a program needs to find others. */
export function programVariables(environment: Readonly<Record<string, string>>): Record<string, string> {
  return { ...inheritedVariables(), ...environment };
}
