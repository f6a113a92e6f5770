import { z } from "zod";
import { parseFault, type Fault } from "./faults/fault";

/** Log levels, most severe first; `silent` writes nothing but the lines of start and stop. */
const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** Everything the service is told from outside. AWS's own variables are read by the SDK. */
export interface Settings {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  readonly tableName: string;
  /** Baked into the image when it is built; shown in every response. */
  readonly releaseVersion: string;
  /** Fault this process shows from its start. */
  readonly simulate: Fault | undefined;
  /** Shared token of the /simulate routes; undefined: there are no such routes. */
  readonly simulateToken: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Seconds that in-flight requests get after SIGTERM; keep it under the container's stop timeout. */
  readonly stopTimeoutSeconds: number;
}

/** Settings that cannot be used: `problems` has one entry a problem, naming the variable and what is allowed. */
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

/** What each variable may be, in words: half of the error message. */
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

/** Never repeated in a message. */
const SECRET: ReadonlySet<string> = new Set(["SIMULATE_TOKEN"]);

const schema = z.object({
  PORT: integer(0, 65_535).default(8080),
  HOST: z.string().default("0.0.0.0"),
  // As DynamoDB names tables: any other would be found out with the first request.
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
      context.addIssue({ code: "custom", message: parsed.problem, params: { told: true } });
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
  const allowed = issue.code === "custom" && issue.params?.["told"] === true ? issue.message : ALLOWED[name];
  return `${name}${shown} is not usable: ${allowed}`;
}

/**
 * Reads the settings from environment variables. A variable that is empty counts as not set, as task definitions
 * often leave them.
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
