import { z } from "zod";
import { jsonOrUndefined } from "../command/json-text";

/** Content of a Terraform state lock. */
const lockSchema = z.object({
  ID: z.string(),
  Operation: z.string().default(""),
  Who: z.string().default(""),
  Created: z.string().default(""),
});

/**
 * Describes who holds the lock of a state. Pure.
 * @param text content of the lock file
 * @returns `id` for `terraform force-unlock`, absent when the file has no usable one
 */
export function describeLock(text: string): { readonly id?: string; readonly holder: string } {
  const parsed = lockSchema.safeParse(jsonOrUndefined(text));
  if (!parsed.success) return { holder: "an unknown user (the lock can't be read)" };
  const [ID, Operation, Who, Created] = [
    parsed.data.ID,
    parsed.data.Operation,
    parsed.data.Who,
    parsed.data.Created,
  ].map(
    // Everybody who can write to the bucket can write this text, so control characters must not reach the terminal.
    (part) => part.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim(),
  ) as [string, string, string, string];
  const operation = Operation.replace(/^OperationType/, "").toLowerCase();
  const parts = [Who || "an unknown user", operation && `with terraform ${operation}`, Created && `since ${Created}`];
  // People copy the id as part of a command, so nothing else may be in it.
  const isId = /^[\w.-]+$/.test(ID);
  return { ...(isId && { id: ID }), holder: parts.filter((part) => part !== "").join(" ") };
}
