import { EXIT_CODES } from "../command/exit-codes";
import { chooseStacks, hasName, readStacks, StacksError, type SynthesizedStack } from "../command/synthesized-stacks";
import { remedyFor } from "../command/terraform-remedies";
import type { DeployArguments } from "./arguments";
import { deployProblems, type DeployFacts, type DeployTarget } from "./checks";

/** Result of `cdktf deploy` for one stack. */
export interface ApplyResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  /** The end of its output; empty when the output went to the terminal. */
  readonly output: string;
}

/** Dependencies of a deploy; tests use fakes. */
export interface DeployDeps {
  readonly target: DeployTarget;
  /**
   * Synthesizes the stacks and returns their folder.
   * @throws StacksError
   */
  readonly synthesize: () => Promise<string>;
  /** Collects the facts about this machine and the account. */
  readonly collectFacts: (stacks: readonly SynthesizedStack[]) => Promise<DeployFacts>;
  /** Runs `cdktf deploy` for one stack. */
  readonly apply: (stack: SynthesizedStack) => Promise<ApplyResult>;
  /** Prints one line. */
  readonly print: (line: string) => void;
  /** Whether a person can be asked for approval. */
  readonly isTerminal: boolean;
  /** Aborts when the command is to end; its reason is the exit code. */
  readonly interruption: AbortSignal;
}

/**
 * Checks what the chosen stacks need, then applies them one after the other. The first failure ends the deploy: the stacks
 * before it stay applied, and the same command continues with the others.
 * @returns the exit code
 */
export async function runDeploy(args: DeployArguments, deps: DeployDeps): Promise<number> {
  const { print, target, interruption } = deps;
  if (!args.autoApprove && !args.check && !deps.isTerminal) {
    print("refused: there is no terminal to ask for approval; use --auto-approve");
    return EXIT_CODES.deploy.refused.code;
  }
  let stacks: readonly SynthesizedStack[];
  try {
    const all = readStacks(await deps.synthesize(), target.environment);
    // With a wrong name in --skip, a stack that was to be left out would be applied.
    chooseStacks(
      all,
      args.skip.filter((name) => !OPTIONAL_STACKS.includes(name)),
    );
    stacks = chooseStacks(all, args.stacks).filter((stack) => !args.skip.some((name) => hasName(stack, name)));
    if (stacks.length === 0) throw new StacksError("every stack is left out: nothing is to be applied");
  } catch (error) {
    if (!(error instanceof StacksError)) throw error;
    // Ctrl-C ends the synthesis too, which is no refusal then.
    if (interruption.aborted) return Number(interruption.reason);
    print(`refused: ${error.message}`);
    return EXIT_CODES.deploy.refused.code;
  }
  print(`${target.environment}: ${stacks.map(({ name }) => name).join(", ")}; checking what they need`);
  const problems = deployProblems(await deps.collectFacts(stacks), target);
  if (interruption.aborted) return Number(interruption.reason);
  if (problems.length > 0) {
    print(
      `refused: nothing was started, because of ${problems.length === 1 ? "one problem" : `${problems.length} problems`}`,
    );
    for (const { what, next } of problems) print(`  - ${what}\n    ${next}`);
    return EXIT_CODES.deploy.refused.code;
  }
  if (args.check) {
    print("all checks passed; nothing was applied (--check)");
    return EXIT_CODES.deploy.done.code;
  }
  return applyAll(stacks, args, deps);
}

/** Stacks that not every environment has. `--skip` may name one that this environment does not have. */
const OPTIONAL_STACKS: readonly string[] = ["access", "network"];

async function applyAll(stacks: readonly SynthesizedStack[], args: DeployArguments, deps: DeployDeps): Promise<number> {
  const { print, interruption, target } = deps;
  const again = commandOf(args, target.environment);
  for (const [index, stack] of stacks.entries()) {
    print(`\n${stack.name}: applying (${index + 1} of ${stacks.length})`);
    const { code, output } = await deps.apply(stack);
    if (code === 0 && !interruption.aborted) continue;
    const done = stacks.slice(0, code === 0 ? index + 1 : index);
    const left = stacks.slice(index + 1);
    print("");
    if (interruption.aborted) print(`interrupted while ${stack.name} was applied`);
    else print(`${stack.name} was not applied: ${remedyFor(stack, output, again)}`);
    print(`  applied before: ${namesIn(done)}`);
    print(`  not started: ${namesIn(left)}`);
    print(`  ${again} continues: what is applied already stays as it is`);
    print("  an apply that was killed may leave a lock, and resources that are not in the state: see docs/deploy.md");
    return interruption.aborted ? Number(interruption.reason) : EXIT_CODES.deploy.failed.code;
  }
  print(`\ndone: ${namesIn(stacks)} applied`);
  return EXIT_CODES.deploy.done.code;
}

/** The command that continues this deploy. */
function commandOf({ stacks, skip, autoApprove }: DeployArguments, environment: string): string {
  const options = [
    `--environment ${environment}`,
    ...stacks.map((name) => `--stack ${name}`),
    ...skip.map((name) => `--skip ${name}`),
    ...(autoApprove ? ["--auto-approve"] : []),
  ];
  return `npm run deploy -- ${options.join(" ")}`;
}

function namesIn(stacks: readonly SynthesizedStack[]): string {
  return stacks.length === 0 ? "none" : stacks.map(({ name }) => name).join(", ");
}
