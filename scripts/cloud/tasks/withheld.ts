import type { ContainerDefinition } from "../template";

/**
 * Variables that change how a Node process starts, and not what its program does. They load code into it (NODE_OPTIONS,
 * the system's loader, OpenSSL's modules), write files, or are the channel to the parent process. Other variables of
 * Node (NODE_ENV, NODE_DEBUG, NODE_EXTRA_CA_CERTS, …) are passed to the program.
 * Source: https://nodejs.org/api/cli.html#environment-variables_1, ld.so(8),
 * https://docs.openssl.org/master/man7/openssl-env/
 */
const STARTS_NODE = new RegExp(
  `^(?:${[
    "NODE_(?:OPTIONS|PATH|ICU_DATA|V8_COVERAGE|REDIRECT_WARNINGS|PRESERVE_SYMLINKS(?:_MAIN)?)",
    "NODE_(?:REPL|CHANNEL|COMPILE_CACHE|TEST|UNIQUE|PENDING_PIPE)(?:_.*)?",
    "OPENSSL_(?:CONF|MODULES|ENGINES)",
    "(?:LD|DYLD)_.*",
    "GCONV_PATH",
    "GLIBC_TUNABLES",
  ].join("|")})$`,
);

/**
 * Whether a task of the process runtime runs without this variable, because it would change how Node starts on this
 * machine. A name with `=` is withheld because it would set a different variable.
 */
export function isWithheld(name: string): boolean {
  return name === "" || name.includes("=") || STARTS_NODE.test(name);
}

/** The variables that any program can get: a name with `=` would set a different variable. */
export function validVariables(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name !== "" && !name.includes("=")));
}

/** The variables that a Node script gets as a task of the process runtime. */
export function passedVariables(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isWithheld(name)));
}

/**
 * The settings of a container that the process runtime does not support, although AWS does.
 * @returns one sentence that names them; undefined when there are none
 */
export function unsupportedByProcess(
  container: Pick<ContainerDefinition, "name"> & Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>>,
): string | undefined {
  const program = ["entryPoint", "command"].filter((key) => {
    const value = container[key];
    return Array.isArray(value) && value.length > 0;
  });
  const variables = Object.keys(environment).filter(isWithheld);
  const parts = [
    ...(program.length > 0 ? [`without its ${program.join(" and ")} (the image's own program starts)`] : []),
    ...(variables.length > 0
      ? [
          `without ${variables.map((name) => JSON.stringify(name)).join(", ")}, which would change how Node itself starts`,
        ]
      : []),
  ];
  if (parts.length === 0) return undefined;
  return `The container ${container.name} of the task definition runs here ${parts.join("; ")}. The docker runtime supports that.`;
}
