import { App } from "cdktf";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError, type Config } from "./config";
import { addEnvironment } from "./environment";

/**
 * Synthesizes the stacks of one environment.
 * @param options.outdir output folder; default: `CDKTF_OUTDIR`, else cdktf.out
 * @param options.source folder of the service that the first image is built from; default: `service.source`
 * @param options.rehearsal whether the stacks are only rehearsed: Terraform builds no image then, so the folder needs no Dockerfile
 * @throws ConfigError when the folder, or the Dockerfile in it, is missing
 */
export function synthesize(
  config: Config,
  options: { readonly outdir?: string; readonly source?: string; readonly rehearsal?: boolean } = {},
): void {
  const { outdir, source = config.service.source, rehearsal = false } = options;
  const needed = rehearsal ? source : join(source, "Dockerfile");
  if (!existsSync(resolve(needed))) {
    throw new ConfigError([
      `service.source: there is no ${needed}; must be the folder of the service, below that of cdktf.json`,
    ]);
  }
  // CDKTF captures a stack trace for each value, which is slow, and never shows it. Errors keep their own stack traces.
  const traces: { captureStackTrace: unknown } = Error;
  const capture = traces.captureStackTrace;
  traces.captureStackTrace = () => undefined;
  try {
    const app = new App({ stackTraces: false, ...(outdir !== undefined && { outdir }) });
    addEnvironment(app, config, source);
    app.synth();
  } finally {
    traces.captureStackTrace = capture;
  }
}
