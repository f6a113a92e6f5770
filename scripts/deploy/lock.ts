import { z } from "zod";
import { jsonOrUndefined } from "../command/json-text";

/** What Terraform writes into the lock of a state. */
const lockSchema = z.object({
  ID: z.string(),
  Operation: z.string().default(""),
  Who: z.string().default(""),
  Created: z.string().default(""),
});

/**
 * Who holds the lock of a state, in words. Pure.
 * @param text the lock's file, as Terraform writes it
 */
export function lockInWords(text: string): { readonly id?: string; readonly holder: string } {
  const parsed = lockSchema.safeParse(jsonOrUndefined(text));
  if (!parsed.success) return { holder: "somebody (the lock can't be read)" };
  const [ID, Operation, Who, Created] = [
    parsed.data.ID,
    parsed.data.Operation,
    parsed.data.Who,
    parsed.data.Created,
  ].map(
    // Who can write into the bucket must not write onto somebody's terminal.
    (part) => part.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim(),
  ) as [string, string, string, string];
  const operation = Operation.replace(/^OperationType/, "").toLowerCase();
  const parts = [Who || "somebody", operation && `with terraform ${operation}`, Created && `since ${Created}`];
  // It becomes part of a command that people copy.
  const isId = /^[\w.-]+$/.test(ID);
  return { ...(isId && { id: ID }), holder: parts.filter((part) => part !== "").join(" ") };
}
