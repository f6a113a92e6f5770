import { App } from "cdktf";
import type { Config } from "./config";
import { addEnvironment } from "./environment";

/**
 * Synthesizes the stacks of one environment.
 * @param options.outdir output folder; default: `CDKTF_OUTDIR`, else cdktf.out
 * @param options.source folder of the service that the first image is built from; default: `service.source`
 */
export function synthesize(config: Config, options: { readonly outdir?: string; readonly source?: string } = {}): void {
  const { outdir, source } = options;
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
