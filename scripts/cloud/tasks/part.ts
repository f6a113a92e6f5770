import type { ContainerDefinition, TaskDefinitionTemplate } from "../template";

/** An image in the local registry: what a container started from it runs. */
export interface Image {
  readonly repository: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: number;
  readonly sizeBytes: number;
  /** e.g. linux/amd64 */
  readonly platform: { readonly os: string; readonly architecture: string };
  /** Program and arguments, as the image's entry point; none where the machine's Docker knows them. */
  readonly command: readonly string[];
  /** The id by which this machine's Docker has it, `sha256:` and 64 hex digits; what the docker runtime runs. */
  readonly dockerImage?: string;
  /** The image's own environment (Dockerfile ENV); the task definition's wins. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The registry. */
export interface ImagesPart {
  all(): readonly Image[];
  /** Finds by `url:tag` or `url@sha256:…`. */
  find(reference: string): Image | undefined;
}

/** A running process or container of one task. */
export interface RunningContainer {
  /** Resolves when it listens, with its address; rejects when it exits first. */
  readonly listening: Promise<{ readonly host: string; readonly port: number }>;
  /** Resolves when it has exited. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** The newest lines of its output, newest last. */
  lastLogLines(): readonly string[];
  /** SIGTERM, then SIGKILL after `timeoutSeconds` of simulated time; resolves when it has exited. */
  stop(timeoutSeconds: number): Promise<void>;
}

/** Starts what tasks are made of. */
export interface TaskRuntime {
  /** @throws when the image, or what the task definition asks for, cannot run here */
  start(input: {
    readonly taskId: string;
    readonly image: Image;
    readonly containerPort: number;
    readonly environment: Readonly<Record<string, string>>;
    readonly definition: TaskDefinitionTemplate;
    /** The one of its containers that is to run. */
    readonly container: ContainerDefinition;
  }): RunningContainer;
  /** Kills what is left; resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** The task runtimes: processes of this machine, or containers of its Docker. */
export const RUNTIMES = ["process", "docker"] as const;
/** The name of a task runtime. */
export type RuntimeName = (typeof RUNTIMES)[number];
