import { ConfigError } from "../../stacks/config";
import { InitialVersionError } from "../cloud/ecs/ecs";
import { TemplateError } from "../cloud/loader/error";
import { PortError } from "../cloud/port";
import { DockerError } from "../cloud/tasks/docker-client";
import { EXIT_CODES } from "../command/exit-codes";
import type { Interruption } from "../command/interruption";
import { OutputFileError } from "../command/output-file";
import { TemporaryFolderError } from "../command/temporary-folder";
import { LiveReadError, NotPlayable } from "./live/reads";
import { TemplateFileError } from "./live/template-file";
import { PrerequisiteError } from "./prerequisites";
import { RehearsalInterrupted } from "./scenario";
import { SecretsError } from "./secrets";
import { SynthesisError } from "./synthesis";
import { TrafficModuleError } from "./traffic/checked-traffic";

/** Where a command writes. Each call is one line, without its line break. */
export interface LineOutput {
  out(line: string): void;
  err(line: string): void;
}

/** Errors that the user can correct: a wrong configuration, option, port or template, or stacks that the cloud can't play. */
const USAGE_ERRORS = [
  ConfigError,
  SynthesisError,
  SecretsError,
  PortError,
  TemporaryFolderError,
  TemplateError,
  TemplateFileError,
  NotPlayable,
];

/** Errors that end a rehearsal and explain themselves. */
const BROKEN = [
  DockerError,
  InitialVersionError,
  PrerequisiteError,
  TrafficModuleError,
  LiveReadError,
  OutputFileError,
];

/**
 * Prints the error that ended `npm run rehearse` or `npm run cloud`.
 * @param context.verbose also prints the stack trace of an unexpected error
 * @param context.print receives each line for the user
 * @returns the exit code for this error
 */
export function exitCodeOfError(
  error: unknown,
  context: {
    readonly interruption: Interruption;
    readonly verbose: boolean;
    readonly print: (line: string) => void;
  },
): number {
  const { interruption, verbose, print } = context;
  if (interruption.leave.aborted) return interruption.leave.reason as number;
  if (error instanceof RehearsalInterrupted || interruption.stop.aborted) {
    print("Stopped; nothing is left running.");
    return EXIT_CODES.rehearse.SIGINT.code;
  }
  if (error instanceof Error && USAGE_ERRORS.some((kind) => error instanceof kind)) {
    print(error.message);
    return EXIT_CODES.rehearse.usage.code;
  }
  if (error instanceof Error && BROKEN.some((kind) => error instanceof kind)) {
    print(error.message);
    return EXIT_CODES.rehearse.broken.code;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  print(`The local cloud broke down: ${(verbose && stack) || `${message}\n(--verbose shows where)`}`);
  return EXIT_CODES.rehearse.broken.code;
}
