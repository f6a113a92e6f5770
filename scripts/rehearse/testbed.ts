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

/** The version that serves, and the one that is there to be released. */
export const VERSIONS = { old: "1", new: "2" } as const;

/** Settings of a testbed. */
export interface TestbedOptions {
  /** What is otherwise than configured. */
  readonly delivery?: DeliveryOverrides;
  /** What tasks are made of. */
  readonly runtime: RuntimeName;
  readonly speed: number;
  /** Of the AWS endpoint; 0: any free one. */
  readonly port: number;
  /** Called with every line that the build of the image writes. */
  readonly onBuildLine?: (line: string) => void;
  /** Called with every line that a task writes. */
  readonly onTaskLine?: (taskId: string, line: string) => void;
  /** Called, once for each, with what is not played of a task definition, before a task of it starts. */
  readonly onNotice: (notice: string) => void;
  /** Local values of the task definition's secrets. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Called with every line that a hook's function writes. */
  readonly onFunctionLine?: (functionName: string, line: string) => void;
  /** Gives the setting up up. */
  readonly signal: AbortSignal;
}

/** A local cloud with version 1 serving and version 2 in its registry. */
export interface Testbed {
  readonly root: string;
  readonly cloud: LocalCloud;
  readonly environment: string;
  /** The configuration that was synthesized, where it is not cdktf.json's own. */
  readonly contextJson: string | undefined;
  /** What of the stacks the cloud does not play. */
  readonly ignored: readonly IgnoredResources[];
  /** Image references by digest. */
  readonly images: Readonly<Record<keyof typeof VERSIONS, string>>;
  /** Stops everything and removes what was written. */
  close(): Promise<void>;
}

/**
 * Synthesizes the stacks, makes the API's versions (as a bundle, or as the image itself), and starts the local cloud from
 * both.
 * @throws ConfigError, SynthesisError or SecretsError when the configuration or a secret is refused; PortError when the
 *   port is taken; TemporaryFolderError when there is nowhere to write; DockerError when the docker runtime cannot
 *   work; whatever the cloud throws; the signal's reason when it was given up. Nothing is left behind then.
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
      makeContent(directory, options),
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
      options.onNotice(
        `The network is not played: here the tasks reach everything, on AWS only ${egress} (service.egress opens more).`,
      );
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

/** What both versions are made of; files go to the directory. */
async function makeContent(directory: string, options: TestbedOptions): Promise<VersionContent> {
  if (options.runtime === "process") return bundleContent(await bundleApi(ROOT, directory));
  const { signal, onBuildLine } = options;
  return buildImage(ROOT, directory, { signal, ...(onBuildLine && { onLine: onBuildLine }) });
}

/** Like Promise.all, but waits for all of them before it throws: nothing may go on after the folder is removed. */
async function settled<Values extends readonly unknown[]>(promises: {
  readonly [Key in keyof Values]: Promise<Values[Key]>;
}): Promise<Values> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
