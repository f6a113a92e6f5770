import { createHash } from "node:crypto";
import { isTaskId } from "./task";

/** Where a page ended: the last task on it. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** Found out, not kept secret: a position tells nothing that the page itself did not. */
function checksum(payload: string): string {
  return createHash("sha256").update(`tasks cursor ${payload}`).digest("base64url").slice(0, 8);
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
  const [createdAt, id] = Buffer.from(payload, "base64url").toString().split(" ");
  if (createdAt === undefined || id === undefined || !isTaskId(id)) return undefined;
  return { createdAt, id };
}
