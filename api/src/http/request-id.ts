import { randomUUID } from "node:crypto";
import { z } from "zod";

/** Header that carries the request's id, in and out. */
export const REQUEST_ID_HEADER = "x-request-id";

const ACCEPTABLE = /^[\w.:=/+-]{1,128}$/;

/** A request id that is taken over from the client. */
export const requestIdSchema = z.string().regex(ACCEPTABLE);

/** The id a request came with, when it is fit for a log line and a header; else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && ACCEPTABLE.test(header) ? header : randomUUID();
}
