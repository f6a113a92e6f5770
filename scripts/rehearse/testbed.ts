import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { WallClock } from "../cloud/clock";
import { createCloud, type LocalCloud } from "../cloud/cloud";
import type { IgnoredResources } from "../cloud/loader/ignored-resources";
import { checkPort } from "../cloud/port";
import { checkDocker } from "../cloud/tasks/docker-daemon";
import { secretsOf } from "../cloud/tasks/secrets";
import type { RuntimeName } from "../cloud/tasks/part";
import type { Template } from "../cloud/template";
import { makeTemporaryFolder } from "../command/temporary-folder";
import { buildImage } from "./image";
import { checkPrerequisites, startPrerequisites, type Prerequisites } from "./prerequisites";
import { secretsNotice } from "./secrets";
import type { Setup } from "./setup";
import { serviceProgram, type ServiceProgram } from "./service-program";
import { templateOfFile, templateOfStacks } from "./template-source";
import { imageOfVersion, processContent, type VersionContent } from "./version-image";

/** The version that serves at first, and the version to release. */
export const VERSIONS = { old: "1", new: "2" } as const;

/** Settings of a testbed. */
export interface TestbedOptions {
  /** How tasks run. */
  readonly runtime: RuntimeName;
  /** A template file to play in place of the stacks. */
  readonly templateFile?: string;
  readonly speed: number;
  /** Port of the AWS endpoint; 0 for any free port. */
  readonly port: number;
  /** Called with each line of the image's build. */
  readonly onBuildLine?: (line: string) => void;
  /** Called with each line that a command of `rehearsal.before` writes. */
  readonly onPrerequisiteLine?: (line: string) => void;
  /** Called with each line that a task writes. */
  readonly onTaskLine?: (taskId: string, line: string) => void;
  /** Gives numbers in [0, 1), which choose the requests that fail; default: Math.random. */
  readonly random?: () => number;
  /** Called once for each setting that is not simulated, before a task with that setting starts. */
  readonly onNotice: (notice: string) => void;
  /** Local values of the task definition's secrets. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Called with each line that a hook's function writes. */
  readonly onFunctionLine?: (functionName: string, line: string) => void;
  /** Aborts the start of the testbed. */
  readonly signal: AbortSignal;
}

/** A local cloud with version 1 serving and version 2 in its registry. */
export interface Testbed {
  readonly cloud: LocalCloud;
  /** Resources of the stacks that the cloud ignores. */
  readonly ignored: readonly IgnoredResources[];
  /** What AWS has and this testbed doesn't play, one sentence each. */
  readonly notPlayed: readonly string[];
  /** Names of alarms of the deployment group that are among it. */
  readonly leftOutAlarms: readonly string[];
  /** Image references by digest. */
  readonly images: Readonly<Record<keyof typeof VERSIONS, string>>;
  /** The digests of these images. */
  readonly digests: Readonly<Record<keyof typeof VERSIONS, string>>;
  /** Rejects when the cloud, or what was started before it, can't continue; never resolves. */
  readonly broken: Promise<never>;
  /** Stops all processes and containers, and removes the temporary folder. */
  close(): Promise<void>;
}

/**
 * Synthesizes the stacks or reads the template file, prepares the service (as a program, a bundle or an image), and starts the
 * local cloud with both. After an error, no process, container or file is left behind.
 * @throws ConfigError, SynthesisError, TemplateError, TemplateFileError or SecretsError when the configuration, the stacks, the
 *   template file or a secret is refused; PrerequisiteError when a step before the service fails; PortError when the port is taken;
 *   TemporaryFolderError when no temporary folder can be created; DockerError when Docker does not work;
 *   any error of the cloud; the signal's reason when the start is aborted
 */
export async function openTestbed(setup: Setup, options: TestbedOptions): Promise<Testbed> {
  const { root, config } = setup;
  const program = serviceProgram(root, config, options.runtime);
  const { environment: local } = config.rehearsal;
  const { runtime, templateFile } = options;
  const fromFile =
    templateFile === undefined ? undefined : templateOfFile(templateFile, { runtime, local: Object.keys(local) });
  checkPrerequisites(config.rehearsal.before, root);
  await checkPort(options.port);
  if (options.runtime === "docker") await checkDocker(options.signal);

  const directory = makeTemporaryFolder("testbed");
  let cloud: LocalCloud | undefined;
  let prerequisites: Prerequisites | undefined;
  const close = async () => {
    try {
      await cloud?.stop();
    } finally {
      await prerequisites?.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  };
  try {
    const folder = path.join(directory, "before");
    mkdirSync(folder);
    prerequisites = await startPrerequisites(config.rehearsal.before, {
      root,
      folder,
      signal: options.signal,
      ...(options.onPrerequisiteLine && { onLine: options.onPrerequisiteLine }),
    });
    const [content, { template, ignored, notices, notPlayed, leftOutAlarms }] = await settled([
      buildContent(path.join(root, config.service.source), program, directory, options),
      fromFile ?? templateOfStacks(setup, directory, options),
    ]);
    const notice = secretsNotice(secretsOf(template.taskDefinition), { ...options, local: Object.keys(local) });
    if (notice !== undefined) options.onNotice(notice);
    for (const line of [...notPlayed, ...notices]) options.onNotice(line);
    const image = (version: string) =>
      imageOfVersion(content, {
        repository: template.repository.url,
        version,
        architecture: architectureOf(template),
      });
    const started = createCloud({
      template,
      clock: new WallClock(options.speed),
      image: image(VERSIONS.old),
      runtime: options.runtime,
      port: options.port,
      // A template file has no Lambda functions.
      skipHooks: options.templateFile !== undefined,
      ...(options.onTaskLine && { onTaskLine: options.onTaskLine }),
      secrets: options.secrets,
      // A value of the command line is more special than one of the configuration.
      environment: Object.fromEntries(Object.entries(local).filter(([name]) => !Object.hasOwn(options.secrets, name))),
      onNotice: options.onNotice,
      ...(options.random && { random: options.random }),
      ...(options.onFunctionLine && { onFunctionLine: options.onFunctionLine }),
    });
    cloud = started;
    const broken = Promise.race([started.broken, prerequisites.broken]);
    broken.catch(() => undefined); // It may break while nothing waits.
    await Promise.race([started.start(options.signal), broken]);
    const reference = ({ digest }: { readonly digest: string }) => `${template.repository.url}@${digest}`;
    const next = started.push(image(VERSIONS.new));
    return {
      cloud: started,
      ignored,
      notPlayed,
      leftOutAlarms,
      images: { old: reference(started.image), new: reference(next) },
      digests: { old: started.image.digest, new: next.digest },
      broken,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Prepares the service for both versions; files are written to the directory.
 * @param source folder of the service
 * @param program undefined when Docker builds an image
 */
async function buildContent(
  source: string,
  program: ServiceProgram | undefined,
  directory: string,
  { signal, onBuildLine }: TestbedOptions,
): Promise<VersionContent> {
  if (program !== undefined) return processContent(program, directory);
  return buildImage(source, directory, { signal, ...(onBuildLine && { onLine: onBuildLine }) });
}

/** The architecture of the image; Fargate's default is X86_64. */
function architectureOf({ taskDefinition }: Template): "X86_64" | "ARM64" {
  const platform = taskDefinition["runtimePlatform"] as { readonly cpuArchitecture?: unknown } | undefined;
  return platform?.cpuArchitecture === "ARM64" ? "ARM64" : "X86_64";
}

/** Like Promise.all, but waits for every promise before it throws: the folder must not be removed while one uses it. */
async function settled<Values extends readonly unknown[]>(promises: {
  readonly [Key in keyof Values]: Values[Key] | Promise<Values[Key]>;
}): Promise<Values> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
