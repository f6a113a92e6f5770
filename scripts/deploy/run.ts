import { EXIT_CODES } from "../command/exit-codes";
import { chooseStacks, isCalled, readStacks, StacksError, type SynthesizedStack } from "../command/synthesized-stacks";
import { remedyFor } from "../command/terraform-remedies";
import type { DeployArguments } from "./arguments";
import { deployProblems, type DeployFacts, type DeployTarget } from "./checks";

/** How `cdktf deploy` of one stack ended. */
export interface StackApplied {
  /** Null: ended by a signal. */
  readonly code: number | null;
  /** What it printed, where that went through this process. */
  readonly said: string;
}

/** What a deploy works with; tests bring their own. */
export interface DeployDeps {
  readonly target: DeployTarget;
  /** Synthesizes the stacks and gives their folder. @throws StacksError */
  readonly synthesize: () => Promise<string>;
  /** Looks at the machine and the account. */
  readonly look: (stacks: readonly SynthesizedStack[]) => Promise<DeployFacts>;
  /** Runs `cdktf deploy` of one stack to its end. */
  readonly apply: (stack: SynthesizedStack) => Promise<StackApplied>;
  readonly say: (line: string) => void;
  /** Whether somebody can be asked for approval. */
  readonly isTerminal: boolean;
  readonly interruption: AbortSignal;
}

/**
 * Applies the chosen stacks one after the other, once nothing stands in the way. The first that fails ends it; what was
 * applied stays, and running the same again continues.
 * @returns the exit code
 */
export async function runDeploy(args: DeployArguments, deps: DeployDeps): Promise<number> {
  const { say, target, interruption } = deps;
  if (!args.autoApprove && !args.check && !deps.isTerminal) {
    say("refused: nobody can be asked for approval here: there is no terminal; use --auto-approve");
    return EXIT_CODES.deploy.refused.code;
  }
  let stacks: readonly SynthesizedStack[];
  try {
    const all = readStacks(await deps.synthesize(), target.environment);
    // A wrong name in --skip would apply what was to be left out.
    chooseStacks(
      all,
      args.skip.filter((name) => !OPTIONAL_STACKS.includes(name)),
    );
    stacks = chooseStacks(all, args.stacks).filter((stack) => !args.skip.some((name) => isCalled(stack, name)));
    if (stacks.length === 0) throw new StacksError("every stack is left out: nothing is to be applied");
  } catch (error) {
    if (!(error instanceof StacksError)) throw error;
    say(`refused: ${error.message}`);
    return EXIT_CODES.deploy.refused.code;
  }
  say(`${target.environment}: ${stacks.map(({ name }) => name).join(", ")}; checking what they need`);
  const problems = deployProblems(await deps.look(stacks), target);
  if (interruption.aborted) return Number(interruption.reason);
  if (problems.length > 0) {
    say(
      `refused: nothing was started, for ${problems.length === 1 ? "1 thing stands" : `${problems.length} things stand`} in the way`,
    );
    for (const { what, next } of problems) say(`  - ${what}\n    ${next}`);
    return EXIT_CODES.deploy.refused.code;
  }
  if (args.check) {
    say("nothing stands in the way; nothing was applied (--check)");
    return EXIT_CODES.deploy.done.code;
  }
  return applyAll(stacks, args, deps);
}

/** Stacks that not every environment has: leaving one out that isn't there is no mistake. */
const OPTIONAL_STACKS: readonly string[] = ["access", "network"];

async function applyAll(stacks: readonly SynthesizedStack[], args: DeployArguments, deps: DeployDeps): Promise<number> {
  const { say, interruption, target } = deps;
  const again = commandOf(args, target.environment);
  for (const [index, stack] of stacks.entries()) {
    say(`\n${stack.name}: applying (${index + 1} of ${stacks.length})`);
    const { code, said } = await deps.apply(stack);
    if (code === 0 && !interruption.aborted) continue;
    const done = stacks.slice(0, code === 0 ? index + 1 : index);
    const left = stacks.slice(index + 1);
    say("");
    if (interruption.aborted) say(`interrupted while ${stack.name} was applied`);
    else say(`${stack.name} was not applied: ${remedyFor(stack, said, again)}`);
    say(`  applied before: ${namesIn(done)}`);
    say(`  not started: ${namesIn(left)}`);
    say(`  ${again} continues: what is applied already stays as it is`);
    say(
      "  an apply that was killed half-way may leave a lock and resources that the state doesn't know: see docs/deploy.md",
    );
    return interruption.aborted ? Number(interruption.reason) : EXIT_CODES.deploy.failed.code;
  }
  say(`\ndone: ${namesIn(stacks)} applied`);
  return EXIT_CODES.deploy.done.code;
}

/** The same command once more. */
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
