import { runProgram, type RunProgram } from "../command/run-program";
import { synthesizeStacks } from "../command/synthesis";
import { chooseStacks, hasName, readStacks, type SynthesizedStack } from "../command/synthesized-stacks";
import { remedyFor } from "../command/terraform-remedies";
import { reviewPlan } from "./findings";
import { PlanFormatError, readPlan } from "./plan-json";
import { hasChanges, type Review, type StackReview } from "./review";
import { Terraform, TerraformError } from "./terraform";

/** What to plan, and how. */
export interface PlanOptions {
  readonly environment: string;
  /** Folder of main.ts and cdktf.json. */
  readonly root: string;
  /** Folder with synthesized stacks; default: the stacks are synthesized into cdktf.out under the root. */
  readonly synthesized?: string;
  /** Stacks to plan, with or without the environment in their names; default: all. */
  readonly stacks?: readonly string[];
  /** Stacks to leave out. */
  readonly skip?: readonly string[];
  /** `key=value` settings for every backend, e.g. for an emulator of S3. */
  readonly backendConfig?: readonly string[];
  /** Port of the test listener, for the rules. */
  readonly testPort?: number;
  /** Environment variables of Terraform and of the synthesis; default: this process's. */
  readonly variables?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Receives a line of text for each step. */
  readonly onProgress?: (text: string) => void;
  /** Runs programs; default: on this machine. */
  readonly run?: RunProgram;
}

/**
 * Plans the stacks of an environment, each after the stacks from which it reads. A stack that can't be planned is in the review
 * with the reason, and stacks that don't depend on it are still planned.
 * @throws StacksError when nothing can be planned: no such stack, or the synthesis failed
 * @throws TerraformMissingError when there is no Terraform
 */
export async function planEnvironment(options: PlanOptions): Promise<Review> {
  const { environment, skip = [], onProgress = () => undefined } = options;
  const variables = options.variables ?? process.env;
  const run = options.run ?? runProgram;
  const folder = options.synthesized ?? (await synthesizeStacks({ ...options, run, variables }));
  const all = readStacks(folder, environment);
  const chosen = chooseStacks(all, options.stacks ?? []);
  for (const name of skip.filter((skipped) => !all.some((stack) => hasName(stack, skipped)))) {
    // Not every environment has every stack, so an unknown name is no error.
    onProgress(`there is no stack ${name} to skip`);
  }
  const terraform = new Terraform(run, {
    binary: variables["TERRAFORM_BINARY_NAME"] || "terraform",
    environment: variables,
    backendConfig: options.backendConfig ?? [],
    ...(options.signal && { signal: options.signal }),
  });

  const applied = new Map<string, Promise<readonly string[]>>();
  const outputsOf = (stack: SynthesizedStack) => {
    const known = applied.get(stack.id) ?? terraform.outputNames(stack);
    applied.set(stack.id, known);
    return known;
  };
  const reviews: StackReview[] = [];
  for (const stack of chosen) {
    const { name } = stack;
    if (skip.some((skipped) => hasName(stack, skipped))) {
      onProgress(`${name}: skipped`);
      reviews.push({ name, status: "skipped" });
      continue;
    }
    onProgress(`${name}: planning`);
    const review = await planStack(stack, all, terraform, outputsOf, options);
    onProgress(`${name}: ${inWords(review)}`);
    reviews.push(review);
  }
  return { environment, stacks: reviews };
}

async function planStack(
  stack: SynthesizedStack,
  all: readonly SynthesizedStack[],
  terraform: Terraform,
  outputsOf: (stack: SynthesizedStack) => Promise<readonly string[]>,
  options: PlanOptions,
): Promise<StackReview> {
  const { name } = stack;
  try {
    const missing = await missingInputs(stack, all, outputsOf);
    if (missing.length > 0) {
      return { name, status: "waiting", for: missing, applied: await terraform.hasResources(stack) };
    }
    const plan = readPlan(await terraform.plan(stack));
    const { changes, outputs, actions, unread, incomplete } = plan;
    if (incomplete !== undefined)
      throw new TerraformError("terraform plan", `${incomplete}: the plan is not complete.`);
    const findings = reviewPlan(plan, options.testPort === undefined ? {} : { testPort: options.testPort });
    return {
      ...{ name, status: "planned", changes: changes.filter(({ kind }) => kind !== "none"), outputs },
      ...(actions.length > 0 && { actions }),
      ...(unread.length > 0 && { unread }),
      findings,
    };
  } catch (error) {
    const step = error instanceof TerraformError ? error.step : "terraform show";
    if (!(error instanceof TerraformError || error instanceof PlanFormatError)) throw error;
    return {
      name,
      status: "failed",
      step,
      message: error.message,
      next: remedyFor(stack, error.message, "npm run plan"),
    };
  }
}

/** The outputs that a stack reads from other stacks and that are not in their state, by stack. */
async function missingInputs(
  stack: SynthesizedStack,
  all: readonly SynthesizedStack[],
  outputsOf: (stack: SynthesizedStack) => Promise<readonly string[]>,
): Promise<readonly { stack: string; outputs: readonly string[] }[]> {
  const missing: { stack: string; outputs: readonly string[] }[] = [];
  for (const source of all.filter(({ id }) => stack.reads.some((read) => read.stack === id))) {
    const there = await outputsOf(source);
    const outputs = stack.reads
      .filter((read) => read.stack === source.id && !there.includes(read.output))
      .map(({ output }) => output);
    if (outputs.length > 0) missing.push({ stack: source.name, outputs });
  }
  return missing;
}

function inWords(review: StackReview): string {
  switch (review.status) {
    case "planned": {
      const { changes, outputs, actions = [], unread = [] } = review;
      if (!hasChanges(review)) return "no changes";
      return [
        `${changes.length} resources and ${outputs.length} outputs change`,
        ...(actions.length > 0 ? [`${actions.length} actions run`] : []),
        ...(unread.length > 0 ? [`the plan holds more that this review doesn't read`] : []),
      ].join(", ");
    }
    case "waiting":
      return `waits for ${review.for.map(({ stack }) => stack).join(", ")}`;
    case "failed":
      return `${review.step} failed`;
    case "skipped":
      return "skipped";
  }
}
