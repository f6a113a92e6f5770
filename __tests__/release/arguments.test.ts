import { parseReleaseArguments } from "../../scripts/release/arguments";

function parse(...argv: string[]) {
  let [out, err] = ["", ""];
  const parsed = parseReleaseArguments(argv, { out: (text) => (out += text), err: (text) => (err += text) });
  return { ...parsed, out, err };
}

describe("the command line", () => {
  it("needs nothing", () => {
    expect(parse()).toMatchObject({
      arguments: { variables: [], dryRun: false, force: false, pollInterval: 5 },
    });
  });

  it("takes every option", () => {
    const words =
      "--environment production --image v2 --dry-run --force --output json --poll-interval 0.25 --timeout 90";
    expect(parse(...words.split(" "), "--description", "a hotfix")).toMatchObject({
      arguments: {
        environment: "production",
        image: "v2",
        dryRun: true,
        force: true,
        output: "json",
        pollInterval: 0.25,
        timeout: 90,
        description: "a hotfix",
      },
    });
  });

  it("collects variables, whose values may hold anything", () => {
    expect(parse("--env", "SIMULATE=error:0.5", "--env", "EMPTY=", "--env", "URL=a=b c")).toMatchObject({
      arguments: {
        variables: [
          { name: "SIMULATE", value: "error:0.5" },
          { name: "EMPTY", value: "" },
          { name: "URL", value: "a=b c" },
        ],
      },
    });
  });

  it("collects containers and fields", () => {
    const words = "--container worker --container migrate --leave-out newField";
    expect(parse(...words.split(" "))).toMatchObject({
      arguments: { containers: ["worker", "migrate"], leaveOut: ["newField"] },
    });
    expect(parse()).toMatchObject({ arguments: { containers: [], leaveOut: [] } });
  });

  it("takes which alarms to watch", () => {
    expect(parse("--alarms", "all")).toMatchObject({ arguments: { alarms: "all" } });
    expect(parse()).not.toHaveProperty("arguments.alarms");
  });

  it.each<readonly [string, string[], RegExp]>([
    ["an unknown option", ["--imgae", "v2"], /unknown option '--imgae'/],
    ["a word too many", ["v2"], /too many arguments/],
    ["an option without its value", ["--image"], /argument missing/],
    ["an empty image", ["--image", ""], /must not be empty/],
    ["an unknown output", ["--output", "html"], /Allowed choices are live, plain, json/],
    ["a poll interval that is no number", ["--poll-interval", "soon"], /greater than 0/],
    ["a poll interval of nothing", ["--poll-interval", "0"], /greater than 0/],
    ["a timeout that never ends", ["--timeout", "NaN"], /greater than 0/],
    ["an infinite timeout", ["--timeout", "Infinity"], /greater than 0/],
    ["an empty container", ["--container", ""], /must not be empty/],
    ["a variable without a value", ["--env", "NAME"], /NAME=VALUE/],
    ["a variable without a name", ["--env", "=x"], /NAME=VALUE/],
    ["a variable with a bad name", ["--env", "1A=x"], /NAME=VALUE/],
    ["a variable given twice", ["--env", "A=1", "--env", "A=2"], /gives A twice/],
    ["a deployment id that is none", ["--attach", "deployment"], /looks like d-/],
    ["an image to attach to", ["--attach", "d-ABC", "--image", "v2"], /--image has no place with it/],
    [
      "a revision for attaching",
      ["--attach", "d-ABC", "--task-definition", "latest"],
      /--task-definition has no place/,
    ],
    ["a dry run of attaching", ["--attach", "d-ABC", "--dry-run"], /--dry-run has no place with it/],
    ["variables for attaching", ["--attach", "d-ABC", "--env", "A=1"], /--env has no place with it/],
    ["other alarms for what runs", ["--attach", "d-ABC", "--alarms", "new"], /--alarms has no place with it/],
    ["a blind gate of what runs", ["--attach", "d-ABC", "--accept-blind-gate"], /--accept-blind-gate has no place/],
    ["an unknown choice of alarms", ["--alarms", "none"], /Allowed choices are new, all/],
  ])("ends with 64 for %s", (_, argv, words) => {
    const { err, ...parsed } = parse(...argv);
    expect(parsed).toMatchObject({ exitCode: 64 });
    expect(err).toMatch(words);
    expect(err).toContain("npm run release -- --help");
  });

  it("names in its help the word that stands for the latest revision", () => {
    expect(parse("--help").out.replaceAll(/\s+/g, " ")).toContain('the word "latest"');
  });

  it("ends with 0 for --help, which tells all exit codes", () => {
    const { out, ...parsed } = parse("--help");
    expect(parsed).toMatchObject({ exitCode: 0 });
    for (const code of ["0", "2", "3", "4", "5", "64", "130"]) expect(out).toMatch(new RegExp(`^ +${code} +\\w`, "m"));
  });
});
