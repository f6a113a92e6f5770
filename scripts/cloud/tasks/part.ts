import type { ContainerDefinition, TaskDefinitionTemplate } from "../template";

/** An image in the local registry. */
export interface Image {
  readonly repository: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: number;
  readonly sizeBytes: number;
  /** e.g. linux/amd64 */
  readonly platform: { readonly os: string; readonly architecture: string };
  /** Program and arguments: the image's entry point; empty for an image of Docker, which has its own. */
  readonly command: readonly string[];
  /** The folder in which the command runs. With it, the command may be any program; without it, a Node script. */
  readonly directory?: string;
  /** The image's id in this machine's Docker, `sha256:` and 64 hex digits, for the docker runtime. */
  readonly dockerImage?: string;
  /** The image's own environment (Dockerfile ENV), which the task definition overrides. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The image registry. */
export interface ImagesPart {
  all(): readonly Image[];
  /** Finds an image by `url:tag` or `url@sha256:…`. */
  find(reference: string): Image | undefined;
}

/** The running process or container of one task. */
export interface RunningContainer {
  /** Resolves when it listens, with its address; rejects when it exits first. */
  readonly listening: Promise<{ readonly host: string; readonly port: number }>;
  /** Resolves when it has exited. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** The newest lines of its output, newest last. */
  lastLogLines(): readonly string[];
  /** Sends SIGTERM, and SIGKILL after `timeoutSeconds` of simulated time; resolves when it has exited. */
  stop(timeoutSeconds: number): Promise<void>;
  /** Sends SIGKILL: it ends at once, as when its program crashes. */
  kill(): void;
}

/** Starts the processes or containers of tasks. */
export interface TaskRuntime {
  /** @throws Error when the image can't run here, or the task definition has unsupported settings */
  start(input: {
    readonly taskId: string;
    readonly image: Image;
    readonly containerPort: number;
    readonly environment: Readonly<Record<string, string>>;
    readonly definition: TaskDefinitionTemplate;
    /** The container of `definition` that shall run. */
    readonly container: ContainerDefinition;
  }): RunningContainer;
  /** Kills what still runs; resolves when nothing runs. */
  close(): Promise<void>;
}

/** The task runtimes: processes of this machine, or containers of its Docker. */
export const RUNTIMES = ["process", "docker"] as const;
/** The name of a task runtime. */
export type RuntimeName = (typeof RUNTIMES)[number];
