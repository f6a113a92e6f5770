import { createHash } from "node:crypto";
import { isTaskId } from "./task";

/** Where a page ended: the last task on it. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** Finds slips, keeps no secret: a position tells nothing that the page itself did not. Anyone can compute it. */
function checksum(payload: string): string {
  return createHash("sha256").update(`tasks cursor ${payload}`).digest("base64url").slice(0, 8);
}

/** True for a time as tasks have it, to the letter. DynamoDB fails on some other texts, and each failure is a 5xx. */
function isTimestamp(text: string): boolean {
  const milliseconds = Date.parse(text);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString() === text;
}

/** Writes a position as an opaque text, fit for a query string. */
export function encodeCursor({ createdAt, id }: Position): string {
  const payload = Buffer.from(`${createdAt} ${id}`).toString("base64url");
  return payload + checksum(payload);
}

/** Reads a cursor made by encodeCursor; undefined for any other text. */
export function decodeCursor(cursor: string): Position | undefined {
  const payload = cursor.slice(0, -8);
  if (cursor.slice(-8) !== checksum(payload)) return undefined;
  const [createdAt, id, ...more] = Buffer.from(payload, "base64url").toString().split(" ");
  if (createdAt === undefined || id === undefined || more.length > 0) return undefined;
  return isTimestamp(createdAt) && isTaskId(id) ? { createdAt, id } : undefined;
}
