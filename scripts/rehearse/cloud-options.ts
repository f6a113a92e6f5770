import { Option } from "commander";
import { RUNTIMES, type RuntimeName } from "../cloud/tasks/part";
import { text, variables, type NameAndValue } from "../command/options";

/** What commander returns of the options that both `npm run rehearse` and `npm run cloud` have. */
export interface CloudOptions {
  readonly runtime: RuntimeName;
  readonly secret?: readonly NameAndValue[];
  readonly template?: string;
  readonly verbose: boolean;
}

/** The options of the local cloud that both commands have. */
export function cloudOptions(): readonly Option[] {
  return [
    new Option(
      "--runtime <runtime>",
      "run tasks as processes, or the image itself as containers of this machine's Docker",
    )
      .choices(RUNTIMES)
      .default("process"),
    new Option(
      "--secret <NAME=VALUE>",
      "a local value for a secret of the task definition, which is not read here (repeatable)",
    ).argParser(variables("--secret")),
    new Option(
      "--template <file>",
      "play this template file, written by npm run rehearse -- --from-live, in place of the stacks",
    ).argParser(text),
    new Option("--verbose", "also report what happens in the cloud").default(false),
  ];
}

/** The local values of secrets, by the names of their variables. */
export function secretsOf({ secret = [] }: CloudOptions): Readonly<Record<string, string>> {
  return Object.fromEntries(secret.map(({ name, value }) => [name, value]));
}
