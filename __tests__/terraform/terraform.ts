import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../scripts/command/run-program";

/** What a plan would do to one resource, as `terraform show -json` tells it. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  /** e.g. ["update"]; a replacement is ["create", "delete"] or the other way round. */
  readonly actions: readonly string[];
  /** Names of the attributes that differ, or that only the apply will tell. */
  readonly attributes: readonly string[];
}

/** Runs Terraform in the folder of a synthesized stack, and throws with its words when it fails. */
export class Terraform {
  constructor(private readonly variables: NodeJS.ProcessEnv) {}

  /** @param settings `key=value` over the backend's own; `false`: without a backend */
  async init(directory: string, settings: readonly string[] | false = []): Promise<void> {
    const backend = settings === false ? ["-backend=false"] : settings.map((setting) => `-backend-config=${setting}`);
    await this.run(directory, "init", "-reconfigure", ...backend);
  }

  async validate(directory: string): Promise<void> {
    await this.run(directory, "validate");
  }

  async apply(directory: string): Promise<void> {
    await this.run(directory, "apply", "-auto-approve");
  }

  async destroy(directory: string): Promise<void> {
    await this.run(directory, "destroy", "-auto-approve");
  }

  /** The outputs in the state, by name. */
  async outputs(directory: string): Promise<Readonly<Record<string, { readonly value: unknown }>>> {
    return JSON.parse(await this.run(directory, "output", "-json")) as Record<string, { readonly value: unknown }>;
  }

  /** What the providers say of their resources, as JSON. */
  async providerSchemas(directory: string): Promise<string> {
    return this.run(directory, "providers", "schema", "-json");
  }

  /** Addresses of everything managed in the state. */
  async addresses(directory: string): Promise<readonly string[]> {
    const listed = await this.run(directory, "state", "list");
    return listed.split("\n").filter((address) => address !== "" && !address.startsWith("data."));
  }

  /** What an apply would change: nothing, when the list is empty. */
  async plan(directory: string): Promise<readonly PlannedChange[]> {
    const folder = mkdtempSync(join(tmpdir(), "terraform-plan-"));
    const file = join(folder, "plan");
    try {
      await this.run(directory, "plan", `-out=${file}`);
      const { resource_changes: changes = [] } = JSON.parse(
        await this.run(directory, "show", "-json", file),
      ) as PlanJson;
      return changes
        .filter(({ change }) => change.actions.some((action) => action !== "no-op" && action !== "read"))
        .map(({ address, type, change }) => ({
          address,
          type,
          actions: change.actions,
          attributes: differing(change),
        }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private async run(directory: string, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runProgram({
      command: "terraform",
      args: ["state", "show", "providers", "output"].includes(args[0] ?? "")
        ? args
        : [args[0] ?? "", "-no-color", ...args.slice(1)],
      directory,
      environment: { ...this.variables, ...pluginCache() },
    });
    if (code === 0) return stdout;
    throw new Error(
      `terraform ${args.join(" ")} ended with ${code ?? "a signal"} in ${directory}:\n${stdout}${stderr}`,
    );
  }
}

type Values = Readonly<Record<string, unknown>> | null;
interface Change {
  readonly actions: readonly string[];
  readonly before: Values;
  readonly after: Values;
  readonly after_unknown?: Values;
}
interface PlanJson {
  readonly resource_changes?: readonly { readonly address: string; readonly type: string; readonly change: Change }[];
}

function differing({ before, after, after_unknown: unknown }: Change): string[] {
  const names = new Set([before, after, unknown].flatMap((values) => Object.keys(values ?? {})));
  return [...names]
    .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]) || isUnknown(unknown?.[name]))
    .sort();
}

/** An attribute that is known only after the apply, in whole or in part. */
function isUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === true;
  return Object.values(value).some(isUnknown);
}

/** A provider that is downloaded is downloaded once. */
function pluginCache(): NodeJS.ProcessEnv {
  const folder = process.env.TF_PLUGIN_CACHE_DIR ?? join(tmpdir(), "terraform-plugins");
  mkdirSync(folder, { recursive: true });
  return { TF_PLUGIN_CACHE_DIR: folder, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1" };
}
