import { z } from "zod";
import { TERRAFORM_MINIMUM } from "../../stacks/config/terraform-version";
import type { Change, ChangeKind } from "./change";
import type { Json } from "./json-values";
import { unreadOf } from "./plan-format";
import { textWithoutSecrets } from "./secrets";

/** A run of a provider's action, e.g. `aws_lambda_invoke`. It changes no state, and the plan doesn't show its effect. */
export interface ActionInvocation {
  readonly address: string;
  readonly type: string;
  /** The trigger in words: an event of a resource, or the command line. */
  readonly trigger: string;
}

/** A `check` block of the configuration that fails. */
interface FailedCheck {
  readonly address: string;
  readonly says: string;
}

/** A plan of one stack: the parts that are reviewed. */
export interface TerraformPlan {
  /** Every managed resource, also those that stay as they are. */
  readonly changes: readonly Change[];
  /** Names of the outputs that change. */
  readonly outputs: readonly string[];
  readonly actions: readonly ActionInvocation[];
  readonly failedChecks: readonly FailedCheck[];
  /** Parts of the plan that this review doesn't read, in words. */
  readonly unread: readonly string[];
  /** Why the plan is not complete; absent for a complete plan. */
  readonly incomplete?: string;
}

/** What `terraform show -json` printed is not a plan that this project can read. */
export class PlanFormatError extends Error {
  constructor(what: string) {
    super(`terraform show -json printed no plan: ${what}; use Terraform ${TERRAFORM_MINIMUM} or newer`);
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
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).nullish(),
  importing: z.object({}).nullish(),
});
const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string(),
  type: z.string(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change: sides,
});
const actionInvocation = z.object({
  address: z.string(),
  type: z.string().default(""),
  lifecycle_action_trigger: z
    .object({ triggering_resource_address: z.string().optional(), action_trigger_event: z.string().optional() })
    .nullish(),
});
/**
 * The members that are read. Terraform may add members within major version 1: the schema accepts them, and `unreadOf` reports
 * them (https://developer.hashicorp.com/terraform/internals/json-format).
 */
const planSchema = z.object({
  format_version: z.string().regex(/^1\./, "its format_version is not 1.x"),
  resource_changes: z.array(resourceChange).nullish(),
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()) })).nullish(),
  // Terraform before 1.8 writes neither: its plans were always complete.
  complete: z.boolean().optional(),
  errored: z.boolean().optional(),
  deferred_changes: z
    .array(z.object({ reason: z.string().optional(), resource_change: z.object({ address: z.string() }) }))
    .nullish(),
  // Since Terraform 1.14.
  action_invocations: z.array(actionInvocation).nullish(),
  deferred_action_invocations: z
    .array(z.object({ reason: z.string().optional(), action_invocation: z.object({ address: z.string() }) }))
    .nullish(),
  checks: z
    .array(
      z.object({
        address: z.object({ to_display: z.string().optional() }).optional(),
        status: z.string(),
        instances: z
          .array(z.object({ problems: z.array(z.object({ message: z.string().optional() })).nullish() }))
          .nullish(),
      }),
    )
    .nullish(),
});
type PlanDocument = z.infer<typeof planSchema>;

/**
 * Reads the output of `terraform show -json <plan>`.
 * @throws PlanFormatError when it isn't a plan that this project can read
 */
export function readPlan(text: string): TerraformPlan {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new PlanFormatError("it is not JSON");
  }
  const result = planSchema.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new PlanFormatError(issue ? `${issue.path.join(".")}: ${issue.message}` : "it has another structure");
  }
  const { resource_changes: resources, output_changes: outputs, action_invocations: actions } = result.data;
  const incomplete = incompleteReason(result.data);
  return {
    changes: (resources ?? []).filter(({ mode }) => mode === "managed").map(changeOf),
    outputs: Object.entries(outputs ?? {})
      .filter(([, value]) => value.actions.some((action) => action !== "no-op"))
      .map(([name]) => name),
    actions: (actions ?? []).map(({ address, type, lifecycle_action_trigger: trigger }) => ({
      address: textWithoutSecrets(address),
      type,
      trigger: trigger
        ? textWithoutSecrets(
            `${trigger.action_trigger_event ?? "an event"} of ${trigger.triggering_resource_address ?? "a resource"}`,
          )
        : "the command line",
    })),
    failedChecks: failedChecksOf(result.data),
    unread: unreadOf(parsed).map(textWithoutSecrets),
    ...(incomplete !== undefined && { incomplete }),
  };
}

function changeOf(resource: z.infer<typeof resourceChange>): Change {
  const { address, previous_address: previousAddress, type, change, deposed, action_reason: reason } = resource;
  const moved = previousAddress !== undefined && previousAddress !== address;
  const imported = change.importing !== undefined && change.importing !== null;
  const kind = kindOf(change.actions);
  return {
    // The key of a `for_each` resource may hold any text, also a secret.
    address: textWithoutSecrets(address),
    // The provider has two names for each load balancer resource: aws_lb and aws_alb.
    type: type.replace(/^aws_alb(?=_|$)/, "aws_lb"),
    kind: kind !== "none" ? kind : imported ? "import" : moved ? "move" : kind,
    createsFirst: change.actions[0] === "create",
    before: nullIfAbsent(change.before),
    after: nullIfAbsent(change.after),
    afterUnknown: change.after_unknown ?? false,
    beforeSensitive: change.before_sensitive ?? false,
    afterSensitive: change.after_sensitive ?? false,
    replacePaths: change.replace_paths ?? [],
    ...(moved && { previousAddress: textWithoutSecrets(previousAddress) }),
    imported,
    ...(deposed !== undefined && deposed !== "" && { deposed }),
    ...(reason !== undefined && { reason }),
  };
}

function incompleteReason(plan: PlanDocument): string | undefined {
  const { complete = true, errored = false, deferred_changes: changes, deferred_action_invocations: actions } = plan;
  const deferred = [
    ...(changes ?? []).map(({ reason, resource_change: { address } }) => ({ reason, address })),
    ...(actions ?? []).map(({ reason, action_invocation: { address } }) => ({ reason, address })),
  ];
  const names = deferred.map(({ reason, address }) => (reason === undefined ? address : `${address} (${reason})`));
  if (names.length > 0) return textWithoutSecrets(`Terraform deferred ${names.join(", ")}`);
  if (errored) return "Terraform found errors while planning";
  return complete ? undefined : "Terraform marks its plan as incomplete";
}

/** Checks that fail or end with an error. A check that is only known after apply is left out. */
function failedChecksOf({ checks }: PlanDocument): readonly FailedCheck[] {
  return (checks ?? [])
    .filter(({ status }) => status === "fail" || status === "error")
    .map(({ address, instances }) => {
      const messages = (instances ?? [])
        .flatMap(({ problems }) => problems ?? [])
        .flatMap(({ message }) => message ?? []);
      return {
        address: address?.to_display ?? "a check",
        says: textWithoutSecrets(messages.join("; ")) || "it gives no reason",
      };
    });
}

/** Terraform omits a missing side, or writes null. */
function nullIfAbsent(value: Json | undefined): Json {
  return value ?? null;
}

/** The kind of change that Terraform's list of actions stands for; create and delete in either order are a replacement. */
function kindOf(actions: readonly string[]): ChangeKind {
  if (actions.includes("create")) return actions.length > 1 ? "replace" : "create";
  if (actions.includes("delete")) return "delete";
  if (actions.includes("update")) return "update";
  return actions.includes("forget") ? "forget" : "none";
}
