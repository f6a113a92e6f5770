import { rmSync } from "node:fs";
import path from "node:path";
import { WallClock } from "../cloud/clock";
import { createCloud, type LocalCloud } from "../cloud/cloud";
import { egressRules, ignoredResources, type IgnoredResources } from "../cloud/loader/ignored-resources";
import { loadTemplate } from "../cloud/loader/load";
import { checkPort } from "../cloud/port";
import { checkDocker } from "../cloud/tasks/docker-daemon";
import { secretsOf } from "../cloud/tasks/secrets";
import type { RuntimeName } from "../cloud/tasks/part";
import { makeTemporaryFolder } from "../command/temporary-folder";
import { bundleApi, bundleContent, imageOfVersion, type VersionContent } from "./bundle";
import { buildImage } from "./image";
import { secretsNotice } from "./secrets";
import type { Setup } from "./setup";
import { runSynthesis } from "./synthesis";

/** The version that serves at first, and the version to release. */
export const VERSIONS = { old: "1", new: "2" } as const;

/** Settings of a testbed. */
export interface TestbedOptions {
  /** How tasks run. */
  readonly runtime: RuntimeName;
  readonly speed: number;
  /** Port of the AWS endpoint; 0 for any free port. */
  readonly port: number;
  /** Called with each line of the image's build. */
  readonly onBuildLine?: (line: string) => void;
  /** Called with each line that a task writes. */
  readonly onTaskLine?: (taskId: string, line: string) => void;
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
  /** Image references by digest. */
  readonly images: Readonly<Record<keyof typeof VERSIONS, string>>;
  /** The versions by the digest of their image. */
  readonly versions: ReadonlyMap<string, string>;
  /** Stops all processes and containers, and removes the temporary folder. */
  close(): Promise<void>;
}

/**
 * Synthesizes the stacks, builds the API (as a bundle or as an image), and starts the local cloud with both. After an
 * error, no process, container or file is left behind.
 * @throws SynthesisError or SecretsError when the configuration or a secret is refused; PortError when the port is taken;
 *   TemporaryFolderError when no temporary folder can be created; DockerError when Docker does not work;
 *   any error of the cloud; the signal's reason when the start is aborted
 */
export async function openTestbed(setup: Setup, options: TestbedOptions): Promise<Testbed> {
  const { root, environment, contextJson, config } = setup;
  await checkPort(options.port);
  if (options.runtime === "docker") await checkDocker(options.signal);

  const directory = makeTemporaryFolder("testbed");
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  let cloud: LocalCloud | undefined;
  try {
    const outDirectory = path.join(directory, "cdktf.out");
    const variables = {
      ...process.env,
      ENVIRONMENT: environment,
      ...(contextJson !== undefined && { CDKTF_CONTEXT_JSON: contextJson }),
    };
    const [content] = await settled([
      buildContent(root, directory, options),
      runSynthesis({ root, outDirectory, variables, signal: options.signal }),
    ]);
    const template = loadTemplate(outDirectory, {
      ...(config.account !== undefined && { accountId: config.account }),
      runtime: options.runtime,
    });
    const ignored = ignoredResources(outDirectory);
    const notice = secretsNotice(secretsOf(template.taskDefinition), options.secrets);
    if (notice !== undefined) options.onNotice(notice);
    const egress = egressRules(outDirectory).join(", ");
    if (egress !== "") {
      options.onNotice(`The network is not simulated. On AWS, tasks reach only ${egress} (service.egress).`);
    }
    const image = (version: string) =>
      imageOfVersion(content, {
        repository: template.repository.url,
        version,
        architecture: config.service.architecture,
      });
    const started = createCloud({
      template,
      clock: new WallClock(options.speed),
      image: image(VERSIONS.old),
      runtime: options.runtime,
      port: options.port,
      ...(options.onTaskLine && { onTaskLine: options.onTaskLine }),
      secrets: options.secrets,
      onNotice: options.onNotice,
      ...(options.onFunctionLine && { onFunctionLine: options.onFunctionLine }),
    });
    cloud = started;
    await started.start(options.signal);
    const reference = ({ digest }: { readonly digest: string }) => `${template.repository.url}@${digest}`;
    const next = started.push(image(VERSIONS.new));
    return {
      cloud: started,
      ignored,
      images: { old: reference(started.image), new: reference(next) },
      versions: new Map([
        [started.image.digest, VERSIONS.old],
        [next.digest, VERSIONS.new],
      ]),
      close: async () => {
        await started.stop();
        removeDirectory();
      },
    };
  } catch (error) {
    await cloud?.stop();
    removeDirectory();
    throw error;
  }
}

/** Builds the API for both versions; files are written to the directory. */
async function buildContent(root: string, directory: string, options: TestbedOptions): Promise<VersionContent> {
  if (options.runtime === "process") return bundleContent(await bundleApi(root, directory));
  const { signal, onBuildLine } = options;
  return buildImage(root, directory, { signal, ...(onBuildLine && { onLine: onBuildLine }) });
}

/** Like Promise.all, but waits for every promise before it throws: the folder must not be removed while one uses it. */
async function settled<Values extends readonly unknown[]>(promises: {
  readonly [Key in keyof Values]: Promise<Values[Key]>;
}): Promise<Values> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
