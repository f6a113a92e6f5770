import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ConfigError, type PredefinedStrategy } from "../../stacks/config";

const object = z.looseObject({});
const contextSchema = z.looseObject({ environments: z.record(z.string(), object).optional() });
const cdktfJsonSchema = z.looseObject({ context: z.unknown() });

/** What a rehearsal may have otherwise than configured; what is undefined stays as it is. */
export interface DeliveryOverrides {
  readonly strategy?: PredefinedStrategy | undefined;
  /** The probe after test traffic. */
  readonly hook?: boolean | undefined;
}

/**
 * The configuration context with these keys of one environment's `delivery` replaced, everything else as it was. Pure;
 * what is wrong with the rest is left for the configuration's own schema to say.
 */
export function withDelivery(context: unknown, environment: string, overrides: DeliveryOverrides): unknown {
  const parsed = contextSchema.safeParse(context);
  if (!parsed.success) return context;
  const settings = parsed.data.environments?.[environment];
  if (!settings) return context;
  const delivery = object.safeParse(settings["delivery"] ?? {});
  if (!delivery.success) return context;
  const replaced = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  return {
    ...parsed.data,
    environments: {
      ...parsed.data.environments,
      [environment]: { ...settings, delivery: { ...delivery.data, ...replaced } },
    },
  };
}

/**
 * The context that the configuration is read from: `CDKTF_CONTEXT_JSON` where it is set, else cdktf.json's.
 * @throws ConfigError when it cannot be read or is not JSON
 */
export function readContext(directory: string, variables: NodeJS.ProcessEnv): unknown {
  const inherited = variables["CDKTF_CONTEXT_JSON"];
  const file = path.join(directory, "cdktf.json");
  try {
    if (inherited) return JSON.parse(inherited) as unknown;
    return cdktfJsonSchema.parse(JSON.parse(readFileSync(file, "utf8"))).context;
  } catch (error) {
    const where = inherited ? "CDKTF_CONTEXT_JSON" : file;
    const what = error instanceof z.ZodError ? "not an object" : error instanceof Error ? error.message : String(error);
    throw new ConfigError([`${where}: ${what}; it must be there and be JSON`]);
  }
}
