import { parseRehearseArguments } from "../../scripts/rehearse/arguments";
import { parseCloudArguments } from "../../scripts/rehearse/cloud-arguments";

/** What a command line gives, and what is said about it. */
function reading(parse: typeof parseRehearseArguments | typeof parseCloudArguments, line: string) {
  let said = "";
  const write = (text: string) => (said += text);
  const parsed = parse(line === "" ? [] : line.split(" "), { out: write, err: write });
  return { parsed, said };
}

describe("npm run rehearse", () => {
  it("needs no option", () => {
    expect(reading(parseRehearseArguments, "").parsed).toEqual({
      arguments: {
        fault: undefined,
        rate: undefined,
        background: 0,
        liveFault: undefined,
        seed: 1,
        rps: 8,
        speed: 25,
        strategy: undefined,
        faultsBy: undefined,
        hook: undefined,
        runtime: "process",
        secrets: {},
        template: undefined,
        fromLive: undefined,
        report: undefined,
        json: false,
        verbose: false,
      },
    });
  });

  it("takes them all", () => {
    const line =
      "--fault error --faults-by service --rate 0.1 --rps 4 --speed 50.5 --strategy ECSAllAtOnce --hook --runtime docker --report out " +
      "--secret TOKEN=a=b --secret EMPTY= --json --verbose --background 0.1% --live-fault 0.25 --seed 7";
    expect(reading(parseRehearseArguments, line).parsed).toEqual({
      arguments: {
        fault: "error",
        faultsBy: "service",
        rate: 0.1,
        background: 0.001,
        liveFault: 0.25,
        seed: 7,
        rps: 4,
        speed: 50.5,
        strategy: "ECSAllAtOnce",
        hook: true,
        runtime: "docker",
        secrets: { TOKEN: "a=b", EMPTY: "" },
        template: undefined,
        fromLive: undefined,
        report: "out",
        json: true,
        verbose: true,
      },
    });
  });

  it.each([
    ["", undefined],
    ["--hook", true],
    ["--no-hook", false],
    ["--fault error", false],
    ["--fault error --hook", true],
  ])("leaves the hook as configured, out with a fault, or as told (%j)", (line, hook) => {
    expect(reading(parseRehearseArguments, line).parsed).toMatchObject({ arguments: { hook } });
  });

  it.each([
    ["--from-live", { fromLive: { templateOut: undefined, withValues: false }, template: undefined }],
    [
      "--from-live --with-values --template-out live.json",
      { fromLive: { templateOut: "live.json", withValues: true }, template: undefined },
    ],
    ["--template live.json", { fromLive: undefined, template: "live.json" }],
    ["--template live.json --no-hook --fault error", { template: "live.json" }],
  ])("plays a template file without hooks (%j)", (line, source) => {
    expect(reading(parseRehearseArguments, line).parsed).toMatchObject({ arguments: { ...source, hook: false } });
  });

  it.each([
    ["--from-live --template live.json", "options '--from-live' and '--template' exclude each other"],
    ["--template live.json --template-out other.json", "option '--template-out' goes with --from-live only"],
    ["--with-values", "option '--with-values' goes with --from-live only"],
    ["--from-live --strategy ECSAllAtOnce", "option '--strategy' has no meaning with --from-live"],
    ["--template live.json --hook", "option '--hook' has no meaning with --template: hooks are not played"],
  ])("refuses %s", (line, words) => {
    const { parsed, said } = reading(parseRehearseArguments, line);
    expect(parsed).toEqual({ exitCode: 64 });
    expect(said).toContain(words);
  });

  it.each([
    ["--background 0", { background: 0 }],
    ["--background 0%", { background: 0 }],
    ["--background 0.999", { background: 0.999 }],
    ["--background 99.9%", { background: 0.999 }],
    ["--live-fault 1", { liveFault: 1 }],
    ["--live-fault 100%", { liveFault: 1 }],
    ["--live-fault 10% --fault error --background 0.1%", { liveFault: 0.1, fault: "error", background: 0.001 }],
  ])("takes shares as numbers and as percent (%j)", (line, shares) => {
    expect(reading(parseRehearseArguments, line).parsed).toMatchObject({ arguments: shares });
  });

  it("runs broken-start faster and with less traffic, unless told otherwise", () => {
    expect(reading(parseRehearseArguments, "--fault broken-start").parsed).toMatchObject({
      arguments: { speed: 60, rps: 2 },
    });
    expect(reading(parseRehearseArguments, "--fault broken-start --speed 10").parsed).toMatchObject({
      arguments: { speed: 10, rps: 2 },
    });
  });

  it.each([
    { line: "--rps 60", speed: 25 },
    { line: "--rps 300", speed: 5 },
    { line: "--rps 1000", speed: 1.5 },
    { line: "--rps 300 --speed 25", speed: 25 },
    { line: "--fault broken-start --rps 30", speed: 50 },
  ])(
    "runs at a speed at which machines keep up with the requests, unless told otherwise ($line)",
    ({ line, speed }) => {
      expect(reading(parseRehearseArguments, line).parsed).toMatchObject({ arguments: { speed } });
    },
  );

  it.each([
    { line: "--fault fire", says: "Allowed choices are error, slow, crash, unhealthy, exit, broken-start" },
    { line: "--fault error --rate 0", says: "It must be a number greater than 0 and at most 1." },
    { line: "--fault error --rate 1.1", says: "It must be a number greater than 0 and at most 1." },
    { line: "--fault error --rate half", says: "It must be a number greater than 0 and at most 1." },
    { line: "--rate 0.5", says: "has no meaning without --fault" },
    {
      line: "--fault exit --rate 0.5",
      says: "has no meaning with --fault exit; it goes with --fault error, slow, crash",
    },
    { line: "--faults-by cloud", says: "option '--faults-by' has no meaning without --fault" },
    { line: "--fault error --faults-by me", says: "Allowed choices are cloud, service." },
    ...["1", "100%", "-0.1", "0.1 %", "half", "1e-3", "%", "NaN", "0x1"].map((value) => ({
      line: `--background ${value.replace(" ", "\u00a0")}`,
      says: "It must be a share of at least 0 and less than 1, such as 0.001, or percent, such as 0.1%.",
    })),
    ...["0", "0%", "1.1", "101%"].map((value) => ({
      line: `--live-fault ${value}`,
      says: "It must be a share greater than 0 and at most 1, such as 0.001, or percent, such as 0.1%.",
    })),
    { line: "--seed 1.5", says: "It must be a whole number from 0 to 2147483647." },
    { line: "--rps 0", says: "It must be a number greater than 0 and at most 1000." },
    { line: "--rps -1", says: "It must be a number greater than 0 and at most 1000." },
    { line: "--speed 1e9", says: "It must be a number greater than 0 and at most 1000." },
    { line: "--strategy Fast", says: "Allowed choices are ECSAllAtOnce" },
    { line: "--runtime podman", says: "Allowed choices are process, docker." },
    { line: "--secret my-key=hunter2", says: "must be NAME=VALUE" },
    { line: "--secret A=hunter2 --secret A=hunter2", says: "gives A twice" },
    { line: "--colour", says: "unknown option '--colour'" },
    { line: "now", says: "too many arguments" },
  ])("refuses $line with 64", ({ line, says }) => {
    const { parsed, said } = reading(parseRehearseArguments, line);
    expect(parsed).toEqual({ exitCode: 64 });
    expect(said).toContain(says);
  });

  it("never repeats the value of a secret", () => {
    for (const line of ["--secret my-key=hunter2", "--secret A=hunter2 --secret A=hunter2", "--secret =hunter2"])
      expect(reading(parseRehearseArguments, line).said).not.toContain("hunter2");
  });

  it("shows its options and ends with 0 when asked for help", () => {
    const { parsed, said } = reading(parseRehearseArguments, "--help");
    expect(parsed).toEqual({ exitCode: 0 });
    expect(said).toContain("--report <folder>");
    expect(said).toContain("Usage: npm run rehearse -- [options]");
  });
});

describe("npm run cloud", () => {
  it("shows its options, and each default once", () => {
    const { parsed, said } = reading(parseCloudArguments, "--help");
    expect(parsed).toEqual({ exitCode: 0 });
    expect(said).toContain("Usage: npm run cloud -- [options]");
    expect(said).toMatch(/--port <port> +of the AWS endpoint \(default: any free one\)\n/);
  });

  it("points to its help after wrong usage", () => {
    expect(reading(parseCloudArguments, "--colour").said).toContain("npm run cloud -- --help");
    expect(reading(parseRehearseArguments, "--colour").said).toContain("npm run rehearse -- --help");
  });

  it("needs no option", () => {
    expect(reading(parseCloudArguments, "").parsed).toEqual({
      arguments: { port: 0, speed: 1, rps: 0, runtime: "process", secrets: {}, verbose: false },
    });
  });

  it("takes a runtime", () => {
    expect(reading(parseCloudArguments, "--runtime docker").parsed).toMatchObject({ arguments: { runtime: "docker" } });
  });

  it.each([
    { line: "--port 70000", says: "It must be a whole number from 0 to 65535." },
    { line: "--port http", says: "It must be a whole number from 0 to 65535." },
    { line: "--rps -1", says: "It must be a number from 0 to 1000." },
    { line: "--speed 0", says: "It must be a number greater than 0" },
    { line: "--runtime podman", says: "Allowed choices are process, docker." },
  ])("refuses $line with 64", ({ line, says }) => {
    const { parsed, said } = reading(parseCloudArguments, line);
    expect(parsed).toEqual({ exitCode: 64 });
    expect(said).toContain(says);
  });
});
