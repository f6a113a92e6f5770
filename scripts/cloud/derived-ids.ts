import { createHash } from "node:crypto";

/**
 * A UUID that depends on `seed` alone, so that an object without an id in the local cloud gets the same one each time.
 */
export function uuidOf(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/**
 * The ARN of a listener's default rule, e.g. `arn:…:listener-rule/app/<name>/<id>/<listener id>/<rule id>`. Its id depends
 * on the listener's ARN alone.
 */
export function defaultRuleArn(listenerArn: string): string {
  const id = createHash("sha256").update(listenerArn).digest("hex").slice(0, 16);
  return `${listenerArn.replace(":listener/", ":listener-rule/")}/${id}`;
}

/** Ten digits that depend on `seed` alone. */
export function numberOf(seed: string): string {
  const number = Number.parseInt(createHash("sha256").update(seed).digest("hex").slice(0, 8), 16);
  return String(number).padStart(10, "0");
}
