import path from "node:path";
import { runProgram } from "../../scripts/command/run-program";
import { type NamedTemplate, templatesOf } from "../../scripts/gate/subjects";
import { fixtureContext } from "../fixtures/configuration";

/** The synthesized stacks of these presets. */
export function synthesizedGates(...presets: readonly string[]): Promise<readonly NamedTemplate[]> {
  return templatesOf({
    root: path.join(__dirname, "..", ".."),
    environment: "staging",
    compare: presets,
    run: runProgram,
    variables: { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(fixtureContext()) },
    signal: new AbortController().signal,
  });
}
