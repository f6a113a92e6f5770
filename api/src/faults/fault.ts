/**
 * A fault that this process simulates. The names are those of the environment variable `SIMULATE`. `rate` is the share
 * (0 to 1) of task requests that are bad.
 */
export type Fault =
  | { readonly name: "error"; readonly rate: number }
  | { readonly name: "slow"; readonly ms: number; readonly rate: number }
  /** Like a bug in the code: half of the bad requests fail, and the others take `ms` longer. */
  | { readonly name: "crash"; readonly ms: number; readonly rate: number }
  /** Health checks fail from `after` seconds after the service begins to listen. */
  | { readonly name: "unhealthy"; readonly after: number }
  /** The process exits `after` seconds after the service begins to listen. */
  | { readonly name: "exit"; readonly after: number }
  /** The process exits before it listens. */
  | { readonly name: "broken-start" };

type FaultName = Fault["name"];

/** Delay of slow responses with `crash` and with POST /simulate/error, in milliseconds. */
export const SLOW_MS = 2500;

interface Argument {
  readonly key: "rate" | "ms" | "after";
  readonly default: number;
}

const rate: Argument = { key: "rate", default: 1 };
const after: Argument = { key: "after", default: 0 };

/** Arguments of each fault, in their positional order. */
const ARGUMENTS: Readonly<Record<FaultName, readonly Argument[]>> = {
  error: [rate],
  slow: [{ key: "ms", default: 3000 }, rate],
  crash: [{ key: "ms", default: SLOW_MS }, rate],
  unhealthy: [after],
  exit: [after],
  "broken-start": [],
};

/** Largest values. A time of more than a day is probably a typing mistake. */
const LIMITS = {
  rate: { max: 1, words: "a share from 0 to 1" },
  ms: { max: 86_400_000, words: "milliseconds, at most a day" },
  after: { max: 86_400, words: "seconds, at most a day" },
} as const;

/** Result of parsing a fault: the fault, or the problem of the text. */
type ParsedFault = { readonly ok: true; readonly fault: Fault } | { readonly ok: false; readonly problem: string };

/** The name of every fault. */
export const FAULT_NAMES = Object.keys(ARGUMENTS) as readonly FaultName[];

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(ARGUMENTS, name);
}

/** Parses arguments. Gives the values by key, or the problem. */
function readArguments(name: FaultName, texts: readonly string[]): Map<string, number> | string {
  const allowed = ARGUMENTS[name];
  const values = new Map<string, number>();
  const usage = allowed.length > 0 ? `it takes ${allowed.map(({ key }) => key).join(", ")}` : "it takes no argument";
  for (const [index, text] of texts.entries()) {
    const equals = text.indexOf("=");
    const key = equals === -1 ? allowed[index]?.key : allowed.find((one) => one.key === text.slice(0, equals))?.key;
    if (key === undefined) return `${name}: ${JSON.stringify(text)} is no argument of it; ${usage}`;
    if (values.has(key)) return `${name}: ${key} is given twice`;
    const number = text.slice(equals + 1);
    const value = /^\d+(\.\d+)?$/.test(number) ? Number(number) : Number.NaN;
    if (!(value <= LIMITS[key].max)) return `${name}: ${key} is ${JSON.stringify(number)}, not ${LIMITS[key].words}`;
    values.set(key, value);
  }
  for (const argument of allowed) if (!values.has(argument.key)) values.set(argument.key, argument.default);
  return values;
}

/**
 * Parses `fault[:argument[,argument…]]`, such as `error:0.5`, `slow:3000,rate=0.5` or `unhealthy:after=60`. Arguments are
 * positional or have their key.
 */
export function parseFault(text: string): ParsedFault {
  const colon = text.indexOf(":");
  const name = colon === -1 ? text : text.slice(0, colon);
  if (!isFaultName(name)) {
    return {
      ok: false,
      problem: `there is no fault ${JSON.stringify(name)}; there are ${FAULT_NAMES.join(", ")}`,
    };
  }
  const values = readArguments(name, colon === -1 ? [] : text.slice(colon + 1).split(","));
  if (typeof values === "string") return { ok: false, problem: values };
  // ARGUMENTS guarantees that the keys are the fields of this fault.
  return { ok: true, fault: { name, ...Object.fromEntries(values) } as Fault };
}
