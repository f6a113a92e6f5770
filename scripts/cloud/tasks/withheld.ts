import type { ContainerDefinition } from "../template";

/**
 * Variables that change how a Node process itself is started, and not what its program does: they load code into it
 * (NODE_OPTIONS, the system's loader, OpenSSL's modules), write files wherever they say, or are the channel between the
 * process and who started it. The others of Node's (NODE_ENV, NODE_DEBUG, NODE_EXTRA_CA_CERTS, …) are the program's.
 * Source: https://nodejs.org/api/cli.html#environment-variables_1, ld.so(8), https://docs.openssl.org/master/man7/openssl-env/
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
 * True when a task of the process runtime runs without this variable: it would change how Node is started on this
 * machine. A name with `=` stands for another variable than it seems to.
 */
export function isWithheld(name: string): boolean {
  return name === "" || name.includes("=") || STARTS_NODE.test(name);
}

/** The variables that are passed on to a task of the process runtime. */
export function passedOn(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isWithheld(name)));
}

/**
 * What the process runtime does not play of a container, in one sentence that names it; undefined: nothing. All of it is
 * legitimate on AWS.
 */
export function unplayedByProcess(
  container: Pick<ContainerDefinition, "name"> & Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>>,
): string | undefined {
  const program = ["entryPoint", "command"].filter((key) => {
    const value = container[key];
    return Array.isArray(value) && value.length > 0;
  });
  const variables = Object.keys(environment).filter(isWithheld);
  const parts = [
    ...(program.length > 0 ? [`without its ${program.join(" and ")}, by the image's own program`] : []),
    ...(variables.length > 0
      ? [
          `without ${variables.map((name) => JSON.stringify(name)).join(", ")}, which would change how Node itself starts`,
        ]
      : []),
  ];
  if (parts.length === 0) return undefined;
  return `The container ${container.name} of the task definition runs here ${parts.join("; ")}. The docker runtime plays that.`;
}
