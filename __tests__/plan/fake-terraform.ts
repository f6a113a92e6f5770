import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ProgramResult, Program, RunProgram } from "../../scripts/command/run-program";
import { planText, type ResourceChange } from "./plan-fixture";

/** What the fake Terraform finds of one stack. */
export interface FakeStack {
  /** Outputs in its state; undefined: never applied. */
  readonly outputs?: readonly string[];
  readonly changes?: readonly ResourceChange[];
  /** Resources in its state; default: one, if it was ever applied. */
  readonly resources?: readonly object[];
  /** More of what `terraform show` prints of the plan. */
  readonly more?: object;
  /** What `terraform output` and `terraform state pull` print in place of the state. */
  readonly printed?: string;
  /** What `terraform plan` complains about. */
  readonly complaint?: string;
}

/** A Terraform that runs no process: it answers from what each stack is said to be, and remembers what it was asked. */
export class FakeTerraform {
  readonly calls: { readonly stack: string; readonly args: readonly string[]; readonly files: readonly string[] }[] =
    [];
  /** Contents of override files, by stack, as they were when a plan was made. */
  readonly overrides = new Map<string, unknown>();
  readonly planFiles: string[] = [];

  constructor(private readonly stacks: Readonly<Record<string, FakeStack>>) {}

  readonly run: RunProgram = (program) => Promise.resolve(this.answer(program));

  private answer({ args, directory }: Program): ProgramResult {
    const name = this.nameOf(directory);
    const stack = this.stacks[name] ?? {};
    this.calls.push({ stack: name, args, files: readdirSync(directory) });
    const ended = (stdout: string, code = 0, stderr = ""): ProgramResult => ({ code, stdout, stderr });
    if (stack.printed !== undefined && /^(output|state)$/.test(args[0] ?? "")) return ended(stack.printed);
    switch (args[0]) {
      case "output":
        return ended(JSON.stringify(Object.fromEntries((stack.outputs ?? []).map((output) => [output, {}]))));
      case "plan": {
        const override = join(directory, "plan_review_override.tf.json");
        if (existsSync(override)) this.overrides.set(name, JSON.parse(readFileSync(override, "utf8")));
        this.planFiles.push(args.find((arg) => arg.startsWith("-out="))?.slice("-out=".length) ?? "");
        return stack.complaint === undefined ? ended("") : ended("", 1, stack.complaint);
      }
      case "state":
        // As Terraform does: nothing at all of a state that was never written.
        if (stack.outputs === undefined && stack.resources === undefined) return ended("");
        return ended(JSON.stringify({ version: 4, resources: stack.resources ?? [{ type: "aws_thing" }] }));
      case "show":
        return ended(
          JSON.stringify({ ...(JSON.parse(planText(stack.changes ?? [])) as object), ...(stack.more ?? {}) }),
        );
      default:
        return ended("");
    }
  }

  /** A stack runs in its own folder; its outputs are read in a temporary one that has its backend. */
  private nameOf(directory: string): string {
    if (basename(dirname(directory)) === "stacks") return basename(directory).replace("staging-", "");
    const file = JSON.parse(readFileSync(join(directory, "main.tf.json"), "utf8")) as {
      terraform: { backend: { s3: { key: string } } };
    };
    return file.terraform.backend.s3.key;
  }
}
