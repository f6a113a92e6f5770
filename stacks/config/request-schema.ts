import { z } from "zod";
import { list, number, object, oneOf, text } from "./rules";

/** What templates can refer to besides the answers of earlier requests, by the list that the requests stand in. */
export const TEMPLATE_NAMES = { rehearsal: ["counter", "uuid"], probe: ["title", "uuid"] } as const;

/** Names that a request can't have: templates would not know what they mean. */
const RESERVED_NAMES: readonly string[] = Object.values(TEMPLATE_NAMES).flat();

/** The characters of a path and a query, when the templates are taken out. */
const PATH = /^\/(?!\/)[\w\-./~%?&=+:@!$*'(),;[\]]*$/;

const STATUSES = "an HTTP status from 200 to 599, or a list of different ones";
const status = number(STATUSES, (value) => Number.isInteger(value) && value >= 200 && value <= 599);

/**
 * A request to the service, as `rehearsal.requests` and `delivery.probe` list them. `path`, the values of `headers` and the texts
 * in `body` may have templates: `${uuid}`, or `${<name>.<field>}` for a field of the JSON answer to an earlier request.
 * `$${` stands for the text `${`.
 */
export const requestShape = {
  /** Name in reports and in templates; default: method and path. */
  name: text(
    `at most 60 letters, digits, spaces, - and _, starting with a letter, but not ${RESERVED_NAMES.join(", ")}`,
    (value) => /^[A-Za-z](?:[\w -]{0,58}[\w-])?$/.test(value) && !RESERVED_NAMES.includes(value),
  ).optional(),
  method: oneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
  /** Path and query. Values of templates are percent-encoded. */
  path: text("a path that starts with one /, and may have a query", (value) =>
    PATH.test(value.replaceAll(/\$?\$\{[^{}]*\}/g, "x")),
  ),
  headers: z
    .record(
      z.string(),
      text("one line of printable ASCII characters", (value) => /^[\u0020-\u007E]*$/.test(value)),
      { error: "an object of header names and texts" },
    )
    .optional(),
  /** A text is sent as it is (set content-type in `headers`), anything else as JSON. */
  body: z.unknown().optional(),
  /** The statuses of a good answer; default: any below 400. */
  expect: z
    .union(
      [
        status,
        z
          .array(status, { error: STATUSES })
          .min(1, { error: STATUSES })
          .refine((statuses) => new Set(statuses).size === statuses.length, { error: STATUSES }),
      ],
      { error: STATUSES },
    )
    .optional(),
};

/**
 * Largest number of requests of a probe: each has 20 seconds of the function's time, which is 900 seconds at most
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html).
 */
const MAX_PROBE_REQUESTS = 40;

/** `delivery.probe` in the configuration. */
export const probeSchema = list(
  object({
    ...requestShape,
    /** Fields that the JSON answer must have, with these values. Other fields of the answer don't matter. */
    expectBody: z.record(z.string(), z.unknown(), { error: "an object of fields and their values" }).optional(),
    /** Also sent after a failure, to clean up; default: false. It is left out while its templates have no value. */
    always: z.boolean({ error: "true or false" }).optional(),
  }),
  MAX_PROBE_REQUESTS,
  "a list of requests",
);

/** A request of the probe. */
export type ProbeStep = z.infer<typeof probeSchema>[number];
