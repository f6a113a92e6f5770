import type { Change } from "../../scripts/plan/change";
import { readPlan } from "../../scripts/plan/plan-json";

/** One entry of `resource_changes`, as `terraform show -json` writes it. */
export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly mode: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly replace_paths?: unknown;
    readonly importing?: unknown;
  };
}
type Rest = Partial<ResourceChange["change"]> & { readonly name?: string };

function entry(type: string, actions: readonly string[], before: unknown, after: unknown, rest: Rest): ResourceChange {
  const { name = "it", ...sides } = rest;
  return { address: `${type}.${name}`, mode: "managed", type, change: { actions, before, after, ...sides } };
}

/** A resource that is made. */
export const create = (type: string, after: unknown = {}, rest: Rest = {}) =>
  entry(type, ["create"], null, after, rest);
/** A resource that is changed in place. */
export const update = (type: string, before: unknown, after: unknown, rest: Rest = {}) =>
  entry(type, ["update"], before, after, rest);
/** A resource that is destroyed and made again. */
export const replace = (type: string, before: unknown = {}, after: unknown = {}, rest: Rest = {}) =>
  entry(type, ["delete", "create"], before, after, rest);
/** A resource that is destroyed. */
export const destroy = (type: string, before: unknown = {}, rest: Rest = {}) =>
  entry(type, ["delete"], before, null, rest);
/** A resource that stays as it is. */
export const keep = (type: string, values: unknown = {}, rest: Rest = {}) =>
  entry(type, ["no-op"], values, values, rest);

/** A former object at the address of a resource, which a replacement has left behind. */
export const deposed = (one: ResourceChange, key = "1a2b3c4d"): ResourceChange => ({ ...one, deposed: key });

/**
 * The text of a plan with these resources.
 * @param more of what Terraform writes beside them
 */
export function planText(
  changes: readonly ResourceChange[],
  outputs: Readonly<Record<string, readonly string[]>> = {},
  more: object = {},
): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: {} },
    resource_changes: changes,
    output_changes: Object.fromEntries(Object.entries(outputs).map(([name, actions]) => [name, { actions }])),
    ...more,
  });
}

/** The changes of such a plan, as they are read. */
export function planned(...changes: readonly ResourceChange[]): readonly Change[] {
  return readPlan(planText(changes)).changes;
}

/** A policy document with these statements. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements.map((one) => ({ Effect: "Allow", ...one })) });
}
