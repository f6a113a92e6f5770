import { createHash } from "node:crypto";
import { eventId } from "../../ecs/identifiers";

/** A UUID that depends on `seed` alone: what has no id in the local cloud gets one that stays the same. */
export function uuidOf(seed: string): string {
  return eventId(seed);
}

/** Ten digits that depend on `seed` alone. */
export function numberOf(seed: string): string {
  const number = Number.parseInt(createHash("sha256").update(seed).digest("hex").slice(0, 8), 16);
  return String(number).padStart(10, "0");
}
