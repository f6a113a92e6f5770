import { z } from "zod";
import { formatCidr, networkOf, parseCidr, unusable } from "./cidr";
import { quotedList } from "./problems";

/**
 * Retention times of CloudWatch Logs, in days
 * (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).
 */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The form of a region's name, which future regions will have too. */
const REGION = /^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/;

// The building blocks of the schema. Each has one text that describes what is allowed. Any problem of the value then reads
// `<key path>: <value> is not allowed; must be <that text>`.

/** A whole number from `min` to `max`, both included; `why` is appended to the text of what is allowed. */
export function integer(min: number, max: number, why?: string): z.ZodType<number> {
  const allowed = `a whole number from ${min} to ${max}${why === undefined ? "" : ` (${why})`}`;
  return z
    .number({ error: allowed })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, { error: allowed });
}

/** A number that passes `accept`. */
export function number(allowed: string, accept: (value: number) => boolean): z.ZodType<number> {
  return z.number({ error: allowed }).refine(accept, { error: allowed });
}

/** A string that passes `accept`. */
export function text(allowed: string, accept: (value: string) => boolean): z.ZodType<string> {
  return z.string({ error: allowed }).refine(accept, { error: allowed });
}

/** True or false. */
export const flag = z.boolean({ error: "true or false" });

/** One of `values`. */
export function oneOf<const T extends string>(...values: readonly [T, ...T[]]): z.ZodType<T> {
  return z.enum(values, { error: quotedList(values) });
}

/** An object with these keys and no others. */
export function object<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, { error: "an object" });
}

/** A TCP port. */
export const port = integer(1, 65_535);

/** Days that CloudWatch Logs keeps log events. */
export const retentionDays = number(`one of CloudWatch's retention times: ${RETENTION_DAYS.join(", ")} days`, (days) =>
  RETENTION_DAYS.includes(days),
);

/** The name of an AWS region. The region checks find out whether the region exists. */
export const region = text("an AWS region such as eu-central-1", (value) => REGION.test(value));

const KMS_KEY = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;

/** An ARN of a KMS key. An alias is not allowed, because policies name keys. */
export const kmsKeyArn = text("a KMS key's ARN such as arn:aws:kms:eu-central-1:123456789012:key/…", (value) =>
  KMS_KEY.test(value),
);

/** An IPv4 range, written with its first address, whose prefix length passes `accept`. */
export function cidr(allowed: string, accept: (bits: number) => boolean) {
  return z.string({ error: allowed }).superRefine((value, context) => {
    const parsed = parseCidr(value);
    const wrong = (message: string) => context.addIssue({ code: "custom", message });
    if (!parsed || !accept(parsed.bits)) return wrong(allowed);
    const { address } = networkOf(parsed);
    if (address !== parsed.address) return wrong(`the first address of its range: ${formatCidr(networkOf(parsed))}`);
    const reserved = unusable(parsed);
    return reserved === undefined ? undefined : wrong(`outside of ${reserved}, which AWS's networks don't use`);
  });
}

/** A list of at most `max` items. */
export function list<T extends z.ZodType>(item: T, max: number, allowed: string) {
  return z.array(item, { error: allowed }).max(max, { error: `${allowed}, ${max} at most` });
}

/** A list of at least `min` different items. */
export function listOfUnique<T extends z.ZodType<string>>(item: T, min: number, allowed: string) {
  return z
    .array(item, { error: allowed })
    .min(min, { error: allowed })
    .refine((values) => new Set(values).size === values.length, { error: "without repetitions" });
}
