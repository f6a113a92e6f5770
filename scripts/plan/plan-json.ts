import { z } from "zod";
import type { Change, Json, Kind } from "./change";

/** A plan as Terraform shows it, as far as it is reviewed. */
export interface Plan {
  /** Every managed resource, those that stay as they are included. */
  readonly changes: readonly Change[];
  /** Names of the outputs that change. */
  readonly outputs: readonly string[];
  /** Why this is not all that Terraform will do; absent: it is. */
  readonly incomplete?: string;
}

/** What `terraform show -json` printed is not a plan that this project can read. */
export class PlanFormatError extends Error {
  constructor(what: string) {
    super(`terraform show -json gave something else than a plan: ${what}; use Terraform 1.5 or later`);
    this.name = "PlanFormatError";
  }
}

const json = z.json();
const sides = z.object({
  actions: z.array(z.string()),
  before: json.optional(),
  after: json.optional(),
  after_unknown: json.optional(),
  before_sensitive: json.optional(),
  after_sensitive: json.optional(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  importing: z.object({}).optional(),
});
/** Terraform promises to add to the format within major version 1, so whatever is not named here is let pass. */
const planSchema = z.object({
  format_version: z.string().regex(/^1\./, "its format_version is not 1.x"),
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        previous_address: z.string().optional(),
        mode: z.string(),
        type: z.string(),
        change: sides,
      }),
    )
    .optional(),
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()) })).optional(),
  // Terraform before 1.8 says nothing of these: it knew no plans but whole ones.
  complete: z.boolean().optional(),
  errored: z.boolean().optional(),
  deferred_changes: z
    .array(z.object({ reason: z.string().optional(), resource_change: z.object({ address: z.string() }) }))
    .optional(),
});

/**
 * Reads what `terraform show -json <plan>` printed.
 * @throws PlanFormatError when it isn't a plan
 */
export function readPlan(text: string): Plan {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new PlanFormatError("no JSON");
  }
  const result = planSchema.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new PlanFormatError(issue ? `${issue.path.join(".")}: ${issue.message}` : "of another form");
  }
  const { resource_changes: resources = [], output_changes: outputs = {} } = result.data;
  const incomplete = whatIsMissing(result.data);
  return {
    changes: resources
      .filter(({ mode }) => mode === "managed")
      .map(({ address, previous_address: previousAddress, type, change }): Change => {
        const moved = previousAddress !== undefined && previousAddress !== address;
        const imported = change.importing !== undefined;
        const kind = kindOf(change.actions);
        return {
          address,
          // The provider knows the load balancer's resources by two names.
          type: type.replace(/^aws_alb(?=_|$)/, "aws_lb"),
          kind: kind !== "none" ? kind : imported ? "import" : moved ? "move" : kind,
          createsFirst: change.actions[0] === "create",
          before: side(change.before),
          after: side(change.after),
          afterUnknown: change.after_unknown ?? false,
          beforeSensitive: change.before_sensitive ?? false,
          afterSensitive: change.after_sensitive ?? false,
          replacePaths: change.replace_paths ?? [],
          ...(moved && { previousAddress }),
          imported,
        };
      }),
    outputs: Object.entries(outputs)
      .filter(([, { actions }]) => kindOf(actions) !== "none")
      .map(([name]) => name),
    ...(incomplete !== undefined && { incomplete }),
  };
}

function whatIsMissing(plan: z.infer<typeof planSchema>): string | undefined {
  const { complete = true, errored = false, deferred_changes: deferred = [] } = plan;
  const names = deferred.map(({ reason, resource_change: { address } }) =>
    reason === undefined ? address : `${address} (${reason})`,
  );
  if (names.length > 0) return `Terraform put off ${names.join(", ")}`;
  if (errored) return "Terraform met errors while it planned";
  return complete ? undefined : "Terraform calls its plan incomplete";
}

/** Terraform leaves a side out, or gives null, where there is none. */
function side(value: Json | undefined): Json {
  return value ?? null;
}

/** The change that a list of Terraform's actions stands for; both orders of create and delete are a replacement. */
export function kindOf(actions: readonly string[]): Kind {
  if (actions.includes("create")) return actions.length > 1 ? "replace" : "create";
  if (actions.includes("delete")) return "delete";
  if (actions.includes("update")) return "update";
  return actions.includes("forget") ? "forget" : "none";
}
