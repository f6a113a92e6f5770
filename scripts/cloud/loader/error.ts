import type { z } from "zod";

/** The local cloud cannot use the synthesized stacks. The message names the stack, the address and what to do. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TemplateError";
  }
}

/** The issues of a zod error in one line: `path: message; path: message`. */
export function problemsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`).join("; ");
}
