/**
 * A fault that this process simulates. The names are those of the environment variable `SIMULATE`. `rate` is the share
 * (0 to 1) of task requests that are bad.
 */
export type Fault =
  | { readonly name: "error"; readonly rate: number }
  | { readonly name: "slow"; readonly ms: number; readonly rate: number }
  /** The "bug in the code": of the bad requests half fail, half take `ms` longer. */
  | { readonly name: "crash"; readonly ms: number; readonly rate: number }
  /** Health checks fail from `after` seconds after the service began to listen. */
  | { readonly name: "unhealthy"; readonly after: number }
  /** The process dies `after` seconds after the service began to listen. */
  | { readonly name: "exit"; readonly after: number }
  /** The process dies before it ever listens. */
  | { readonly name: "broken-start" };

type FaultName = Fault["name"];

/** Added to a slow answer of the crash mode and of POST /simulate/error, in milliseconds: over the article's 2 s. */
export const SLOW_MS = 2500;

interface Argument {
  readonly key: "rate" | "ms" | "after";
  readonly default: number;
}

const rate: Argument = { key: "rate", default: 1 };
const after: Argument = { key: "after", default: 0 };

/** Arguments of each fault, in the order in which they may be given without their key. */
const ARGUMENTS: Readonly<Record<FaultName, readonly Argument[]>> = {
  error: [rate],
  slow: [{ key: "ms", default: 3000 }, rate],
  crash: [{ key: "ms", default: SLOW_MS }, rate],
  unhealthy: [after],
  exit: [after],
  "broken-start": [],
};

/** Largest values: a share is at most 1; longer than a day is a slip of the finger. */
const LIMITS = {
  rate: { max: 1, words: "a share from 0 to 1" },
  ms: { max: 86_400_000, words: "milliseconds, at most a day" },
  after: { max: 86_400, words: "seconds, at most a day" },
} as const;

/** Outcome of reading a fault: the fault, or what is wrong with the text. */
type ParsedFault = { readonly ok: true; readonly fault: Fault } | { readonly ok: false; readonly problem: string };

/** The name of every fault. */
export const FAULT_NAMES = Object.keys(ARGUMENTS) as readonly FaultName[];

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(ARGUMENTS, name);
}

/** Reads `arguments` into numbers by key, or says what is wrong with them. */
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
 * Reads `fault[:argument[,argument…]]`, e.g. `error:0.5`, `slow:3000,rate=0.5`, `unhealthy:after=60`. Arguments go by
 * position or by key.
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
  // The keys are exactly the fields of the named fault: ARGUMENTS says which.
  return { ok: true, fault: { name, ...Object.fromEntries(values) } as Fault };
}
