import type { CloudArguments } from "./cloud-arguments";
import { exitCodeOfError, type LineOutput } from "./command-error";
import { watchInterruption } from "./interruption";
import { ignoredLines, logCloudEvents, processLoggers } from "./event-log";
import { readSetup, type Setup } from "./setup";
import { openTestbed, type Testbed } from "./testbed";
import type { Traffic } from "./traffic-module";
import { openTraffic } from "./traffic/open-traffic";
import { serviceTraffic, type ServiceTraffic } from "./traffic/service-traffic";

/**
 * Runs the local cloud with version 1 serving until it is stopped.
 * @returns the exit code. All processes and containers that it started have ended by then.
 */
export async function runLocalCloud(chosen: CloudArguments, output: LineOutput): Promise<number> {
  const { interruption, dispose } = watchInterruption();
  const print = (line: string) => output.out(line);
  try {
    // A template file has no Lambda functions.
    const setup = readSetup(chosen.template === undefined ? undefined : { hook: false });
    const traffic = chosen.rps > 0 ? await openTraffic(setup.root, setup.config) : undefined;
    if (chosen.runtime === "docker") print("Building the image …");
    print("Starting the local cloud; its first tasks need about 45 seconds of its clock …");
    const signal = AbortSignal.any([interruption.stop, interruption.leave]);
    const testbed = await openTestbed(setup, {
      runtime: chosen.runtime,
      ...(chosen.template !== undefined && { templateFile: chosen.template }),
      speed: chosen.speed,
      port: chosen.port,
      onNotice: print,
      secrets: chosen.secrets,
      ...(chosen.verbose && processLoggers(print)),
      signal,
    });
    let started: ServiceTraffic | undefined;
    try {
      started = traffic && (await startTraffic(testbed, traffic, chosen.rps));
      for (const line of usageLines(setup, testbed)) print(line);
      if (chosen.verbose) logCloudEvents(testbed.cloud, print);
      await Promise.race([aborted(signal), testbed.broken, ...(started ? [started.generator.broken] : [])]);
    } finally {
      started?.close();
      await testbed.close();
    }
    throw signal.reason;
  } catch (error) {
    return exitCodeOfError(error, { interruption, verbose: chosen.verbose, print: (line) => output.err(line) });
  } finally {
    dispose();
  }
}

async function startTraffic({ cloud }: Testbed, traffic: Traffic, requestsPerSecond: number): Promise<ServiceTraffic> {
  const started = serviceTraffic({ cloud, traffic, requestsPerSecond, versions: new Map() });
  await started.generator.warmUp();
  started.generator.start();
  return started;
}

/** Returns the lines that explain how to use the cloud from another terminal. */
function usageLines({ environment, contextJson }: Setup, { cloud, images, ignored }: Testbed): string[] {
  const { template, parts, clock } = cloud;
  const { speed } = clock;
  const listeners = template.listeners.map(
    ({ arn, port, protocol }) =>
      `  listener ${String(port).padEnd(6)} ${parts.loadBalancer.url(arn)}` +
      (protocol === "HTTPS" ? " (HTTPS, served as plain HTTP)" : ""),
  );
  return [
    `Version 1 serves ${environment}.${speed === 1 ? "" : ` The clock runs ${speed} times as fast as real time.`}`,
    "",
    `  AWS             ${cloud.endpoint}`,
    ...listeners,
    `  image version 1 ${images.old}`,
    `  image version 2 ${images.new}`,
    "",
    ...ignoredLines(ignored),
    "",
    "In another terminal:",
    "",
    `  export AWS_ENDPOINT_URL=${cloud.endpoint}`,
    // Version 1 of the AWS CLI reads only AWS_DEFAULT_REGION.
    `  export AWS_REGION=${template.region} AWS_DEFAULT_REGION=${template.region}`,
    "  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local",
    `  export ENVIRONMENT=${environment}`,
    ...(contextJson === undefined ? [] : [`  export CDKTF_CONTEXT_JSON='${contextJson.replaceAll("'", "'\\''")}'`]),
    "  unset AWS_PROFILE AWS_SESSION_TOKEN",
    "",
    `  npm run release -- --image ${images.new}`,
    "",
    "Ctrl-C stops it.",
  ];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
