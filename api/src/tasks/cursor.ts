import { createHash } from "node:crypto";
import { isTaskId } from "./task";

/** The position of the last task of a page. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** Detects damaged cursors. It is no protection: everybody can compute it. A cursor contains nothing that the page doesn't. */
function checksum(payload: string): string {
  return createHash("sha256").update(`tasks cursor ${payload}`).digest("base64url").slice(0, 8);
}

/** Whether the text has exactly the format of a task's times. DynamoDB fails with a 5xx for some other texts. */
function isTimestamp(text: string): boolean {
  const milliseconds = Date.parse(text);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString() === text;
}

/** Encodes a position as an opaque text for a query string. */
export function encodeCursor({ createdAt, id }: Position): string {
  const payload = Buffer.from(`${createdAt} ${id}`).toString("base64url");
  return payload + checksum(payload);
}

/** Decodes a cursor of encodeCursor; undefined for any other text. */
export function decodeCursor(cursor: string): Position | undefined {
  const payload = cursor.slice(0, -8);
  if (cursor.slice(-8) !== checksum(payload)) return undefined;
  const [createdAt, id, ...more] = Buffer.from(payload, "base64url").toString().split(" ");
  if (createdAt === undefined || id === undefined || more.length > 0) return undefined;
  return isTimestamp(createdAt) && isTaskId(id) ? { createdAt, id } : undefined;
}
