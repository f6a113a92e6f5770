import { isUtf8 } from "node:buffer";
import { bodyParser } from "@koa/bodyparser";
import type { Context, Middleware } from "koa";
import { Problem } from "./problem";

/** Largest uncompressed request body, in bytes: many times the largest task. */
export const BODY_LIMIT_BYTES = 64 * 1024;

const TYPE = "application/json";
const CODINGS = ["gzip", "deflate", "br"];

function unreadable(message: string): Problem {
  return new Problem(400, { detail: "The body cannot be read.", errors: [{ field: "body", message }] });
}

const NO_OBJECT = unreadable("must be a JSON object");

function refuse(error: Error, ctx: Context): never {
  if (!("status" in error) || error.status !== 413) throw NO_OBJECT;
  // Reads and discards the rest of the body. Otherwise the connection of a client that still sends would be reset, and the client
  // would lose the response. The request timeout limits this.
  ctx.req.unpipe().resume();
  throw new Problem(413, { detail: `The body may have at most ${BODY_LIMIT_BYTES} bytes.` });
}

// The parser decompresses the body and checks its size. It replaces invalid UTF-8 by U+FFFD. So it decodes as Latin-1, which
// keeps each byte as one character, and `objectOf` checks the UTF-8.
const readBytes = bodyParser({
  enableTypes: ["text"],
  extendTypes: { text: [TYPE] },
  textLimit: BODY_LIMIT_BYTES,
  encoding: "latin1",
  onError: refuse,
});

/**
 * Checks the headers that describe the body.
 * @throws Problem 415
 */
function checkHeaders(ctx: Context): void {
  const { charset } = ctx.request;
  if (ctx.request.is(TYPE) === false || (charset !== "" && charset.toLowerCase() !== "utf-8")) {
    throw new Problem(415, {
      detail: `Send the body as ${TYPE}, in UTF-8.`,
      headers: { [ctx.method === "PATCH" ? "Accept-Patch" : "Accept-Post"]: TYPE },
    });
  }
  const coding = ctx.get("Content-Encoding").toLowerCase();
  if (coding === "") return;
  if (coding !== "identity" && !CODINGS.includes(coding)) {
    throw new Problem(415, {
      detail: "Send the body without Content-Encoding, or as gzip, deflate or br.",
      headers: { "Accept-Encoding": CODINGS.join(", ") },
    });
  }
  // The parser supports them only in lower case.
  ctx.req.headers["content-encoding"] = coding;
}

/**
 * Parses the body as a JSON object.
 * @param body one character for each byte; no text when there is no body
 * @throws Problem 400
 */
function objectOf(body: unknown): object {
  if (typeof body !== "string" || body === "") return {};
  const bytes = Buffer.from(body, "latin1");
  if (!isUtf8(bytes)) throw unreadable("must be UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw NO_OBJECT;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw NO_OBJECT;
  return value;
}

/**
 * Reads a JSON object into `ctx.request.body`. Without a body, it is an empty object.
 * @throws Problem 400, 413 or 415
 */
export const jsonBody: Middleware = (ctx, next) => {
  checkHeaders(ctx);
  return readBytes(ctx, () => {
    ctx.request.body = objectOf(ctx.request.body);
    return next();
  });
};
