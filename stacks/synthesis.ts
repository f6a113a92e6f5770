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
  // CDKTF asks for each value where it was made, which takes its time, and shows it to nobody.
  // What an error says of itself is made when it is first read, and that is afterwards.
  const traces: { prepareStackTrace?: unknown } = Error;
  const format = traces.prepareStackTrace;
  traces.prepareStackTrace = (error: unknown) => String(error);
  try {
    const app = new App({ stackTraces: false, ...(outdir !== undefined && { outdir }) });
    addEnvironment(app, config, source);
    app.synth();
  } finally {
    traces.prepareStackTrace = format;
  }
}
