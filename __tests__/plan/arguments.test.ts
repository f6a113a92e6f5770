import { parsePlanArguments } from "../../scripts/plan/arguments";

function parse(...argv: readonly string[]) {
  const said = { out: "", err: "" };
  const parsed = parsePlanArguments(argv, { out: (text) => (said.out += text), err: (text) => (said.err += text) });
  return { ...parsed, ...said };
}

describe("the command line of plan", () => {
  it("needs nothing", () => {
    expect(parse()).toMatchObject({
      arguments: { stacks: [], skip: [], backendConfig: [], failOnDanger: false, allowDanger: false },
    });
  });

  it("accepts repeated stacks, skips and settings", () => {
    const { arguments: args } = parse(
      "--stack",
      "a",
      "--stack",
      "b",
      "--skip",
      "c",
      "--backend-config",
      "x=1",
      "--backend-config",
      "y=2",
    ) as {
      arguments?: unknown;
    };
    expect(args).toMatchObject({ stacks: ["a", "b"], skip: ["c"], backendConfig: ["x=1", "y=2"] });
  });

  it("reads the files, the limit and the strictness", () => {
    const argv =
      "--environment production --synthesized s --out o --json j --limit 32000 --fail-on danger --allow-danger";
    expect(parse(...argv.split(" "))).toMatchObject({
      arguments: {
        environment: "production",
        synthesized: "s",
        out: "o",
        json: "j",
        limit: 32_000,
        failOnDanger: true,
        allowDanger: true,
      },
    });
  });

  it.each([
    [["--fail-on", "caution"], /danger/],
    [["--limit", "10"], /at least 4000/],
    [["--backend-config", "novalue"], /key=value/],
    [["--out", ""], /empty/],
    [["network"], /too many arguments/],
  ])("refuses %j with 64", (argv, words) => {
    const { err, ...parsed } = parse(...argv);
    expect(parsed).toMatchObject({ exitCode: 64 });
    expect(err).toMatch(words);
  });

  it("explains its exit codes", () => {
    const { out, ...parsed } = parse("--help");
    expect(parsed).toMatchObject({ exitCode: 0 });
    expect(out).toMatch(/0 +nothing would change[\s\S]*2 +something would[\s\S]*1 +a stack could not be planned/);
  });
});
