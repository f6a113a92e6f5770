import { randomUUID } from "node:crypto";
import { z } from "zod";

/** Header with the request's id, in requests and responses. */
export const REQUEST_ID_HEADER = "x-request-id";

const ACCEPTABLE = /^[\w.:=/+-]{1,128}$/;

/** A client's request id that the service accepts. */
export const requestIdSchema = z.string().regex(ACCEPTABLE);

/** The client's request id, when it is valid for logs and headers; else a new id. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && ACCEPTABLE.test(header) ? header : randomUUID();
}
