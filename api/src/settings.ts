import { z } from "zod";
import { parseFault, type Fault } from "./faults/fault";

/** Log levels, most severe first. With `silent`, only start and stop are logged. */
const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** Settings from environment variables. The SDK reads AWS's own variables. */
export interface Settings {
  /** TCP port; 0: any free port. */
  readonly port: number;
  readonly host: string;
  readonly tableName: string;
  /** Version of the image, set when it is built. Every response contains it. */
  readonly releaseVersion: string;
  /** Fault that the process simulates from its start. */
  readonly simulate: Fault | undefined;
  /** Token of the /simulate routes; undefined: there are no such routes. */
  readonly simulateToken: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Seconds that requests in flight have after SIGTERM. It must be shorter than the container's stop timeout. */
  readonly stopTimeoutSeconds: number;
}

/** Invalid settings. Each entry of `problems` names the variable and what is allowed. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
  }
}

const integer = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= from && value <= to);

/** The allowed values of each variable, for error messages. */
const ALLOWED = {
  PORT: "0 to 65535; 0 takes any free port",
  HOST: "an address or host name to listen on",
  TABLE_NAME: "the name of the DynamoDB table of tasks: 3 to 255 letters, digits, _, - and .",
  RELEASE_VERSION: "printable ASCII, at most 128 characters: it travels in a header",
  SIMULATE: "a fault",
  SIMULATE_TOKEN: "at least 16 characters of printable ASCII",
  LOG_LEVEL: LOG_LEVELS.join(", "),
  STOP_TIMEOUT_SECONDS: "1 to 3600 seconds",
} as const;

/** Variables whose values error messages must not contain. */
const SECRET: ReadonlySet<string> = new Set(["SIMULATE_TOKEN"]);

const schema = z.object({
  PORT: integer(0, 65_535).default(8080),
  HOST: z.string().default("0.0.0.0"),
  // DynamoDB's rule for table names (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html).
  // Without this check, only the first request would fail.
  TABLE_NAME: z.string().regex(/^[\w.-]{3,255}$/),
  RELEASE_VERSION: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/)
    .default("unknown"),
  SIMULATE: z
    .string()
    .transform((text, context) => {
      const parsed = parseFault(text);
      if (parsed.ok) return parsed.fault;
      context.addIssue({ code: "custom", message: parsed.problem, params: { isComplete: true } });
      return z.NEVER;
    })
    .optional(),
  SIMULATE_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/)
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default("info"),
  STOP_TIMEOUT_SECONDS: integer(1, 3600).default(25),
});

function problemOf(name: keyof typeof ALLOWED, value: string | undefined, issue: z.core.$ZodIssue): string {
  if (value === undefined) return `${name} is not set; it must be ${ALLOWED[name]}`;
  const shown = SECRET.has(name) ? "" : ` ${JSON.stringify(value)}`;
  const allowed = issue.code === "custom" && issue.params?.["isComplete"] === true ? issue.message : ALLOWED[name];
  return `${name}${shown} is not usable: ${allowed}`;
}

/**
 * Reads the settings from environment variables. An empty variable counts as not set, because task definitions often contain
 * empty ones.
 * @throws SettingsError with every problem found
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const names = Object.keys(ALLOWED) as (keyof typeof ALLOWED)[];
  const given = Object.fromEntries(
    names.map((name) => [name, environment[name] === "" ? undefined : environment[name]]),
  );
  const result = schema.safeParse(given);
  if (!result.success) {
    const first = new Map<keyof typeof ALLOWED, z.core.$ZodIssue>();
    for (const issue of result.error.issues) {
      const name = issue.path[0] as keyof typeof ALLOWED;
      if (!first.has(name)) first.set(name, issue);
    }
    throw new SettingsError([...first].map(([name, issue]) => problemOf(name, given[name], issue)));
  }
  const { data } = result;
  return {
    port: data.PORT,
    host: data.HOST,
    tableName: data.TABLE_NAME,
    releaseVersion: data.RELEASE_VERSION,
    simulate: data.SIMULATE,
    simulateToken: data.SIMULATE_TOKEN,
    logLevel: data.LOG_LEVEL,
    stopTimeoutSeconds: data.STOP_TIMEOUT_SECONDS,
  };
}
