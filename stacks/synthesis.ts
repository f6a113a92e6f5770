import { App } from "cdktf";
import type { Config } from "./config";
import { addEnvironment } from "./environment";

/**
 * Synthesizes the stacks of one environment.
 * @param options.outdir folder that is written; default: CDKTF's own, `CDKTF_OUTDIR` or cdktf.out
 * @param options.source folder of the service that the first image is built from; default: api
 */
export function synthesize(config: Config, options: { readonly outdir?: string; readonly source?: string } = {}): void {
  const { outdir, source } = options;
  // CDKTF asks for each value where it was made, which takes its time, and shows it to nobody. (What errors say of
  // themselves is another matter, and stays.)
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
