import { parseBenchArguments } from "../../scripts/bench/arguments";
import { parseBootstrapArguments } from "../../scripts/bootstrap/arguments";
import type { Parsed, ParserOutput } from "../../scripts/command/command-line";
import { EXIT_CODES, type CommandName, type ExitCode } from "../../scripts/command/exit-codes";
import { parseDeployArguments } from "../../scripts/deploy/arguments";
import { parseGateArguments } from "../../scripts/gate/arguments";
import { parsePlanArguments } from "../../scripts/plan/arguments";
import { parseRecordArguments } from "../../scripts/record/arguments";
import { parseRehearseArguments } from "../../scripts/rehearse/arguments";
import { parseCloudArguments } from "../../scripts/rehearse/cloud-arguments";
import { parseReleaseArguments } from "../../scripts/release/arguments";

const PARSERS: Readonly<Record<CommandName, (argv: readonly string[], output: ParserOutput) => Parsed<object>>> = {
  release: parseReleaseArguments,
  rehearse: parseRehearseArguments,
  cloud: parseCloudArguments,
  plan: parsePlanArguments,
  deploy: parseDeployArguments,
  bootstrap: parseBootstrapArguments,
  gate: parseGateArguments,
  bench: parseBenchArguments,
  record: parseRecordArguments,
};
const COMMANDS = Object.keys(PARSERS) as CommandName[];

function parse(command: CommandName, ...argv: readonly string[]) {
  let [out, err] = ["", ""];
  const parsed = PARSERS[command](argv, { out: (text) => (out += text), err: (text) => (err += text) });
  return { parsed, out, err };
}

/** A number option: values at the edge of its range, taken and refused. */
interface Numeric {
  readonly taken: readonly string[];
  readonly refused: readonly string[];
  /** Other words that the option needs. */
  readonly needs?: readonly string[];
}

const POSITIVE: Numeric = { taken: ["0.001", "90", "007"], refused: ["0", "0.0"] };
const TO_1000: Numeric = { taken: ["0.001", "1000"], refused: ["0", "1000.1"] };

/** Every option that takes a value: what it takes. */
const OPTIONS: Readonly<Record<CommandName, Readonly<Record<string, Numeric | "text" | "form" | "choice">>>> = {
  release: {
    "--environment": "text",
    "--image": "text",
    "--env": "form",
    "--container": "text",
    "--task-definition": "text",
    "--leave-out": "text",
    "--description": "text",
    "--alarms": "choice",
    "--attach": "form",
    "--continue": "form",
    "--output": "choice",
    "--poll-interval": POSITIVE,
    "--timeout": POSITIVE,
  },
  rehearse: {
    "--fault": "choice",
    "--faults-by": "choice",
    "--rate": { taken: ["0.001", "1"], refused: ["0", "1.1"], needs: ["--fault", "error"] },
    "--background": "form",
    "--live-fault": "form",
    "--seed": { taken: ["0", "2147483647"], refused: ["2147483648", "1.5"] },
    "--rps": TO_1000,
    "--speed": TO_1000,
    "--strategy": "choice",
    "--runtime": "choice",
    "--secret": "form",
    "--template": "text",
    "--template-out": "text",
    "--report": "text",
  },
  cloud: {
    "--port": { taken: ["0", "65535"], refused: ["65536", "80.5"] },
    "--speed": TO_1000,
    "--rps": { taken: ["0", "0.5", "1000"], refused: ["1000.1"] },
    "--runtime": "choice",
    "--secret": "form",
    "--template": "text",
  },
  plan: {
    "--environment": "text",
    "--stack": "text",
    "--skip": "text",
    "--synthesized": "text",
    "--out": "text",
    "--json": "text",
    "--limit": { taken: ["4000", "65536"], refused: ["3999", "4000.5"] },
    "--fail-on": "choice",
    "--backend-config": "form",
  },
  deploy: { "--environment": "text", "--stack": "text", "--skip": "text" },
  bootstrap: { "--environment": "text" },
  gate: {
    "--environment": "text",
    "--rps": "form",
    "--normal-bad": "form",
    "--latency": "form",
    "--profile": "text",
    "--start": "form",
    "--template": "text",
    "--fault": "form",
    "--severity": "form",
    "--catch": "form",
    "--probability": "form",
    "--stopped": "form",
    "--html": "text",
    "--svg": "text",
    "--save": "text",
    "--from": "text",
    "--time-zone": "form",
    "--compare": "form",
    "--alarms": "choice",
    "--sliding-window-ends-at": "choice",
    "--runs": { taken: ["1", "1000000"], refused: ["0", "1000001", "1.5"] },
    "--seed": { taken: ["0", "2147483647"], refused: ["2147483648", "1.5"] },
  },
  bench: {},
  record: {},
};

const ALL = COMMANDS.flatMap((command) =>
  Object.entries(OPTIONS[command]).map(([option, takes]) => ({ command, option, takes })),
);
const NUMERIC = ALL.flatMap(({ takes, ...rest }) => (typeof takes === "object" ? [{ ...rest, ...takes }] : []));

/** No decimal number, to anybody or to JavaScript. */
const NO_NUMBERS = [
  ...["", " ", "soon", "NaN", "0x10", "0b1", "1e3", " 5", "5 ", "Infinity", "-0", "-1", "+1", "1_0", "1,5", ".5", "5."],
  ...["٣", "9".repeat(400)],
];

describe.each(COMMANDS)("npm run %s", (command) => {
  const help = `npm run ${command} -- --help shows the options.`;

  it("shows help in one form, with every exit code, and ends with 0", () => {
    const { parsed, out, err } = parse(command, "--help");
    expect({ parsed, err }).toEqual({ parsed: { exitCode: 0 }, err: "" });
    expect(out).toMatch(new RegExp(`^Usage: npm run ${command} -- \\[options\\]\n\n\\w`));
    expect(out).toMatch(/^ {2}-h, --help +show this\n\nExit codes:\n/m);
    for (const { code, meaning } of Object.values<ExitCode>(EXIT_CODES[command])) {
      expect(out.replace(/\s+/g, " ")).toContain(` ${code} ${meaning}`);
    }
    expect(Math.max(...out.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  it("has no option that takes a value but those that are tested here", () => {
    const { out } = parse(command, "--help");
    const options = [...out.matchAll(/^ {2}(--[\w-]+) </gm)].map(([, option]) => option);
    expect(new Set(options)).toEqual(new Set(Object.keys(OPTIONS[command])));
  });

  it.each([
    ["an unknown option", ["--nonsense"], /^error: unknown option '--nonsense'/],
    ["an unknown option with a value", ["--nonsense=1"], /^error: unknown option '--nonsense=1'/],
    ["a value for an option that takes none", ["--help=yes"], /^error: unknown option '--help=yes'/],
    ["a word", ["staging"], /^error: too many arguments/],
    ["an empty word", [""], /^error: too many arguments/],
    ["a word after --", ["--", "--help"], /^error: too many arguments/],
  ])("ends with 64 for %s, told on standard error", (_, argv, words) => {
    const { parsed, out, err } = parse(command, ...argv);
    expect({ parsed, out }).toEqual({ parsed: { exitCode: 64 }, out: "" });
    expect(err).toMatch(words);
    expect(err).toContain(help);
  });

  it("takes -- alone for nothing", () => {
    expect(parse(command, "--").parsed).toEqual(parse(command).parsed);
  });
});

describe.each(ALL)("npm run $command -- $option", ({ command, option, takes }) => {
  const bad = typeof takes === "object" ? NO_NUMBERS : ["", " ", "\t\n"];

  it.each(bad)("refuses %j with 64", (value) => {
    for (const argv of [[option, value], [`${option}=${value}`]]) {
      const { parsed, out, err } = parse(command, ...argv);
      expect({ parsed, out }).toEqual({ parsed: { exitCode: 64 }, out: "" });
      expect(err).toMatch(new RegExp(`^error: option '${option}\\b`));
      expect(err).toContain(`npm run ${command} -- --help shows the options.`);
      if (typeof takes === "object") expect(err).toMatch(/ is invalid\. It must be a (whole )?number /);
      if (takes === "text") expect(err).toContain(" is invalid. It must not be empty.");
    }
  });

  it("refuses to go without a value", () => {
    expect(parse(command, option)).toMatchObject({
      parsed: { exitCode: 64 },
      err: expect.stringMatching(new RegExp(`^error: option '${option} <.*>' argument missing`)) as string,
    });
  });
});

describe.each(NUMERIC)("npm run $command -- $option", ({ command, option, taken, refused, needs = [] }) => {
  it.each(taken)("takes %s, in either way of writing it", (value) => {
    const { parsed } = parse(command, ...needs, option, value);
    expect(Object.values("arguments" in parsed ? parsed.arguments : {})).toContain(Number(value));
    expect(parse(command, ...needs, `${option}=${value}`).parsed).toEqual(parsed);
  });

  it.each(refused)("refuses %s, which is outside its range", (value) => {
    expect(parse(command, ...needs, option, value)).toMatchObject({
      parsed: { exitCode: 64 },
      err: expect.stringMatching(/ is invalid\. It must be a (whole )?number /) as string,
    });
  });
});

describe("an option that may hold a secret", () => {
  it.each<readonly [CommandName, readonly string[]]>([
    ["release", ["--env", "my-key=hunter2"]],
    ["release", ["--env", "A=hunter2", "--env", "A=hunter2"]],
    ["rehearse", ["--secret", "=hunter2"]],
    ["cloud", ["--secret", "A=hunter2", "--secret", "A=hunter2"]],
    ["plan", ["--backend-config", "secret-key=hunter2"]],
  ])("is never repeated by %s %j", (command, argv) => {
    const { parsed, err } = parse(command, ...argv);
    expect(parsed).toEqual({ exitCode: 64 });
    expect(err).not.toContain("hunter2");
  });
});
