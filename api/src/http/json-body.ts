import { bodyParser } from "@koa/bodyparser";
import type { Middleware } from "koa";
import { Problem } from "./problem";

/** Largest request body, in bytes: many times the largest task. */
export const BODY_LIMIT_BYTES = 64 * 1024;

function refuse(error: Error): never {
  const status = "status" in error ? error.status : undefined;
  // The rest of the body was not read: the connection cannot be used again.
  const headers = { Connection: "close" };
  if (status === 413) {
    throw new Problem(413, { detail: `The body may have at most ${BODY_LIMIT_BYTES} bytes.`, headers });
  }
  if (status === 415)
    throw new Problem(415, { detail: "Send the body without Content-Encoding, or as gzip.", headers });
  throw new Problem(400, {
    detail: "The body cannot be read.",
    errors: [{ field: "body", message: "must be a JSON object" }],
  });
}

const parse = bodyParser({ enableTypes: ["json"], jsonLimit: BODY_LIMIT_BYTES, onError: refuse });

/**
 * Reads a JSON body into `ctx.request.body`; no body reads as an empty object.
 * @throws Problem 400, 413 or 415
 */
export const jsonBody: Middleware = (ctx, next) => {
  if (ctx.request.is("application/json") === false) {
    throw new Problem(415, {
      detail: "Send the body as application/json.",
      headers: { "Accept-Post": "application/json" },
    });
  }
  return parse(ctx, next);
};
