import path from "node:path";
import { runProgram } from "../../scripts/command/run-program";
import { type NamedTemplate, templatesOf } from "../../scripts/gate/subjects";
import { fixtureContext } from "../fixtures/configuration";

/** The stacks of the tests' configuration. */
export const FIXTURE_SOURCE = {
  root: path.join(__dirname, "..", ".."),
  environment: "staging",
  run: runProgram,
  variables: { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(fixtureContext()) },
  signal: new AbortController().signal,
};

/** The synthesized stacks of these presets. */
export function synthesizedGates(...presets: readonly string[]): Promise<readonly NamedTemplate[]> {
  return templatesOf({ ...FIXTURE_SOURCE, compare: presets });
}
