import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StacksError } from "../../scripts/command/synthesized-stacks";
import type { DeployArguments } from "../../scripts/deploy/arguments";
import type { DeployFacts } from "../../scripts/deploy/checks";
import { runDeploy, type DeployDeps, type ApplyResult } from "../../scripts/deploy/run";
import { writeStacks } from "../command/synthesized-fixture";

const ARGUMENTS: DeployArguments = { stacks: [], skip: [], autoApprove: true, check: false };
const FINE: DeployFacts = {
  node: { version: "v22.1.0", supported: true },
  terraform: { version: "1.11.4" },
  account: { id: "123456789012" },
  locks: [],
};

describe("npm run deploy", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "deploy-"));
    writeStacks(folder, { network: {}, registry: {}, service: { network: ["vpc"] } }, { docker: "registry" });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function deploy(
    changes: Partial<DeployArguments> = {},
    {
      facts = {},
      answers = {},
      ...deps
    }: Partial<DeployDeps> & { facts?: Partial<DeployFacts>; answers?: Readonly<Record<string, ApplyResult>> } = {},
  ) {
    const lines: string[] = [];
    const applied: string[] = [];
    const code = await runDeploy(
      { ...ARGUMENTS, ...changes },
      {
        target: { environment: "staging" },
        synthesize: () => Promise.resolve(folder),
        collectFacts: () => Promise.resolve({ ...FINE, ...facts }),
        apply: ({ name }) => {
          applied.push(name);
          return Promise.resolve(answers[name] ?? { code: 0, output: "" });
        },
        print: (line) => lines.push(line),
        isTerminal: false,
        interruption: new AbortController().signal,
        ...deps,
      },
    );
    return { code, applied, text: lines.join("\n") };
  }

  it("applies every stack, one after the other", async () => {
    const { code, applied, text } = await deploy();
    expect({ code, applied }).toEqual({ code: 0, applied: ["network", "registry", "service"] });
    expect(text).toContain("done: network, registry, service applied");
  });

  it("starts nothing when something blocks it", async () => {
    const { code, applied, text } = await deploy(
      {},
      { facts: { docker: { missing: "docker" }, terraform: { missing: "terraform" } } },
    );
    expect({ code, applied }).toEqual({ code: 4, applied: [] });
    expect(text).toContain("refused: nothing was started, because of 2 problems");
    expect(text).toContain("no docker on PATH");
  });

  it("looks at what the chosen stacks need, and at nothing else", async () => {
    const looked: string[][] = [];
    const collectFacts: DeployDeps["collectFacts"] = (stacks) => {
      looked.push(stacks.map(({ name }) => name));
      return Promise.resolve(FINE);
    };
    const { applied } = await deploy({ skip: ["registry"] }, { collectFacts });
    expect(looked).toEqual([["network", "service"]]);
    expect(applied).toEqual(["network", "service"]);
  });

  it("ends with the first stack that fails, and says what is done, what is left and what to do", async () => {
    const output =
      "Error: creating ECR Repository: User: x is not authorized to perform: ecr:CreateRepository on resource: y";
    const { code, applied, text } = await deploy({ skip: ["access"] }, { answers: { registry: { code: 1, output } } });
    expect({ code, applied }).toEqual({ code: 1, applied: ["network", "registry"] });
    expect(text).toContain("registry was not applied: allow this identity ecr:CreateRepository");
    expect(text).toContain("applied before: network");
    expect(text).toContain("not started: service");
    expect(text).toContain("npm run deploy -- --environment staging --skip access --auto-approve continues");
  });

  it("checks and applies nothing with --check", async () => {
    const { code, applied, text } = await deploy({ autoApprove: false, check: true });
    expect({ code, applied }).toEqual({ code: 0, applied: [] });
    expect(text).toContain("all checks passed");
  });

  it("refuses to ask where nobody can be asked", async () => {
    const { code, applied, text } = await deploy({ autoApprove: false });
    expect({ code, applied }).toEqual({ code: 4, applied: [] });
    expect(text).toContain("--auto-approve");
  });

  it("asks on a terminal", async () => {
    expect(await deploy({ autoApprove: false }, { isTerminal: true })).toMatchObject({ code: 0 });
  });

  it("stops after the stack that was interrupted, with the signal's code", async () => {
    const interruption = new AbortController();
    const apply: DeployDeps["apply"] = () => {
      interruption.abort(130);
      return Promise.resolve({ code: 1, output: "" });
    };
    const { code, text } = await deploy({}, { apply, interruption: interruption.signal });
    expect(code).toBe(130);
    expect(text).toContain("interrupted while network was applied");
    expect(text).toContain("not started: registry, service");
  });

  it("ends with the signal's code when the synthesis was interrupted", async () => {
    const interruption = new AbortController();
    const synthesize = () => {
      interruption.abort(130);
      return Promise.reject(new StacksError("the synthesis failed"));
    };
    expect(await deploy({}, { synthesize, interruption: interruption.signal })).toEqual({
      code: 130,
      applied: [],
      text: "",
    });
  });

  it.each<[string, Partial<DeployArguments>, string]>([
    ["an unknown stack", { stacks: ["regsitry"] }, "no stack regsitry"],
    ["an unknown stack to leave out", { skip: ["regsitry"] }, "no stack regsitry"],
    ["no stack at all", { skip: ["network", "registry", "service"] }, "every stack is left out"],
  ])("refuses %s", async (_, changes, message) => {
    const { code, applied, text } = await deploy(changes);
    expect({ code, applied }).toEqual({ code: 4, applied: [] });
    expect(text).toContain(message);
  });

  it("lets a stack be left out that this environment doesn't have", async () => {
    expect(await deploy({ skip: ["access"] })).toMatchObject({ code: 0 });
  });

  it("refuses with the words of a synthesis that failed", async () => {
    const synthesize = () => Promise.reject(new StacksError("configuration refused"));
    expect(await deploy({}, { synthesize })).toMatchObject({ code: 4, text: "refused: configuration refused" });
  });
});
