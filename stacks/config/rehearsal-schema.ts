import { z } from "zod";
import { relativePath } from "./paths";
import { requestShape } from "./request-schema";
import { integer, list, number, object, oneOf, text } from "./rules";

const MAX_REQUESTS = 100;
const MAX_COMMANDS = 20;
const COMMAND = 'a list of a program and its arguments, such as ["python3", "server.py"]';

const command = z
  .array(
    text("a text", () => true),
    { error: COMMAND },
  )
  .refine(([program = ""]) => program.trim() !== "", { error: COMMAND });

const variables = z.record(
  z.string(),
  text("a string", () => true),
  { error: "an object of variable names and strings" },
);

/**
 * What is ready: `host:port` when it accepts a connection, a URL when it answers with a status below 500.
 * @returns undefined when it is neither
 */
export function readinessOf(
  ready: string,
):
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "http"; readonly url: URL }
  | undefined {
  if (/^https?:\/\//.test(ready)) {
    const url = URL.canParse(ready) ? new URL(ready) : undefined;
    return url === undefined || url.username !== "" || url.password !== "" ? undefined : { kind: "http", url };
  }
  const [, ipv6, name, port = ""] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):([1-9]\d{0,4})$/i.exec(ready) ?? [];
  const host = ipv6 ?? name;
  return host === undefined || Number(port) > 65_535 ? undefined : { kind: "tcp", host, port: Number(port) };
}

/**
 * `rehearsal` in the configuration: how the service runs on this machine, in `npm run rehearse` and `npm run cloud`, and what
 * requests it gets. Nothing of it reaches AWS.
 */
export const rehearsalSchema = object({
  /**
   * Program and arguments, started in `service.source`. It must listen on the port in the variable PORT. Default: a bundle of
   * `<source>/src/server.ts`. With `--runtime docker`, the image runs instead.
   */
  command: command.optional(),
  /** Variables of the service, over `service.environment` and `service.secrets`. */
  environment: variables,
  /**
   * The requests of the traffic. Templates may also be `${counter}`, a number that is different in each request. A request that
   * refers to an earlier answer is sent once there is one.
   */
  requests: list(
    object({
      ...requestShape,
      /** Share of this request, relative to the others; default: 1. */
      weight: number("a number greater than 0, 1000 at most", (value) => value > 0 && value <= 1000).optional(),
    }),
    MAX_REQUESTS,
    "a list of at least one request",
  )
    .min(1, { error: "a list of at least one request" })
    .optional(),
  /** A TypeScript or JavaScript module instead of `requests`. It plans the requests and judges the answers. */
  module: relativePath("a module such as orders/traffic.ts", (value) => /\.[cm]?[jt]s$/.test(value)).optional(),
  /**
   * What is started, or waited for, before the service, in this order. A command with `ready` goes on running, and is ended with
   * the rehearsal. A command without `ready` must end with exit code 0.
   */
  before: list(
    object({
      command: command.optional(),
      environment: variables.optional(),
      ready: text(
        "an address such as 127.0.0.1:5432, or a URL with http:// or https:// and without a password",
        (value) => readinessOf(value) !== undefined,
      ).optional(),
      /** Default: 60 seconds of wall time. */
      readyTimeoutSeconds: integer(1, 3600).optional(),
    }),
    MAX_COMMANDS,
    "a list of objects of command, ready or both",
  ),
  /** Who plays the faults of `--fault`: the local cloud, or the service by its variable SIMULATE, as `api/` does. */
  faults: oneOf("cloud", "service"),
});

/** A request of the rehearsal's traffic. */
export type RehearsalRequest = NonNullable<z.infer<typeof rehearsalSchema>["requests"]>[number];
