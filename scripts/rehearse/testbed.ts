import { rmSync } from "node:fs";
import path from "node:path";
import { loadConfig } from "../../stacks/config";
import { readContext } from "../../stacks/config/context";
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
import { withDelivery, type DeliveryOverrides } from "./context";
import { buildImage } from "./image";
import { secretsNotice } from "./secrets";
import { runSynthesis } from "./synthesis";

/** The folder of main.ts, cdktf.json, api/ and scripts/. */
const ROOT = path.resolve(__dirname, "..", "..");

/** The version that serves at first, and the version to release. */
export const VERSIONS = { old: "1", new: "2" } as const;

/** Settings of a testbed. */
export interface TestbedOptions {
  /** Replaces configured settings. */
  readonly delivery?: DeliveryOverrides;
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
  readonly root: string;
  readonly cloud: LocalCloud;
  readonly environment: string;
  /** The synthesized configuration as JSON; undefined when it is the one of cdktf.json. */
  readonly contextJson: string | undefined;
  /** Resources of the stacks that the cloud ignores. */
  readonly ignored: readonly IgnoredResources[];
  /** Image references by digest. */
  readonly images: Readonly<Record<keyof typeof VERSIONS, string>>;
  /** Stops all processes and containers, and removes the temporary folder. */
  close(): Promise<void>;
}

/**
 * Synthesizes the stacks, builds the API (as a bundle or as an image), and starts the local cloud with both. After an
 * error, no process, container or file is left behind.
 * @throws ConfigError, SynthesisError or SecretsError when the configuration or a secret is refused; PortError when the
 *   port is taken; TemporaryFolderError when no temporary folder can be created; DockerError when Docker does not work;
 *   any error of the cloud; the signal's reason when the start is aborted
 */
export async function openTestbed(options: TestbedOptions): Promise<Testbed> {
  const environment = process.env["ENVIRONMENT"] || "staging";
  const context = options.delivery && withDelivery(readContext(ROOT, process.env), environment, options.delivery);
  const contextJson = context === undefined ? process.env["CDKTF_CONTEXT_JSON"] || undefined : JSON.stringify(context);
  const config = loadConfig({ directory: ROOT, environment, ...(context !== undefined && { context }) });

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
      buildContent(directory, options),
      runSynthesis({ root: ROOT, outDirectory, variables, signal: options.signal }),
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
    return {
      root: ROOT,
      cloud: started,
      environment,
      contextJson,
      ignored,
      images: { old: reference(started.image), new: reference(started.push(image(VERSIONS.new))) },
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
async function buildContent(directory: string, options: TestbedOptions): Promise<VersionContent> {
  if (options.runtime === "process") return bundleContent(await bundleApi(ROOT, directory));
  const { signal, onBuildLine } = options;
  return buildImage(ROOT, directory, { signal, ...(onBuildLine && { onLine: onBuildLine }) });
}

/** Like Promise.all, but waits for every promise before it throws: the folder must not be removed while one uses it. */
async function settled<Values extends readonly unknown[]>(promises: {
  readonly [Key in keyof Values]: Promise<Values[Key]>;
}): Promise<Values> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
