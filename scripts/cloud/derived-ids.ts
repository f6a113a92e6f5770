import { createHash } from "node:crypto";

/**
 * A UUID that depends on `seed` alone, so that an object without an id in the local cloud gets the same one each time.
 */
export function uuidOf(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** Ten digits that depend on `seed` alone. */
export function numberOf(seed: string): string {
  const number = Number.parseInt(createHash("sha256").update(seed).digest("hex").slice(0, 8), 16);
  return String(number).padStart(10, "0");
}
