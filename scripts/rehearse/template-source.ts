import path from "node:path";
import { egressRules, ignoredResources, type IgnoredResources } from "../cloud/loader/ignored-resources";
import { loadTemplate } from "../cloud/loader/load";
import type { RuntimeName } from "../cloud/tasks/part";
import { unsupportedByDocker } from "../cloud/tasks/docker-arguments";
import type { Template } from "../cloud/template";
import { readTemplateFile, TemplateFileError } from "./live/template-file";
import type { Setup } from "./setup";
import { runSynthesis } from "./synthesis";

/** What a testbed plays. */
export interface PlayedTemplate {
  readonly template: Template;
  /** Resources of the stacks that the cloud ignores. */
  readonly ignored: readonly IgnoredResources[];
  /** What the live service has and a rehearsal doesn't play, one sentence each. */
  readonly notPlayed: readonly string[];
  /** Names of alarms of the deployment group that are among it. */
  readonly leftOutAlarms: readonly string[];
  /** What else a rehearsal doesn't show, one sentence each. */
  readonly notices: readonly string[];
}

/**
 * Synthesizes the stacks and loads them.
 * @param directory an empty folder for the stacks
 * @throws SynthesisError; TemplateError; the signal's reason
 */
export async function templateOfStacks(
  { root, environment, contextJson, config }: Setup,
  directory: string,
  { runtime, signal }: { readonly runtime: RuntimeName; readonly signal: AbortSignal },
): Promise<PlayedTemplate> {
  const outDirectory = path.join(directory, "cdktf.out");
  const variables = {
    ...process.env,
    ENVIRONMENT: environment,
    ...(contextJson !== undefined && { CDKTF_CONTEXT_JSON: contextJson }),
  };
  await runSynthesis({ root, outDirectory, variables, signal });
  const template = loadTemplate(outDirectory, {
    ...(config.account !== undefined && { accountId: config.account }),
    runtime,
  });
  const egress = egressRules(outDirectory).join(", ");
  return {
    template,
    ignored: ignoredResources(outDirectory),
    notPlayed: [],
    leftOutAlarms: [],
    notices:
      egress === "" ? [] : [`The network is not simulated. On AWS, tasks reach only ${egress} (service.egress).`],
  };
}

/**
 * Reads a template file.
 * @param options.local names of variables that the rehearsal sets
 * @throws TemplateFileError, also for what the runtime can't play
 */
export function templateOfFile(
  file: string,
  { runtime, local }: { readonly runtime: RuntimeName; readonly local: readonly string[] },
): PlayedTemplate {
  const { template, notPlayed, leftOutAlarms, withheld } = readTemplateFile(file);
  const missing = withheld.filter((member) => !local.includes(member.replace(/^.*: /, "")));
  const served = template.service.loadBalancers.map(({ containerName }) => containerName);
  const unsupported = template.taskDefinition.containerDefinitions
    .filter(({ name }) => runtime === "docker" && served.includes(name))
    .flatMap((container) => unsupportedByDocker(template.taskDefinition, container));
  if (unsupported.length > 0)
    throw new TemplateFileError(`${file}: ${unsupported.join("; ")}; rehearse it with the process runtime`);
  return {
    template,
    ignored: [],
    notPlayed,
    leftOutAlarms,
    notices: [
      "The network is not simulated: tasks reach everything that this machine reaches.",
      ...(missing.length === 0
        ? []
        : [
            `Values that may be secret are not in the file, so tasks run without them: ${missing.join(", ")}. ` +
              "Set what the service needs in rehearsal.environment of cdktf.json, or read again with --with-values.",
          ]),
    ],
  };
}
